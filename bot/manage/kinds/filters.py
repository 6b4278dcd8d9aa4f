"""Traffic filters: an address or network, pages, a country. They act on new traffic only, and for good."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.manage.account import Account
from bot.manage.change import Change, KindName, Owner, Risk, Thing, Verb, Wanted
from bot.manage.kinds.owned import has_drifted, owner_by_mark
from bot.manage.kinds.present import raw_of
from bot.manage.memory import Memory
from bot.manage.wishes import FilterType, FilterWish, Given, Managed
from bot.pirsch.answers.owned import Filter
from bot.pirsch.errors import Unaskable
from bot.pirsch.filters import normalised
from bot.pirsch.ids import FilterId

DROPS = "what it keeps out is not counted, also not later"


class Filters:
    """Keys are "ip 203.0.113.7"; fields are type, filter and note. The description also holds the mark."""

    name = KindName.FILTER
    readable = True

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return a filter for each literal, and for each address that a source stands for now."""
        found: dict[str, Wanted] = {}
        for wish in managed.filters:
            if wish.until is not None and wish.until < given.today:
                continue
            for one in _wanted(wish, given):
                found.setdefault(one.key, one)
        return tuple(found.values())

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return all filters, those on hostnames among them."""
        return [self._thing(one, account, memory) for one in account.filters.of(account.domain)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """Type and value are the key; what somebody else wrote beside a filter of his is his."""
        if thing.owner is not Owner.OURS:
            return ()
        return [name for name in ("note",) if wanted.fields.get(name, "") != thing.fields.get(name)]

    def judged(self, change: Change) -> Change:
        """A new filter loses traffic; taking one away or renaming it loses nothing."""
        if change.verb is Verb.CREATE:
            return replace(change, risk=Risk.HIGH, warnings=(*change.warnings, DROPS))
        return change

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Make one unless an equal one is there, write a note, or take one away."""
        after = change.after or {}
        if present is None:
            note = account.mark.put(str(after["note"]))
            made = account.filters.create(account.domain, str(after["type"]), str(after["filter"]), note)
            return made.value.id if made.created else None
        if change.verb is Verb.DELETE:
            account.filters.delete(FilterId(present.id or ""))
            return present.id
        filter = replace(raw_of(present, Filter), description=account.mark.put(str(after["note"])))
        return account.filters.update(account.domain, filter).id

    def _thing(self, one: Filter, account: Account, memory: Memory) -> Thing:
        remembered = memory.of(self.name, one.id)
        note, owner, unmarked = owner_by_mark(account.mark, one.description, remembered)
        value = _canonical(one.type, one.filter)
        fields = {"type": one.type, "filter": value, "note": note}
        return Thing(
            kind=self.name,
            key=key_of(one.type, value),
            fields=fields,
            id=one.id,
            owner=owner,
            origin=remembered.origin if remembered else "",
            drifted=unmarked or has_drifted(fields, remembered),
            raw=one,
        )


def key_of(type: str, value: str) -> str:
    """Return what makes two filters one."""
    return f"{type} {value}"


def _wanted(wish: FilterWish, given: Given) -> Iterator[Wanted]:
    values = (wish.source,) if wish.literal else given.resolved.get(wish.source, ())
    for one in values:
        value = _canonical(wish.type, one.upper() if wish.type is FilterType.COUNTRY else one)
        yield Wanted(
            kind=KindName.FILTER,
            key=key_of(wish.type, value),
            fields={"type": str(wish.type), "filter": value, "note": wish.note},
            why=wish.place if wish.literal else f"{wish.place}: {wish.source}",
            origin="" if wish.literal else wish.source,
        )


def _canonical(type: str, value: str) -> str:
    """The form in which equal filters are the same text; what is no address stays as it is."""
    try:
        return normalised(type, value)
    except Unaskable:
        return value.strip()
