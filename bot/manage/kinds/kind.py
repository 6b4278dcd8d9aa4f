"""What every kind of object promises. The plan, the guard and the apply know nothing else of it."""

from collections.abc import Sequence
from typing import Protocol

from bot.manage.account import Account
from bot.manage.change import Change, KindName, Thing, Wanted
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed


class Kind(Protocol):
    """One kind of object: how it is wanted, read, compared and written. Holds no state."""

    @property
    def name(self) -> KindName:
        """Which kind it is."""

    @property
    def readable(self) -> bool:
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

        Raise PirschError. A creation, which nobody has looked before, looks by itself and returns None when
        such an object is there already. `present` is None for a creation and nothing else.
        """
