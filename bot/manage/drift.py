"""What others changed of what is ours, since we wrote it last (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.manage.change import Fields, KindName, Thing
from bot.manage.fingerprints import fingerprint, same
from bot.manage.memory import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One object of ours: what we wrote, and what is there now; None when it is gone."""

    kind: KindName
    key: str
    id: str
    was: Fields
    now: Fields | None

    @property
    def gone(self) -> bool:
        """Whether it is not there any more."""
        return self.now is None

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f'{self.kind.replace("_", " ")} "{self.key}"'

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that are different, as far as Pirsch tells them."""
        now = self.now or {}
        return tuple(
            sorted(
                name
                for name, value in now.items()
                if value is not None and self.was.get(name) is not None and value != self.was[name]
            )
        )


def drifts(memory: Memory, things: Sequence[Thing], kinds: Sequence[KindName]) -> tuple[Drift, ...]:
    """Return what is not as we wrote it, of the kinds that were read. What is to be let be is left out."""
    present = {(one.kind, one.id): one for one in things if one.id is not None}
    found = []
    for (kind, id), known in sorted(memory.things.items()):
        if kind not in kinds or not known.ours or known.fields is None:
            continue
        thing = present.get((kind, id))
        now = None if thing is None else thing.fields
        moved = thing is None or thing.drifted
        if moved and not _let_be(known.ignored, now):
            key = known.key if thing is None else thing.key
            found.append(Drift(kind=kind, key=key, id=id, was=known.fields, now=now))
    return tuple(found)


def _let_be(ignored: Fields | None, now: Fields | None) -> bool:
    if ignored is None:
        return False
    return not ignored if now is None else bool(ignored) and same(ignored, now)


def state_of_drift(found: Sequence[Drift]) -> str:
    """Return a fingerprint that is another one as soon as something else has drifted."""
    return fingerprint([[one.kind, one.id, one.now] for one in found])
