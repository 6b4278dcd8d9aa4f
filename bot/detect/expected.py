"""What is usual: how many to expect in an hour now, and how much sums of hours scatter around that.

The model is the quasi-Poisson one of outbreak detection (Farrington et al. 1996, JRSS A 159:547; Noufaily
et al. 2013, Stat Med 32:1206), moved from weeks of the year to hours of the week: the shape of a week
(`shape`) times the level of the last days, and a spread beyond Poisson for each length of window.

What was an incident must not become usual. Excluded days (holidays, campaigns) do not count at all. Hours
of alarms have no part in the shape, but in the level: a site that is half for good becomes a small site in
about a week; one that lost more than the level follows (0.4) rings until the old weeks are gone. An alarm
that is still on has no part in the spread either, or it would explain itself away; past ones have, since a
site that often rings swings more than was thought. Every hour is clipped to [0.3 m - 2, 3 m + 6] of a first
fit, so that a first start needs no list of alarms. Learning reads at most eight weeks: its cost does not
grow with the history.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.detect import shape
from bot.detect.hours import CELLS, HOUR, Hours, Wall, wall

WEEKS = 8
FEWEST_DAYS = 20  # three weeks, less what a change of clocks or a gap may take
LENGTHS = (1, 2, 3, 6, 12, 24, 48)  # hours

_HALF_LIFE = 7.0  # days
_SHAPE_WEIGHS = 100.0  # against about 30 for each day of a busy site
_DAY_SPREAD = 0.03
_LEVELS = (0.4, 2.5)
_SPREADS = (0.005, 1.0)
_UNKNOWN_SPREAD = 0.05
_LEAST_MEAN = 2.0
_WINSORISED = 0.985

_INSTANT = timedelta(microseconds=1)

Counts = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time, its end not included."""

    since_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a site's history says is usual, learnt once a day.

    `cells` are the counts expected in the hours of the week at level 1; `spreads` belong to `LENGTHS`.
    """

    learnt_at: datetime
    zone: ZoneInfo
    days: int
    cells: tuple[float, ...]
    level: float
    spreads: tuple[float, ...]

    def expected(self, at: datetime) -> float:
        """Return the count that is usual in the hour that begins at an instant."""
        return self.cells[wall(at, self.zone).cell] * self.level

    def expectations(self, hours: Hours) -> list[float]:
        """Return the count that is usual in each of these hours."""
        return [self.cells[place.cell] * self.level for place in hours.walls()]

    def spread(self, hours: int) -> float:
        """Return the spread of a sum of so many hours: that of the longest known window within it."""
        known = [spread for length, spread in zip(LENGTHS, self.spreads, strict=True) if length <= hours]
        return known[-1]


def learn(
    history: Hours, alarmed: Sequence[Span] = (), excluded: Collection[date] = frozenset()
) -> Baseline | None:
    """Return what is usual after this history; None when fewer than three weeks are known.

    Call it once a day, after local midnight: a level that follows the hour would explain an incident away.
    `alarmed` are past alarms, and the one that is on, up to the end of the history.
    """
    history = history.last(WEEKS * CELLS)
    walls = list(history.walls())
    counts = _known(history, walls, {day.toordinal() for day in excluded})
    known = sum(count is not None for count in counts)
    if known < FEWEST_DAYS * 24:
        return None
    cells = [place.cell for place in walls]
    first = shape.fit(shape.tally(counts, cells))
    clipped = [_clipped(count, first[cell]) for count, cell in zip(counts, cells, strict=True)]
    week = shape.fit(shape.tally(_without(clipped, history, alarmed), cells))
    levels = _levels(clipped, walls, week)
    ended = _without(clipped, history, [span for span in alarmed if span.until_at >= history.end_at])
    expected = [week[place.cell] * levels[place.day] for place in walls]
    return Baseline(
        learnt_at=history.end_at,
        zone=history.zone,
        days=known // 24,
        cells=week,
        level=levels[walls[-1].day + 1],
        spreads=_spreads(ended, expected, known // 24),
    )


def _known(history: Hours, walls: Sequence[Wall], excluded: Collection[int]) -> Counts:
    if not excluded:
        return history.counts
    return [
        None if place.day in excluded else count for count, place in zip(history.counts, walls, strict=True)
    ]


def _clipped(count: float | None, mean: float) -> float | None:
    return None if count is None else min(max(count, 0.3 * mean - 2), 3 * mean + 6)


def _without(counts: Counts, history: Hours, alarmed: Sequence[Span]) -> Counts:
    """Return the counts less those of past alarms, unless that leaves too few to learn from."""
    if not alarmed:
        return counts
    left = list(counts)
    for span in alarmed:
        first, last = (
            _clamped(span.since_at, left, history),
            _clamped(span.until_at - _INSTANT + HOUR, left, history),
        )
        left[first:last] = [None] * (last - first)
    return left if sum(count is not None for count in left) >= FEWEST_DAYS * 12 else counts


def _clamped(at: datetime, counts: Counts, history: Hours) -> int:
    """Return the place of the hour in which an instant lies, at the nearest end when it lies outside."""
    return min(max((at - history.first_at) // HOUR, 0), len(counts))


def _levels(counts: Counts, walls: Sequence[Wall], week: Sequence[float]) -> dict[int, float]:
    """Return the level of each day as the days before it tell, and that of the day after the last.

    A mean of the days' ratios to the shape, each clipped to [0.5, 2], weighted by what it can tell
    (1 / variance), by its age, and held to 1 by the weight of the shape.
    """
    seen: dict[int, tuple[float, float]] = {}
    for count, place in zip(counts, walls, strict=True):
        if count is not None:
            got, usual = seen.get(place.day, (0.0, 0.0))
            seen[place.day] = got + count, usual + week[place.cell]
    levels, total, weight, fade = {}, 0.0, 0.0, 0.5 ** (1 / _HALF_LIFE)
    for day in range(walls[0].day, walls[-1].day + 2):
        level = (total + _SHAPE_WEIGHS) / (weight + _SHAPE_WEIGHS)
        levels[day] = min(max(level, _LEVELS[0]), _LEVELS[1])
        total, weight = total * fade, weight * fade
        got, usual = seen.get(day, (0.0, 0.0))
        if usual > 0:
            precision = 1 / (1 / usual + _DAY_SPREAD)
            total += precision * min(max(got / usual, 0.5), 2.0)
            weight += precision
    return levels


def _spreads(counts: Counts, expected: Sequence[float], days: int) -> tuple[float, ...]:
    """Return the spread of the sums of each length, one standard error to the safe side.

    So many days tell a variance up to a share of sqrt(2 / days) and no better.
    """
    got = [0.0, *accumulate(0.0 if count is None else count for count in counts)]
    usual = [
        0.0,
        *accumulate(0.0 if count is None else mean for count, mean in zip(counts, expected, strict=True)),
    ]
    safe = 1 + math.sqrt(2 / max(1, days - 7))
    spreads = (_spread(got, usual, length) * safe for length in LENGTHS)
    return tuple(min(max(spread, _SPREADS[0]), _SPREADS[1]) for spread in spreads)


def _spread(got: Sequence[float], usual: Sequence[float], length: int) -> float:
    """Return the weighted mean of ((X - M)^2 - M) / M^2 over windows, winsorised from above.

    Windows begin after the first week, when the level is known, and a third of their length apart.
    """
    excesses = []
    for end in range(CELLS + length, len(got), max(1, length // 3)):
        mean = usual[end] - usual[end - length]
        if mean > _LEAST_MEAN:
            off = got[end] - got[end - length] - mean
            excesses.append(((off * off - mean) / (mean * mean), mean))
    if not excesses:
        return _UNKNOWN_SPREAD
    excesses.sort()
    most = excesses[min(len(excesses) - 1, int(len(excesses) * _WINSORISED))][0]
    total = weights = 0.0
    for excess, mean in excesses:
        # near to one over the variance of an excess: 2 (1 / M + spread)^2
        weight = (mean / (1 + _UNKNOWN_SPREAD * mean)) ** 2
        total += weight * min(excess, most)
        weights += weight
    return total / weights
