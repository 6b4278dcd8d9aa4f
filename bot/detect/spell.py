"""How trouble begins and ends: hold, recovery, hysteresis. One small machine for every detector.

    OK ── bad ──▶ PENDING ── bad for `hold` ──▶ TROUBLE ── back ──▶ RECOVERING ── back for `calm` ──▶ OK
                     └── not bad ──▶ OK            ▲───── not back ─────┘
    TROUBLE or RECOVERING ── not bad for `quiet` ──▶ OK

Between bad and back lies a zone in which nothing begins and nothing ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a watch stands."""

    OK = "ok"
    PENDING = "pending"
    TROUBLE = "trouble"
    RECOVERING = "recovering"
    LEARNING = "learning"
    TOO_SMALL = "too_small"
    NO_DATA = "no_data"
    ERROR = "error"


class Sign(StrEnum):
    """What one look saw."""

    BAD = "bad"
    BETWEEN = "between"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a sign must last before it counts. `quiet` None: only being back ends trouble."""

    hold: timedelta = timedelta(0)
    calm: timedelta = timedelta(0)
    quiet: timedelta | None = None


AT_ONCE = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What is remembered between two looks. `state` is OK, PENDING, TROUBLE or RECOVERING.

    `since_at` is when the trouble was first seen, `ended_at` when the last one was over. `strength` is
    the value as a multiple of the usual when the trouble was seen at its farthest.
    """

    state: State = State.OK
    since_at: datetime | None = None
    bad_at: datetime | None = None
    back_since_at: datetime | None = None
    ended_at: datetime | None = None
    strength: float | None = None

    @property
    def open(self) -> bool:
        """Whether there is trouble."""
        return self.state in (State.TROUBLE, State.RECOVERING)


def step(spell: Spell, sign: Sign, at: datetime, pace: Pace) -> Spell:
    """Return the spell after one look. Looks come in the order of time; a repeated look changes nothing."""
    if not spell.open:
        return _before(spell, sign, at, pace)
    if sign is Sign.BAD:
        return replace(spell, state=State.TROUBLE, bad_at=at, back_since_at=None)
    if pace.quiet is not None and spell.bad_at is not None and at - spell.bad_at >= pace.quiet:
        return Spell(ended_at=at)
    if sign is Sign.BETWEEN:
        return replace(spell, state=State.TROUBLE, back_since_at=None)
    back_since_at = spell.back_since_at or at
    if at - back_since_at >= pace.calm:
        return Spell(ended_at=at)
    return replace(spell, state=State.RECOVERING, back_since_at=back_since_at)


def _before(spell: Spell, sign: Sign, at: datetime, pace: Pace) -> Spell:
    if sign is not Sign.BAD:
        return Spell(ended_at=spell.ended_at)
    since_at = spell.since_at or at
    state = State.TROUBLE if at - since_at >= pace.hold else State.PENDING
    return replace(spell, state=state, since_at=since_at, bad_at=at)
