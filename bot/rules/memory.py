"""What a rule remembers about one site between two events. A value; stores keep its JSON."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from bot.facts import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Events that wait to be told together. `first_id`, `first_seconds`: of the first one heard."""

    first_id: int
    first_at: AwareDatetime
    last_at: AwareDatetime
    due_at: AwareDatetime
    count: int
    examples: tuple[Example, ...]
    first_seconds: int = 0
    total: Decimal | None = None
    largest: Decimal | None = None
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A frequency that is reached. `total` counts its events since `since_at`."""

    since_at: AwareDatetime
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Only what the rule's kind needs is set.

    `as_of_at` is the latest instant that the rule has heard of; it never goes back. `hits` are the
    latest events that counted towards `at_least`, oldest first, never more than that many.
    """

    as_of_at: AwareDatetime | None = None
    hits: tuple[AwareDatetime, ...] = ()
    burst: Burst | None = None
    examples: tuple[Example, ...] = ()
    watched_since_at: AwareDatetime | None = None
    last_at: AwareDatetime | None = None
    missed_since_at: AwareDatetime | None = None
    collection: Collection | None = None

    def to_json(self) -> str:
        """Write everything that differs from a new memory."""
        return _JSON.dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Memory":
        """Read what any version wrote. Unknown fields are ignored; what is unreadable begins anew."""
        try:
            return _JSON.validate_json(text)
        except ValidationError:
            return cls()


_JSON = TypeAdapter(Memory)
