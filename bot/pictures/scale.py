"""From values to places on paper, with round numbers along the edge."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_FARTHEST = 1e150  # beyond this, differences and squares could leave what a float can hold
_ROUND = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Maps `low` to `start` and `high` to `end`; what lies outside stays at the edge."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...] = ()

    def place(self, value: float) -> float:
        """Find where a value lies."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale(values: Iterable[float], start: float, end: float, *, most: int = 5, whole: bool = False) -> Scale:
    """Choose round ends around the values, with at most `most` steps between them.

    Zero belongs to it, unless all values are far from zero and close to each other.
    """
    known = [near(value) for value in values]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if not (low > 0 and low > 0.6 * high) and not (high < 0 and high < 0.6 * low):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        low, high = (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    step = _step((high - low) / most, whole=whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(
        low=first * step,
        high=last * step,
        start=start,
        end=end,
        ticks=tuple(place * step for place in range(first, last + 1)),
    )


def exact(values: Iterable[float], start: float, end: float) -> Scale:
    """Let the values reach from edge to edge."""
    known = [near(value) for value in values]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return Scale(low=low, high=high if high > low else low + 1, start=start, end=end)


def near(value: float) -> float:
    """Keep a value within what can be reckoned with."""
    return min(max(value, -_FARTHEST), _FARTHEST)


def _step(least: float, *, whole: bool) -> float:
    """Find the smallest round step that is not below `least`."""
    power: float = 10.0 ** math.floor(math.log10(max(least, 1e-300)))
    step = next(power * factor for factor in _ROUND if power * factor >= least * (1 - 1e-9))
    return max(1.0, step) if whole else step
