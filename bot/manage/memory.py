"""What the ledger remembers of a site, as a value: whose an object is, and what we wrote last."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.manage.change import Change, Fields, KindName


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The last word about one object. `fields` is what we wrote last; None when it is not known.

    `ignored` is what others made of it, and a person said to let be; empty when they deleted it.
    """

    key: str
    ours: bool
    fields: Fields | None
    origin: str = ""
    ignored: Fields | None = None
    claimed: bool = False  # somebody else made it, and a person gave it into our care


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A change that was begun, and of which nobody knows yet whether it happened."""

    intent: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything that the ledger remembers of a site. Objects by kind and id; `settings` have no id."""

    things: Mapping[tuple[KindName, str], Remembered] = field(default_factory=dict)
    settings: Mapping[KindName, Remembered] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()

    def of(self, kind: KindName, id: str) -> Remembered | None:
        """What is remembered of an object."""
        return self.things.get((kind, id))

    def vanished(self, kind: KindName, present: Collection[str]) -> Mapping[str, str]:
        """Return key → id of what was ours and is gone, though we did not delete it."""
        gone = (
            (one.key, id)
            for (of_kind, id), one in self.things.items()
            if of_kind is kind and one.ours and id not in present
        )
        return dict(gone)


NOTHING = Memory()
