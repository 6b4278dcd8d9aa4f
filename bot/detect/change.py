"""More or less than in a period before, by a share that the owner chose: never a bare percentage.

Two equal Poisson counts of mean 10 differ by 50 % and more in 28 of 100 comparisons. So a change counts
only when one of the two counts reaches a minimum, their difference reaches a minimum, and chance (with the
spread that this site is known to have) does it seldom enough.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect.rates import two_periods
from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Trouble when the count is at least `share` above (or below) the one before; `side` None: either.

    Raises ValueError for a share that cannot be: nothing falls by more than all.
    """

    share: float
    side: Side | None = None
    least_count: int = 20
    least_difference: int = 10
    alpha: float = 0.01
    pace: Pace = AT_ONCE

    def __post_init__(self) -> None:
        if self.share <= 0 or (self.side is not Side.UP and self.share >= 1):
            raise ValueError("a change is a share above zero, and nothing falls by more than all of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What was counted within a completed time. Raises ValueError for less than nothing."""

    count: int
    within: timedelta

    def __post_init__(self) -> None:
        if self.count < 0 or self.within <= timedelta(0):
            raise ValueError("a total is a count of zero or more within some time")


def look(
    rule: Change, now: Total | None, before: Total | None, at: datetime, spell: Spell, spread: float = 0.0
) -> Judged:
    """Judge two totals; their times may differ in length (a day of 23 hours, a shorter month)."""
    if now is None or before is None:
        return unread(Why.NOT_COMPLETE, at, spell)
    if max(now.count, before.count) < rule.least_count:
        return unread(Why.TOO_FEW, at, spell)
    exposure = now.within / before.within
    expected = before.count * exposure
    side = Side.UP if now.count >= expected else Side.DOWN
    tails = two_periods(now.count, before.count, exposure, spread)
    chance = tails.high if side is Side.UP else tails.low
    large = _large(rule, now.count, expected, side)
    sign = Sign.BACK if not large else Sign.BAD if chance < rule.alpha else Sign.BETWEEN
    evidence = Evidence(value=now.count, expected=expected, window=now.within, chance=chance)
    bad = Why.ROSE if side is Side.UP else Why.FELL
    spell = step(spell, sign, at, rule.pace)
    return judged(spell, at, bad=bad, fine=Why.USUAL, side=side, evidence=evidence)


def _large(rule: Change, count: int, expected: float, side: Side) -> bool:
    if rule.side not in (None, side) or abs(count - expected) < rule.least_difference:
        return False
    limit = expected * (1 + rule.share if side is Side.UP else 1 - rule.share)
    # 150 is 50 % more than 100, whatever the last bit of 100 * 1.5 says
    near = math.isclose(count, limit, rel_tol=1e-9)
    return near or (count > limit if side is Side.UP else count < limit)
