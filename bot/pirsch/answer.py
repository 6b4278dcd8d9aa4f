"""What Pirsch says to a call that it carried out, before anybody has read it."""

import json
from dataclasses import dataclass, field
from typing import TypeVar

from bot.http import decoding
from bot.pirsch.calls import Call
from bot.pirsch.errors import NotReadable

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Pirsch said to a call that it carried out."""

    call: Call
    body: bytes = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.body.strip()

    def one(self, kind: type[T]) -> T:
        """Read a single value; a list of one will do, because the documents differ there."""
        data = self._json()
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        return self._decoded(kind, data)

    def many(self, kind: type[T]) -> tuple[T, ...]:
        """Read a list, which Pirsch writes as `null` when it is empty; a single value is a list of one.

        An empty body is no empty list: taken for one, it would have us create everything again.
        """
        data = self._json()
        if data is None:
            return ()
        things = data if isinstance(data, list) else [data]
        return tuple(self._decoded(kind, thing, f"[{number}]") for number, thing in enumerate(things))

    def _json(self) -> object:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            what = "is empty" if self.is_empty else "is not JSON"
            raise self._unreadable(f"the answer {what}") from None

    def _decoded(self, kind: type[T], data: object, place: str = "") -> T:
        try:
            return decoding.decode(kind, data, place)
        except decoding.Unfit as error:
            raise self._unreadable(str(error)) from None

    def _unreadable(self, why: str) -> NotReadable:
        return NotReadable(why, method=self.call.method, path=self.call.path, status=200)
