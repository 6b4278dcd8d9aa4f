"""The shape of a week: how many to expect in each of its 168 hours, from a few weeks of counts.

Weekday times hour of day is fitted first (Poisson maximum likelihood by iterative proportional fitting,
so that missing hours do no harm), hours smoothed where they saw few. Then each hour of the week moves
towards its own mean, as a Gamma prior around the product lets it:

    b = (k q + S) / (k + n),   k = (1 / q + phi) / tau

with n weeks that counted S together, the product q, the spread phi of single hours from week to week and
tau, the squared share by which this site's hours differ from any product. phi and tau are estimated from
the counts by moments. A site without hours of its own keeps the product; a busy one whose Sundays begin
later than its Mondays shows so in every week, and gets 168 hours of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.detect.hours import CELLS

_DAY = 24
_SMOOTHED_BELOW = 30.0  # visitors of an hour of day at which it half believes its neighbours
_LEAST_TAU, _MOST_TAU = 0.002, 1.0
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of each hour of the week: in how many weeks it is known, its counts' sum and sum of squares."""

    weeks: Sequence[int]
    sums: Sequence[float]
    squares: Sequence[float]


def tally(counts: Iterable[float | None], cells: Iterable[int]) -> Tally:
    """Add up what is known, hour of the week by hour of the week."""
    weeks, sums, squares = [0] * CELLS, [0.0] * CELLS, [0.0] * CELLS
    for count, cell in zip(counts, cells, strict=True):
        if count is not None:
            weeks[cell] += 1
            sums[cell] += count
            squares[cell] += count * count
    return Tally(weeks=weeks, sums=sums, squares=squares)


def fit(seen: Tally) -> tuple[float, ...]:
    """Return the expected count of each hour of the week; all zero where nobody ever came."""
    if not any(seen.sums):
        return (0.0,) * CELLS
    product = _product(seen)
    phi = _spread_of_hours(seen)
    tau = _own_ways(seen, product, phi)
    return tuple(
        _towards(q, (1 / q + phi) / tau, total, weeks)
        for q, total, weeks in zip(product, seen.sums, seen.weeks, strict=True)
    )


def _towards(q: float, strength: float, total: float, weeks: int) -> float:
    return (strength * q + total) / (strength + weeks)


def _product(seen: Tally) -> list[float]:
    """Return weekday times hour of day, never below half a visitor in the whole history."""
    known = sum(seen.weeks)
    days = [sum(seen.sums[_DAY * day : _DAY * day + _DAY]) for day in range(7)]
    hours = [sum(seen.sums[hour::_DAY]) for hour in range(_DAY)]
    of_day, of_hour = [sum(days) / known] * 7, [1.0] * _DAY
    for _ in range(_ROUNDS):
        weights = [_weight(seen.weeks[_DAY * day : _DAY * day + _DAY], of_hour) for day in range(7)]
        of_day = _shares(days, weights, of_day)  # a weekday that is always excluded keeps the mean
        weights = [_weight(seen.weeks[hour::_DAY], of_day) for hour in range(_DAY)]
        of_hour = _shares(hours, weights, of_hour)
    of_hour = _smoothed(of_hour, weights)
    least = 0.5 / known
    return [max(of_day[cell // _DAY] * of_hour[cell % _DAY], least) for cell in range(CELLS)]


def _weight(weeks: Sequence[int], factors: Sequence[float]) -> float:
    return sum(n * factor for n, factor in zip(weeks, factors, strict=True))


def _shares(sums: Sequence[float], weights: Sequence[float], before: Sequence[float]) -> list[float]:
    return [
        total / weight if weight > 0 else old
        for total, weight, old in zip(sums, weights, before, strict=True)
    ]


def _smoothed(of_hour: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the hours of day, drawn towards a 1-2-1 mean of their neighbours where that foresees few."""
    smoothed = []
    for hour, (own, weight) in enumerate(zip(of_hour, weights, strict=True)):
        near = (of_hour[hour - 1] + 2 * own + of_hour[(hour + 1) % _DAY]) / 4
        foreseen = near * weight
        smoothed.append((_SMOOTHED_BELOW * near + foreseen * own) / (_SMOOTHED_BELOW + foreseen))
    return smoothed


def _spread_of_hours(seen: Tally) -> float:
    """Return phi: by how much the same hour scatters from week to week beyond chance, squared, as a share."""
    excess = weight = 0.0
    for n, total, squares in zip(seen.weeks, seen.sums, seen.squares, strict=True):
        if n > 1:
            mean = total / n
            excess += squares - total * mean - (n - 1) * mean
            weight += (n - 1) * mean * mean
    return max(0.0, excess / weight) if weight else 0.0


def _own_ways(seen: Tally, product: Sequence[float], phi: float) -> float:
    """Return tau: by how much hours of the week differ from the product beyond their scatter."""
    excess = sum(
        (total / n - q) ** 2 - (q + phi * q * q) / n
        for n, total, q in zip(seen.weeks, seen.sums, product, strict=True)
        if n
    )
    return min(max(excess / sum(q * q for q in product), _LEAST_TAU), _MOST_TAU)
