"""What a watch remembers between two looks. Judging is a fold: the same looks give the same memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from bot.detect.spell import Spell
from bot.detect.verdict import Side
from bot.watches.opinion import Opinion, Thought

CALM = Spell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Spells by subject ("" is the watch's own number), and the farthest value of each that is in trouble.

    `note` belongs to the look: pages that it knows, goals that it told of.
    """

    spells: Mapping[str, Spell] = field(default_factory=dict)
    extremes: Mapping[str, float] = field(default_factory=dict)
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
        kept = {subject: spell for subject, spell in spells.items() if subject == "" or spell != CALM}
        return replace(self, spells=kept, extremes=extremes, note=thought.note)

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


def _farthest(known: float | None, opinion: Opinion) -> float | None:
    evidence, side = opinion.judged.verdict.evidence, opinion.judged.verdict.side
    if evidence is None or side is None:
        return known
    if known is None:
        return evidence.value
    return max(known, evidence.value) if side is Side.UP else min(known, evidence.value)
