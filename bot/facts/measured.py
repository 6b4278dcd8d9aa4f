"""What was measured, and how far it is from what is usual."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.facts.causes import Explanation
from bot.facts.pictures import Line

Unit = Literal["", "%", "s"]
"""What a number counts: things, shares (0.5 is 50 %) or seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number left what is usual, or what its owner allows (firing), or is back (resolved).

    `number` is what was counted, as a sentence names it: "visitors", "purchase events". `value` of `expected`
    were counted within `within`; all but one in fifty usual values lie between `low` and `high`; `limit` is
    the owner's own. `rarity` says how seldom chance alone does this. A field is None when the detector has
    nothing to say about it.

    `extreme` is the value at its farthest, `missing` how many fewer came than expected over the whole trouble
    (below zero: more). `explanation` is None where nobody was asked for one.
    """

    state: Literal["firing", "resolved"]
    look: str
    number: str
    why: str  # a `detect.verdict.Why`
    value: float
    since_at: datetime
    unit: Unit = ""
    side: Literal["up", "down"] | None = None
    subject: str | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    within: timedelta | None = None
    rarity: str | None = None
    ended_at: datetime | None = None
    extreme: float | None = None
    missing: float | None = None
    explanation: Explanation | None = None
    link: str | None = None
    picture: Line | None = None
    kind: Literal["measured"] = "measured"
