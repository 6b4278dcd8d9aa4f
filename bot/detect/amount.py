"""Money beside money before: what a few large orders do is told from what changed.

No count law holds for sums. But a sum of n orders of different size scatters as a count of
n' = (sum of values)**2 / (sum of squares) does, which is n for equal orders and less for unequal ones. So the
change of a sum is tested as a change of n' orders; then it has to matter, as with `change`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect.change import Change
from bot.detect.rates import two_periods
from bot.detect.spell import Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What orders came to within a completed time. `worth` is n' of the module's first lines."""

    total: float
    orders: int
    worth: float
    within: timedelta

    @classmethod
    def of(cls, values: Iterable[tuple[float, int]], within: timedelta) -> "Sum":
        """Add up values and how often each came. What is not above zero is no order."""
        orders, total, squares = 0, 0.0, 0.0
        for value, count in values:
            if value > 0:
                orders, total, squares = (
                    orders + count,
                    total + value * count,
                    squares + value * value * count,
                )
        return cls(
            total=total, orders=orders, worth=total * total / squares if squares else 0.0, within=within
        )


def look(rule: Change, now: Sum, before: Sum, at: datetime, spell: Spell, spread: float = 0.0) -> Judged:
    """Judge two sums; `least_count` of the rule counts orders, `least_difference` is not used."""
    if max(now.orders, before.orders) < rule.least_count:
        return unread(Why.TOO_FEW, at, spell)
    exposure = now.within / before.within
    expected = before.total * exposure
    side = Side.UP if now.total >= expected else Side.DOWN
    tails = two_periods(round(now.worth), round(before.worth), exposure, spread)
    chance = tails.high if side is Side.UP else tails.low
    share = abs(now.total - expected) / expected if expected else float("inf")
    large = rule.side in (None, side) and share >= rule.share * (1 - 1e-9)
    sign = Sign.BACK if not large else Sign.BAD if chance < rule.alpha else Sign.BETWEEN
    evidence = Evidence(
        value=now.total, expected=expected, window=now.within, chance=chance, trials=now.orders
    )
    bad = Why.ROSE if side is Side.UP else Why.FELL
    return judged(step(spell, sign, at, rule.pace), at, bad=bad, fine=Why.USUAL, side=side, evidence=evidence)
