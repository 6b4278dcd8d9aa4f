"""What takes the place of what: where a change can only be a new object and the end of the old one. Pure.

How often a report is sent and where a webhook goes cannot be changed at Pirsch. So the new one is made first,
with all that nobody names as it was in the old one; and the old one stays until the new one is there.
"""

from collections.abc import Collection, Mapping, Sequence

from bot.manage.change import Change, Fields, KindName, Thing, Verb, Wanted

SAME: Mapping[KindName, str] = {KindName.REPORT: "to", KindName.WEBHOOK: "event"}
"""By kind, the field in which the new object and the old one agree."""

Kin = tuple[KindName, str]


def kin(kind: KindName, fields: Fields | None) -> Kin | None:
    """Return what an object shares with the one that takes its place; None where none does."""
    name = SAME.get(kind)
    return None if name is None else (kind, str((fields or {}).get(name)).casefold())


def inherited(wanted: Wanted, going: Sequence[Thing]) -> Fields:
    """Return the fields of the one object that goes as this one comes; nothing when there is no such one."""
    mine = kin(wanted.kind, wanted.fields)
    before = [one for one in going if mine is not None and kin(one.kind, one.fields) == mine]
    return before[0].fields if len(before) == 1 else {}


def coming(changes: Collection[Change]) -> set[Kin]:
    """Return whose successors a plan makes."""
    found = (kin(one.kind, one.after) for one in changes if one.verb is Verb.CREATE)
    return {one for one in found if one is not None}
