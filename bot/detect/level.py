"""A mean beside its own past: the length of sessions, day by day, where no count law holds.

Means of days scatter by factors, so their logarithms are compared: with n past days of mean m and deviation
s, (ln x - m) / (s sqrt(1 + 1/n)) is Student's t with n - 1 degrees of freedom, the predictive law that does
not pretend to know m and s. Days beyond 3.5 scaled median deviations are not learnt from, or yesterday's
incident would explain today's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median, stdev

from bot.detect.chance import once_in
from bot.detect.integrals import beta_sides
from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread

FEWEST = 14
_LEAST_DEVIATION = 0.02  # two per cent: a source that rounds must not make every change a surprise
_FAR, _SCALE = 3.5, 1.4826
_OUTSIDE = 0.01  # of each side of the plausible range


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Trouble when chance explains the value in less than `alpha` of the looks, and it is `ratio` off."""

    alpha: float = 0.001
    side: Side | None = None
    ratio: float = 1.25
    pace: Pace = AT_ONCE

    def __post_init__(self) -> None:
        if self.ratio <= 1 or not 0 < self.alpha < 1:
            raise ValueError("a ratio above one and a chance between zero and one are needed")


def look(rule: Level, value: float | None, before: Sequence[float], at: datetime, spell: Spell) -> Judged:
    """Judge the value of a completed period by those before it. What is not above zero taught nothing."""
    logs = _believed([math.log(one) for one in before if one > 0])
    if value is None or value <= 0:
        return unread(Why.NOT_COMPLETE, at, spell)
    if len(logs) < FEWEST:
        return unread(Why.HISTORY_TOO_SHORT, at, spell)
    middle = fmean(logs)
    scale = max(stdev(logs), _LEAST_DEVIATION) * math.sqrt(1 + 1 / len(logs))
    t = (math.log(value) - middle) / scale
    side = Side.UP if t >= 0 else Side.DOWN
    chance = student_above(abs(t), len(logs) - 1)
    large = abs(math.log(value) - middle) >= math.log(rule.ratio) and rule.side in (None, side)
    sign = Sign.BACK if not large else Sign.BAD if chance < rule.alpha else Sign.BETWEEN
    width = scale * student_quantile(_OUTSIDE, len(logs) - 1)
    evidence = Evidence(
        value=value,
        expected=math.exp(middle),
        plausible_low=math.exp(middle - width),
        plausible_high=math.exp(middle + width),
        chance=chance,
        once_in=once_in(chance, 1),
    )
    bad = Why.UNUSUALLY_HIGH if side is Side.UP else Why.UNUSUALLY_LOW
    return judged(step(spell, sign, at, rule.pace), at, bad=bad, fine=Why.USUAL, side=side, evidence=evidence)


def student_above(t: float, freedom: int) -> float:
    """Return the chance that Student's t is above a value that is not negative."""
    return beta_sides(freedom / 2, 0.5, freedom / (freedom + t * t))[0] / 2


def student_quantile(above: float, freedom: int) -> float:
    """Return the value that Student's t exceeds with a small chance."""
    low, high = 0.0, 1e6
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_above(middle, freedom) > above else (low, middle)
    return high


def _believed(logs: Sequence[float]) -> list[float]:
    if not logs:
        return []
    middle = median(logs)
    reach = _FAR * max(_SCALE * median(abs(one - middle) for one in logs), _LEAST_DEVIATION)
    return [one for one in logs if abs(one - middle) <= reach]
