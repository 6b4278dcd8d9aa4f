"""Reports by mail, one for each address. Pirsch's list leaves out most flags, so we remember what we wrote.

A flag that neither Pirsch, nor the ledger, nor the file tells would be lost by a write: the guard refuses
such a change.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.manage.account import Account
from bot.manage.change import Change, Fields, KindName, Owner, Risk, Thing, Verb, Wanted
from bot.manage.kinds.owned import has_drifted, owner_by_ledger
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed
from bot.pirsch.answers.owned import Report
from bot.pirsch.ids import ReportId
from bot.pirsch.reports import Every, ReportDraft

FULL: Fields = {
    "reply_to": "",
    "link_to": "",
    "visitor_graph": True,
    "summary": True,
    "top_pages": True,
    "top_referrer": True,
    "top_events": True,
    "hide_dashboard_button": False,
}
"""Every field of a report, and what a new one has when nobody says anything."""

WORDS = ("every day", "every week", "every 2 weeks", "every 3 weeks", "every 4 weeks")


class Reports:
    """Keys are "client@example.com every week": an address may get one report of each kind."""

    name = KindName.REPORT
    readable = True

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return a report for each address."""
        found: dict[str, Wanted] = {}
        for wish in managed.reports:
            for address in wish.to:
                key = key_of(address, wish.every)
                fields = {"to": address, "every": wish.every, **wish.fields}
                one = Wanted(kind=self.name, key=key, fields=fields, when_new=FULL, why=wish.place)
                found.setdefault(key, one)
        return tuple(found.values())

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return all reports, with what the ledger remembers of those that are ours."""
        return [self._thing(one, memory) for one in account.reports.of(account.domain)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """What is not told of somebody else's report is not called different."""
        untold = () if thing.owner is Owner.OURS else [n for n, v in thing.fields.items() if v is None]
        return [
            name
            for name, value in wanted.fields.items()
            if name not in ("to", "every", *untold) and value != thing.fields.get(name)
        ]

    def judged(self, change: Change) -> Change:
        """People get mails by it, or no longer."""
        return replace(change, risk=Risk.LOW if change.verb is Verb.UPDATE else Risk.MIDDLE)

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Have a report sent unless the address gets one as often, write all flags, or end one."""
        if present is None:
            address = str((change.after or {})["to"])
            (made,) = account.reports.create(account.domain, [address], _draft(change))
            return made.value.id if made.created else None
        id = ReportId(present.id or "")
        if change.verb is Verb.DELETE:
            account.reports.delete(id)
        else:
            account.reports.update(account.domain, id, _draft(change))
        return id

    def _thing(self, report: Report, memory: Memory) -> Thing:
        remembered = memory.of(self.name, report.id)
        address = ", ".join(report.emails)
        told: dict[str, object] = {"to": address, "every": report.interval}
        told |= {name: getattr(report, name) for name in FULL}
        known = remembered.fields if remembered is not None and remembered.fields else {}
        filled = {name: known.get(name) if value is None else value for name, value in told.items()}
        return Thing(
            kind=self.name,
            key=key_of(address, report.interval),
            fields=filled,
            id=report.id,
            owner=owner_by_ledger(remembered),
            hands_off="it goes to several addresses at once" if len(report.emails) > 1 else "",
            drifted=has_drifted(told, remembered),
            raw=report,
        )


def key_of(address: str, every: int) -> str:
    """Return what makes two reports one."""
    often = WORDS[every] if 0 <= every < len(WORDS) else f"every {every} weeks"
    return f"{address.casefold()} {often}"


def _draft(change: Change) -> ReportDraft:
    after = change.after or {}
    return ReportDraft(
        every=Every(int(str(after["every"]))),
        reply_to=str(after["reply_to"]),
        link_to=str(after["link_to"]),
        visitor_graph=bool(after["visitor_graph"]),
        summary=bool(after["summary"]),
        top_pages=bool(after["top_pages"]),
        top_referrer=bool(after["top_referrer"]),
        top_events=bool(after["top_events"]),
        hide_dashboard_button=bool(after["hide_dashboard_button"]),
    )
