"""Everything that led to a verdict, as a value: what `why` tells of it later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from bot.detect.expected import Baseline
from bot.detect.spell import Spell, State
from bot.detect.verdict import Evidence, Side, Weighed, Why
from bot.facts.measured import Unit
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion

MOST_OPINIONS = 10
_LOUDEST = (State.TROUBLE, State.RECOVERING, State.PENDING, State.ERROR, State.NO_DATA, State.LEARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The baseline that was judged by. `spread` is that of a day."""

    learnt_at: datetime
    days: int
    level: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours that were judged: read at `read_at`, believed up to `until_at`, `known` of the last 48."""

    read_at: datetime
    grace: timedelta
    until_at: datetime | None = None
    known: int = 0
    late: int = 0
    usual: Usual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One opinion: its verdict, the numbers behind it, and the spell before and after."""

    state: State
    why: Why
    before: Spell
    after: Spell
    number: str
    unit: Unit = ""
    subject: str = ""
    side: Side | None = None
    evidence: Evidence | None = None
    weighed: tuple[Weighed, ...] = ()
    told: str | None = None
    occasion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One look of a watch. `error` is why nothing could be read."""

    hours: Hours | None = None
    opinions: tuple[Traced, ...] = ()
    error: str | None = None

    def to_json(self) -> str:
        """Write it for the store."""
        return _TRACE.dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str) -> "Trace":
        """Read what any version wrote; what is unreadable is empty."""
        try:
            return _TRACE.validate_json(text)
        except ValidationError:
            return cls()


_TRACE = TypeAdapter(Trace)


def traced(opinion: Opinion, before: Memory, told: str | None) -> Traced:
    """Return an opinion with all that led to it."""
    verdict = opinion.judged.verdict
    return Traced(
        state=verdict.state,
        why=verdict.why,
        before=before.spell(opinion.subject),
        after=opinion.judged.spell,
        number=opinion.number,
        unit=opinion.unit,
        subject=opinion.subject,
        side=verdict.side,
        evidence=verdict.evidence,
        weighed=opinion.judged.weighed,
        told=told,
        occasion=opinion.occasion,
    )


def usual(baseline: Baseline | None) -> Usual | None:
    """Return what there is to say of a baseline."""
    if baseline is None:
        return None
    return Usual(
        learnt_at=baseline.learnt_at, days=baseline.days, level=baseline.level, spread=baseline.spread(24)
    )


def loudest(opinions: Sequence[Opinion]) -> Opinion | None:
    """Return the opinion that stands for the watch."""
    return min(opinions, key=_rank, default=None)


def _rank(opinion: Opinion) -> int:
    state = opinion.judged.verdict.state
    return _LOUDEST.index(state) if state in _LOUDEST else len(_LOUDEST)
