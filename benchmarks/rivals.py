"""The usual ways to find trouble in hourly counts, as their makers describe them, for the comparison.

Each answers for the hour that was just completed: 1 for too many, -1 for too few, 0 for nothing.
"""

import math
import random
import statistics
from collections.abc import Callable, Sequence
from functools import lru_cache

from benchmarks.traffic import FIRST_AT, ZONE
from bot.detect.hours import CELLS, HOUR, wall
from bot.detect.tails import tails

Counts = Sequence[int]
Rival = Callable[[Counts, int], int]

_SURE = 0.95
_LAST = 168


@lru_cache(maxsize=100_000)
def place(number: int) -> tuple[int, int]:
    """Return the local day and the hour of the week of an hour."""
    return wall(FIRST_AT + number * HOUR, ZONE)


def plausible_spike(counts: Counts, number: int) -> int:
    """At least ten current visitors (five minutes), asked every quarter of an hour."""
    rng = random.Random(number * 1_000_003 + counts[number])
    expected = counts[number] / 12
    return int(any(_near_poisson(rng, expected) >= 10 for _ in range(4)))


def plausible_drop(counts: Counts, number: int) -> int:
    """Nobody within twelve hours."""
    return -int(not any(counts[number - 11 : number + 1]))


def half_of_last_week(counts: Counts, number: int) -> int:
    """Half more or less than in the same hour a week ago."""
    return _half(counts[number], counts[number - CELLS])


def half_of_last_week_with_base(counts: Counts, number: int) -> int:
    """The same, if that hour had twenty."""
    return _half(counts[number], counts[number - CELLS]) if counts[number - CELLS] >= 20 else 0


def half_of_yesterday(counts: Counts, number: int) -> int:
    """A whole day against the one before, asked at its end."""
    if place(number)[1] % 24 != 23:
        return 0
    return _half(sum(counts[number - 23 : number + 1]), sum(counts[number - 47 : number - 23]))


def rolling_z(counts: Counts, number: int) -> int:
    """More than three standard deviations from the mean of a week."""
    past = counts[number - _LAST : number]
    mean = sum(past) / _LAST
    deviation = math.sqrt(sum((each - mean) ** 2 for each in past) / _LAST)
    return _beyond(counts[number] - mean, 3 * deviation)


def hour_of_week_mad(counts: Counts, number: int, weeks: int = 8) -> int:
    """A robust z above 3.5 among the same hour of eight weeks."""
    past = [counts[number - CELLS * week] for week in range(1, weeks + 1) if number >= CELLS * week]
    middle = statistics.median(past)
    mad = statistics.median(abs(each - middle) for each in past)
    return _beyond(0.6745 * (counts[number] - middle), 3.5 * mad)


def difference_z(counts: Counts, number: int) -> int:
    """PostHog's z on first differences of a week, corrected for so many (Šidák)."""
    past, latest = _differences(counts, number)
    mean = sum(past) / _LAST
    deviation = math.sqrt(sum((each - mean) ** 2 for each in past) / _LAST)
    z = abs(latest - mean) / deviation if deviation else 0.0
    return _beyond(latest - mean, 0.0) if math.erf(z / math.sqrt(2)) ** _LAST >= _SURE else 0


def difference_mad(counts: Counts, number: int) -> int:
    """PostHog's robust z on first differences; where more than half are equal, any other is certain."""
    past, latest = _differences(counts, number)
    middle = sorted(past)[_LAST // 2]
    mad = sorted(abs(each - middle) for each in past)[_LAST // 2]
    if mad == 0:
        return _beyond(latest - middle, 0.0)
    z = 0.6745 * abs(latest - middle) / mad
    return _beyond(latest - middle, 0.0) if math.erf(z / math.sqrt(2)) ** _LAST >= _SURE else 0


class PlainCounts:
    """The plain count model: separable prior of 1.5 weeks, median level, one alpha, negative binomial.

    What our detector grew from: eight weeks, windows of 3, 6, 12, 24 and 48 hours.
    """

    def __init__(self, alpha: float = 5e-5, weeks: int = 8) -> None:
        self._alpha, self._weeks = alpha, weeks
        self._day, self._usual, self._spreads = -1, [0.0] * CELLS, dict.fromkeys((3, 6, 12, 24, 48), 0.05)

    def __call__(self, counts: Counts, number: int) -> int:
        """Judge the hour that was just completed."""
        day, cell = place(number)
        if day != self._day:
            self._day = day
            self._learn(counts, number - cell % 24)
        for hours, spread in self._spreads.items():
            got = sum(counts[number - hours + 1 : number + 1])
            mean = sum(self._usual[place(each)[1]] for each in range(number - hours + 1, number + 1))
            if abs(got - mean) < 8 or mean / 1.5 < got < mean * 1.5:
                continue
            if min(tails(got, mean, spread)) < self._alpha:
                return 1 if got > mean else -1
        return 0

    def _learn(self, counts: Counts, end: int) -> None:
        past = range(end - self._weeks * CELLS, end)
        sums = [0.0] * CELLS
        for number in past:
            sums[place(number)[1]] += counts[number]
        total = sum(sums) or 1.0
        days = [sum(sums[day * 24 : day * 24 + 24]) / total for day in range(7)]
        hours = [sum(sums[hour::24]) / total for hour in range(24)]
        smooth = [(hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]) / 4 for hour in range(24)]
        prior = [total / self._weeks * days[cell // 24] * smooth[cell % 24] for cell in range(CELLS)]
        week = [(1.5 * q + got) / (1.5 + self._weeks) for q, got in zip(prior, sums, strict=True)]
        ratios: list[float] = []
        means = []
        level = 1.0
        for number in past:
            cell = place(number)[1]
            means.append(week[cell] * level)
            if cell % 24 == 23:
                today = sum(week[cell - 23 : cell + 1]) or 1.0
                ratios.append(min(max(sum(counts[number - 23 : number + 1]) / today, 0.5), 2.0))
                level = min(max((7 * statistics.median(ratios[-7:]) + 3) / 10, 0.6), 1.6)
        self._usual = [mean * level for mean in week]
        self._spreads = {hours: _spread(counts[past.start : end], means, hours) for hours in self._spreads}


RIVALS: dict[str, Callable[[], Rival]] = {
    "Plausible spike >= 10": lambda: plausible_spike,
    "Plausible drop < 1 in 12 h": lambda: plausible_drop,
    "+-50 % vs last week": lambda: half_of_last_week,
    "+-50 % vs last week, base 20": lambda: half_of_last_week_with_base,
    "+-50 % vs previous day": lambda: half_of_yesterday,
    "rolling z > 3, 168 h": lambda: rolling_z,
    "hour-of-week MAD > 3.5": lambda: hour_of_week_mad,
    "PostHog-like z, 168 h": lambda: difference_z,
    "PostHog-like MAD, 168 h": lambda: difference_mad,
    "plain count model, 8 weeks": PlainCounts,
    "plain count model, 4 weeks": lambda: PlainCounts(weeks=4),
}


def _spread(counts: Counts, means: Sequence[float], hours: int) -> float:
    got, mean = sum(counts[CELLS : CELLS + hours]), sum(means[CELLS : CELLS + hours])
    excesses = []
    for end in range(CELLS + hours, len(counts)):
        if mean > 2:
            excesses.append((((got - mean) ** 2 - mean) / mean**2, (mean / (1 + 0.05 * mean)) ** 2))
        got += counts[end] - counts[end - hours]
        mean += means[end] - means[end - hours]
    if not excesses:
        return 0.05
    most = sorted(excesses)[min(len(excesses) - 1, int(0.985 * len(excesses)))][0]
    total = sum(min(excess, most) * weight for excess, weight in excesses)
    return min(max(total / sum(weight for _, weight in excesses), 0.005), 1.0)


def _differences(counts: Counts, number: int) -> tuple[list[int], int]:
    steps = [counts[each] - counts[each - 1] for each in range(number - _LAST, number + 1)]
    return steps[:-1], steps[-1]


def _half(now: int, before: int) -> int:
    if before == 0:
        return int(now > 0)
    return 1 if now >= 1.5 * before else -1 if now <= 0.5 * before else 0


def _beyond(distance: float, limit: float) -> int:
    return 0 if abs(distance) <= limit else 1 if distance > 0 else -1


def _near_poisson(rng: random.Random, mean: float) -> int:
    if mean > 50:
        return round(rng.gauss(mean, math.sqrt(mean)))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count
