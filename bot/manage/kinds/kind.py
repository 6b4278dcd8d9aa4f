"""What every kind of object promises. The plan, the guard and the apply know nothing else of it."""

from collections.abc import Sequence
from typing import Protocol

from bot.manage.account import Account
from bot.manage.change import Change, Fields, KindName, Thing, Wanted
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed


class Kind(Protocol):
    """One kind of object: how it is wanted, read, compared and written. Holds no state."""

    name: KindName
    readable: bool
    """Whether what was written can be read back. What cannot is remembered in the ledger."""

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return what the owner wants (pure). Each key once."""

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return what is there, with one list call at most. Raise PirschError."""

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """Return the names of the fields that would have to change (pure); empty when all is as wanted."""

    def judged(self, change: Change) -> Change:
        """Return a change with its risk and its warnings (pure)."""

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Carry out one change with one writing call, over what was just read. Return the object's id.

        Raise PirschError. A creation looks first, and returns None when somebody had made it already.
        """


def merged(before: Fields, wanted: Fields) -> dict[str, object]:
    """Return an object as it is to be: what is wanted, over what is there."""
    return {**before, **wanted}


def differing(wanted: Fields, before: Fields) -> list[str]:
    """Return the names of wanted fields that are not so."""
    return [name for name, value in wanted.items() if before.get(name) != value]
