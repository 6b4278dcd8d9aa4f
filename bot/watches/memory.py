"""What a watch remembers between two looks. Judging is a fold: the same looks give the same memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from bot.detect.expected import WEEKS, Span
from bot.detect.hours import HOUR
from bot.detect.spell import Spell
from bot.detect.verdict import Side
from bot.facts import Explanation
from bot.watches.opinion import Opinion, Thought

CALM = Spell()
REMEMBERED = timedelta(weeks=WEEKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Spells by subject ("" is the watch's own number); of each in trouble its farthest value, and what was
    said to have made the difference.

    `past` are the troubles of the watch's own number that are over: they must not become usual. `note` is the
    look's own: pages that it knows, goals that it told of.
    """

    spells: Mapping[str, Spell] = field(default_factory=dict)
    extremes: Mapping[str, float] = field(default_factory=dict)
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    past: tuple[Span, ...] = ()
    note: str = ""

    def spell(self, subject: str = "") -> Spell:
        """Return where a subject stands."""
        return self.spells.get(subject, CALM)

    def after(self, thought: Thought) -> "Memory":
        """Return what is remembered after a look. Subjects that it did not speak of stay as they were."""
        spells, extremes = dict(self.spells), dict(self.extremes)
        for opinion in thought.opinions:
            spell, subject = opinion.judged.spell, opinion.subject
            spells[subject] = spell
            if not spell.open:
                extremes.pop(subject, None)
            elif (farthest := _farthest(extremes.get(subject), opinion)) is not None:
                extremes[subject] = farthest
        kept = {subject: spell for subject, spell in spells.items() if spell != CALM}
        return Memory(
            spells=kept,
            extremes=extremes,
            explanations={
                one: said for one, said in self.explanations.items() if one in kept and kept[one].open
            },
            past=self._past(kept.get("", CALM)),
            note=thought.note,
        )

    def explained(self, explanations: Mapping[str, Explanation]) -> "Memory":
        """Return it with what was said of troubles that have just begun."""
        return replace(self, explanations={**self.explanations, **explanations})

    def troubled(self, until_at: datetime) -> tuple[Span, ...]:
        """Return when the watch's own number was in trouble, and still is at an instant."""
        spell = self.spell()
        if not spell.open or spell.since_at is None:
            return self.past
        return (*self.past, Span(since_at=_begun(spell), until_at=until_at))

    def _past(self, now: Spell) -> tuple[Span, ...]:
        before = self.spell()
        if not before.open or now.open or before.since_at is None or now.ended_at is None:
            return self.past
        ended = Span(since_at=_begun(before), until_at=now.ended_at)
        return (*(one for one in self.past if now.ended_at - one.until_at < REMEMBERED), ended)

    def to_json(self) -> str:
        """Write it for the store."""
        return _MEMORY.dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str) -> "Memory":
        """Read what any version wrote. Unknown fields are ignored; what is unreadable begins anew."""
        try:
            return _MEMORY.validate_json(text)
        except ValidationError:
            return cls()


_MEMORY = TypeAdapter(Memory)


def _begun(spell: Spell) -> datetime:
    """Return the beginning of the hour at whose end trouble was first seen."""
    if spell.since_at is None:
        raise ValueError("this is no trouble")
    return spell.since_at - HOUR


def _farthest(known: float | None, opinion: Opinion) -> float | None:
    evidence, side = opinion.judged.verdict.evidence, opinion.judged.verdict.side
    if evidence is None or side is None:
        return known
    if known is None:
        return evidence.value
    return max(known, evidence.value) if side is Side.UP else min(known, evidence.value)
