"""A wire that makes only some of the calls: for those parts of a program that must not be able to do more."""

from collections.abc import Collection

from bot.http.transport import Pairs
from bot.pirsch.answer import Answer
from bot.pirsch.calls import CALLS
from bot.pirsch.wire import Wire


class OutOfReach(Exception):
    """A call that this part of the program may not make. Nothing was sent; it is a bug."""


class Narrow(Wire):
    """The same wire, with its token and its budget, for the named calls only."""

    def __init__(self, wire: Wire, allowed: Collection[str]) -> None:
        if unknown := set(allowed) - set(CALLS):
            raise ValueError(f"no such calls: {', '.join(sorted(unknown))}")
        self._wire = wire
        self._allowed = frozenset(allowed)
        self.timing = wire.timing

    def ask(self, name: str, params: Pairs = (), body: object = None) -> Answer:
        """Make a call. Raise OutOfReach for one that is not allowed here."""
        if name not in self._allowed:
            raise OutOfReach(f"{name} is not to be called from here")
        return self._wire.ask(name, params, body)

    def close(self) -> None:
        """Leave the connections to the one who opened them."""
