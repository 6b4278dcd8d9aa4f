"""Funnels: two to eight steps, always written whole."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.manage.account import Account
from bot.manage.change import Change, Fields, KindName, Risk, Thing, Verb, Wanted
from bot.manage.fingerprints import canonical
from bot.manage.kinds.owned import has_drifted, owner_by_ledger
from bot.manage.kinds.present import raw_of
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed
from bot.pirsch.answers.owned import Funnel
from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.pirsch.ids import FunnelId


class Funnels:
    """Keys are names; the one field is `steps`: `{"name": …, "filter": {…}}`, in Pirsch's words."""

    name = KindName.FUNNEL
    readable = True

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return the funnels of the file."""
        found = [
            Wanted(kind=self.name, key=one.name, fields={"steps": list(one.steps)}, why=one.place)
            for one in managed.funnels
        ]
        return tuple({one.key: one for one in reversed(found)}.values())

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return all funnels."""
        return [self._thing(one, memory) for one in account.funnels.of(account.domain)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """Steps are compared as a whole, in their order."""
        same = canonical(wanted.fields["steps"]) == canonical(thing.fields["steps"])
        return () if same else ("steps",)

    def judged(self, change: Change) -> Change:
        """A changed funnel tells other numbers from then on, also of the past."""
        return replace(change, risk=Risk.LOW if change.verb is Verb.CREATE else Risk.MIDDLE)

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Make one unless one of that name is there, write the whole, or take one away."""
        if present is None:
            made = account.funnels.create(account.domain, _draft(change))
            return made.value.id if made.created else None
        id = FunnelId(present.id or "")
        if change.verb is Verb.DELETE:
            account.funnels.delete(id)
        else:
            draft = replace(_draft(change), rest=raw_of(present, Funnel).rest)
            account.funnels.update(account.domain, id, draft)
        return id

    def _thing(self, funnel: Funnel, memory: Memory) -> Thing:
        remembered = memory.of(self.name, funnel.id)
        steps = [{"name": one.name, "filter": _told(one.filter)} for one in funnel.steps]
        fields: Fields = {"steps": steps}
        return Thing(
            kind=self.name,
            key=funnel.name,
            fields=fields,
            id=funnel.id,
            owner=owner_by_ledger(remembered),
            drifted=has_drifted(fields, remembered),
            raw=funnel,
        )


def _told(filter: Mapping[str, object]) -> dict[str, object]:
    """What a step asks for; Pirsch also tells the members that ask for nothing."""
    return {name: value for name, value in filter.items() if value}


def _draft(change: Change) -> FunnelDraft:
    steps = (change.after or {})["steps"]
    drafts = [
        StepDraft(name=str(step["name"]), filter=step["filter"])
        for step in (steps if isinstance(steps, Sequence) else ())
    ]
    return FunnelDraft(name=change.key, steps=tuple(drafts))
