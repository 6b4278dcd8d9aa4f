"""Traffic for the detection benchmark: what a site's visitors per hour look like, and its incidents.

An hour profile and a weekday factor, log-normal noise of the day, gamma noise of the hour, a weekly drift,
and Poisson counts on top. Everything follows from a seed. Written by the wall clock of a zone with summer
time, so that days of 23 and 25 hours are in it.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.detect.hours import CELLS, HOUR, wall

ZONE = ZoneInfo("Europe/Berlin")
FIRST_AT = datetime(2025, 1, 5, 23, tzinfo=UTC)  # midnight of a Monday in Berlin

_HOURS = (
    0.35, 0.22, 0.15, 0.12, 0.14, 0.25, 0.50, 0.85, 1.20, 1.45, 1.55, 1.55,
    1.45, 1.45, 1.50, 1.50, 1.45, 1.40, 1.40, 1.50, 1.55, 1.40, 1.05, 0.65,
)  # fmt: skip
_WEEKDAYS = (1.08, 1.10, 1.08, 1.05, 0.98, 0.80, 0.91)
_LATER_AT_WEEKENDS = 2  # hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """How a site's traffic behaves.

    `shifted_weekends`: hours that weekday times hour cannot tell. `gamma_days`: the noise of the day is not
    log-normal but gamma.
    """

    visitors_per_day: float
    day_noise: float = 0.18
    hour_noise: float = 0.15
    weekly_drift: float = 0.04
    shifted_weekends: bool = False
    gamma_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A stretch of time in which the traffic is multiplied. A `factor` of 0 is an outage."""

    name: str
    hours: int
    factor: float


INCIDENTS = (
    Incident(name="outage 12 h", hours=12, factor=0.0),
    Incident(name="-50 % for 48 h", hours=48, factor=0.5),
    Incident(name="x4 for 3 h", hours=3, factor=4.0),
)


def means(nature: Nature, hours: int, rng: random.Random) -> Iterator[float]:
    """Return the mean of each hour from FIRST_AT on, noise and all, before chance draws its count."""
    rates = _week(nature)
    day, day_level, drift = 0, 1.0, 1.0
    of_day = _gamma_around_one if nature.gamma_days else _around_one
    for number in range(hours):
        if number % CELLS == 0:
            drift *= _around_one(rng, nature.weekly_drift)
        place = wall(FIRST_AT + number * HOUR, ZONE)
        if place.day != day:
            day, day_level = place.day, of_day(rng, nature.day_noise)
        yield rates[place.cell] * drift * day_level * _gamma_around_one(rng, nature.hour_noise)


def drawn(means: Sequence[float], rng: random.Random) -> list[int]:
    """Return a Poisson count for each mean."""
    return [poisson(rng, mean) for mean in means]


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a count: Knuth's product for small means, Hörmann's PTRS (1993) for large ones."""
    if mean < 10:
        limit, count, product = math.exp(-mean), 0, rng.random()
        while product > limit:
            count += 1
            product *= rng.random()
        return count
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    quick = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = rng.random() - 0.5, rng.random()
        us = 0.5 - abs(u)
        count = math.floor((2 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= quick:
            return count
        if count < 0 or (us < 0.013 and v > us):
            continue
        height = math.log(v * inverse_alpha / (a / (us * us) + b))
        if height <= count * math.log(mean) - mean - math.lgamma(count + 1):
            return count


def _week(nature: Nature) -> list[float]:
    shift = _LATER_AT_WEEKENDS if nature.shifted_weekends else 0
    scale = nature.visitors_per_day * 7 / (sum(_HOURS) * sum(_WEEKDAYS))
    return [
        scale * factor * _HOURS[(hour - (shift if weekday > 4 else 0)) % 24]
        for weekday, factor in enumerate(_WEEKDAYS)
        for hour in range(24)
    ]


def _around_one(rng: random.Random, sigma: float) -> float:
    return math.exp(rng.gauss(0, sigma) - sigma * sigma / 2)


def _gamma_around_one(rng: random.Random, sigma: float) -> float:
    shape = 1 / (sigma * sigma)
    return rng.gammavariate(shape, 1 / shape)
