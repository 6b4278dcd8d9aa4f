"""Whose an object is, and whether somebody else changed it: the same for every kind."""

from collections.abc import Sequence

from bot.manage.change import Fields, Owner
from bot.manage.fingerprints import same
from bot.manage.marks import Mark
from bot.manage.memory import Remembered


def owner_by_ledger(remembered: Remembered | None) -> Owner:
    """Of an object that has no place for a mark."""
    return Owner.OURS if remembered is not None and remembered.ours else Owner.SOMEBODYS


def owner_by_mark(mark: Mark, description: str, remembered: Remembered | None) -> tuple[str, Owner, bool]:
    """Return the note, whose it is, and whether the mark that we once put is gone."""
    note, owner = mark.read(description)
    if owner is not Owner.SOMEBODYS:
        return note, owner, False
    unmarked = remembered is not None and remembered.ours and not remembered.claimed
    return note, owner_by_ledger(remembered), unmarked


def has_drifted(fields: Fields, remembered: Remembered | None, spent: Sequence[str] = ()) -> bool:
    """Whether an object of ours is not as we wrote it. What Pirsch itself turned back does not count."""
    if remembered is None or not remembered.ours or remembered.fields is None:
        return False
    told = {name: value for name, value in fields.items() if name not in spent}
    return not same(told, remembered.fields)
