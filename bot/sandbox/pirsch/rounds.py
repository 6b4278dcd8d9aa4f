"""What Pirsch does by itself as time passes: webhooks, reached goals, spike and warning mails, reports."""

import threading
from datetime import datetime, timedelta

from bot.sandbox.pirsch import period, selection
from bot.sandbox.pirsch.account import Account, Switch
from bot.sandbox.pirsch.calls.outward import next_report
from bot.sandbox.pirsch.documents import Document, moment
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.statistics import goals
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.webhooks import Postman

MUTED = timedelta(hours=12)  # after a spike mail, and between two warnings
_JUDGED_EVERY = timedelta(minutes=10)


class Rounds:
    """Catches up with the clock, from where it was the last time."""

    def __init__(self, account: Account, postman: Postman) -> None:
        self._account, self._postman = account, postman
        self._lock = threading.Lock()
        self._told_until = self._judged_at = account.clock()

    def catch_up(self) -> None:
        """Do what became due since the last time."""
        with self._lock:
            self._catch_up(send=True)

    def advance(self, length: timedelta, *, send: bool = True) -> None:
        """Move the clock and do what becomes due. Without `send`, the events in between reach no webhook."""
        with self._lock:  # or else the regular round could come between, and send after all
            self._catch_up(send=True)
            self._account.clock.advance(length)
            self._catch_up(send=send)

    def _catch_up(self, *, send: bool) -> None:
        since, now = self._told_until, self._account.clock()
        self._told_until = now
        domains = [(one, self._account.records[one.id]) for one in self._account.shelves["domain"]]
        if send:
            for domain, record in domains:
                self._tell(domain, record, since, now)
        if now - self._judged_at >= _JUDGED_EVERY:
            for domain, record in domains:
                self._judge(domain, record, self._judged_at, now)
            self._judged_at = now

    def _tell(self, domain: Document, record: Record, since: datetime, now: datetime) -> None:
        first, last = int(since.timestamp()) + 1, int(now.timestamp())
        if first <= last and self._account.shelves["webhook"].of(domain.id):
            self._postman.tell(domain.id, [event for _, event in record.events(first, last + 1)])

    def _judge(self, domain: Document, record: Record, since: datetime, now: datetime) -> None:
        with self._account.lock:
            for goal in self._account.shelves["goal"].of(domain.id):
                self._judge_goal(domain, record, goal, now)
            self._judge_spike(domain, record, since, now)
            self._judge_silence(domain, record, now)
            for report in self._account.shelves["report"].of(domain.id):
                self._send_report(domain, report, now)

    def _judge_goal(self, domain: Document, record: Record, goal: Document, now: datetime) -> None:
        """Mail once and delete, as the goal asks. Counted from the goal's making: the vendor does not say."""
        fields = goal.fields
        if not (fields["email_reached"] or fields["delete_reached"]):
            return
        lived = period.between(int(goal.def_at.timestamp()), int(now.timestamp()) + 1, record.rhythm.zone)
        scope = Scope(record=record, now=now, selection=selection.everything(lived))
        if not goals.met(fields, goals.reached_by(scope, fields)):
            return
        if fields["email_reached"]:
            self._account.mail("goal", domain.id, goal.text("name"))
            fields["email_reached"] = False
        if fields["delete_reached"]:
            goal.locked = False
            self._account.shelves["goal"].drop(goal.id)

    def _judge_spike(self, domain: Document, record: Record, since: datetime, now: datetime) -> None:
        switch = self._account.switch(domain.id, "spike")
        if not switch.on or switch.threshold < 1:
            return
        window = domain.fields["active_visitors_seconds"]
        seconds = window if isinstance(window, int) and window > 0 else 600
        first, last = int(since.timestamp()) - seconds, int(now.timestamp())
        present: dict[int, set[int]] = {}
        for session in record.sessions(first, last + 1, last):
            for view in session.views:
                if view.at >= first:
                    present.setdefault(view.at // seconds, set()).add(session.visitor.visitor_id)
        for slot, visitors in sorted(present.items()):
            at = datetime.fromtimestamp(slot * seconds, now.tzinfo)
            if len(visitors) >= switch.threshold and _speaks(switch, at):
                self._account.mail("spike", domain.id, str(len(visitors)))

    def _judge_silence(self, domain: Document, record: Record, now: datetime) -> None:
        switch = self._account.switch(domain.id, "warning")
        if not switch.on or switch.threshold < 1:
            return
        last = int(now.timestamp())
        since = last - switch.threshold * 86_400
        silent = since >= domain.def_at.timestamp() and not any(record.sessions(since, last + 1, last))
        if silent and _speaks(switch, now):
            self._account.mail("warning", domain.id, str(switch.threshold))

    def _send_report(self, domain: Document, report: Document, now: datetime) -> None:
        due_at = datetime.fromisoformat(report.text("next_report"))
        while due_at <= now:
            self._account.mail("report", domain.id, report.text("email"))
            due_at = next_report(due_at, report.fields["interval"])
        report.fields["next_report"] = moment(due_at)


def _speaks(switch: Switch, at: datetime) -> bool:
    if switch.muted_until is not None and at < switch.muted_until:
        return False
    switch.muted_until = at + MUTED
    return True
