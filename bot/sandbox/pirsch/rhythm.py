"""How many visitors come in an hour: rhythm of day and week, growth, noise and incidents.

An hour profile and a weekday factor, log-normal noise of the day (0.18), gamma noise of the hour (0.15), a
weekly drift (0.04), and Poisson counts on top.
"""

import math
import random
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.sandbox.pirsch.chance import around_one, gamma_around_one
from bot.sandbox.pirsch.settings import Incident, Site, Trouble

HOUR = 3600
DAY_NOISE, HOUR_NOISE, WEEK_DRIFT = 0.18, 0.15, 0.04
_HOURS = (
    0.30, 0.20, 0.14, 0.11, 0.12, 0.20, 0.45, 0.85, 1.25, 1.50, 1.60, 1.60,
    1.50, 1.45, 1.50, 1.50, 1.45, 1.40, 1.40, 1.50, 1.60, 1.45, 1.05, 0.60,
)  # fmt: skip
HOUR_SHARE = tuple(weight / sum(_HOURS) for weight in _HOURS)
_WEEKDAYS = (1.08, 1.10, 1.08, 1.05, 0.98, 0.80, 0.91)
WEEKDAY_FACTOR = tuple(weight * 7 / sum(_WEEKDAYS) for weight in _WEEKDAYS)


class Slot(NamedTuple):
    """One hour of a local day, as instants, with the visitors expected in it without incidents."""

    since: int
    until: int
    expected: float


class Rhythm:
    """The expectation of one site, whose size is that of `today`. Nothing in here draws a visitor."""

    def __init__(self, seed: str, site: Site, first_day: date, today: date) -> None:
        self.seed, self.site, self.first_day, self.today = seed, site, first_day, today
        self.zone = ZoneInfo(site.timezone)
        self._drifts: list[float] = []
        self._lock = threading.Lock()

    def day_of(self, at: int) -> date:
        """Return the local day of an instant."""
        return datetime.fromtimestamp(at, self.zone).date()

    def bounds(self, day: date) -> tuple[int, int]:
        """Return the first second of a local day and of the next; 23 to 25 hours apart."""
        return self._midnight(day), self._midnight(day + timedelta(days=1))

    def slots(self, day: date) -> list[Slot]:
        """Return the hours of a day: 23 or 25 of them when the clocks change."""
        if day < self.first_day:
            return []
        level, slots = self._level(day), []
        since, end = self.bounds(day)
        while since < end:
            upto = min(since + HOUR, end)
            share = HOUR_SHARE[datetime.fromtimestamp(since, self.zone).hour] * (upto - since) / HOUR
            rng = random.Random(f"{self.seed}/{self.site.hostname}/hour/{since}")  # noqa: S311 - a simulation
            slots.append(Slot(since, upto, level * share * gamma_around_one(rng, HOUR_NOISE)))
            since = upto
        return slots

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    def _level(self, day: date) -> float:
        rng = random.Random(f"{self.seed}/{self.site.hostname}/day/{day}")  # noqa: S311 - a simulation
        grown = math.pow(1 + self.site.growth_per_year, (day - self.today).days / 365)
        drifted = self._drift(day) / self._drift(self.today)
        steady = self.site.visitors_per_day * grown * drifted * WEEKDAY_FACTOR[day.weekday()]
        return steady * around_one(rng, DAY_NOISE)

    def _drift(self, day: date) -> float:
        week = max(0, (day - self.first_day).days // 7)
        with self._lock:
            while len(self._drifts) <= week:
                before = self._drifts[-1] if self._drifts else 1.0
                self._drifts.append(before * around_one(self._drift_rng, WEEK_DRIFT))
            return self._drifts[week]

    @cached_property
    def _drift_rng(self) -> random.Random:
        return random.Random(f"{self.seed}/{self.site.hostname}/drift")  # noqa: S311 - a simulation


def overlap(incident: Incident, since: int, until: int) -> float:
    """Return the share of a stretch of time in which an incident goes on."""
    start = incident.start_at.timestamp()
    end = start + incident.length.total_seconds()
    return max(0.0, min(end, until) - max(start, since)) / (until - since)


def goes_on(incidents: Sequence[Incident], at: int, *troubles: Trouble) -> Incident | None:
    """Return the first incident of these kinds at an instant."""
    for incident in incidents:
        if incident.trouble in troubles:
            start = incident.start_at.timestamp()
            if start <= at < start + incident.length.total_seconds():
                return incident
    return None


def usual_incidents(seed: str, site: Site, now: datetime, days: int) -> tuple[Incident, ...]:
    """Draw what happens to a site in its history: nothing in its latest days."""
    rng = random.Random(f"{seed}/{site.hostname}/incidents")  # noqa: S311 - a simulation
    noon = now.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

    def incident(ago: float, trouble: Trouble, hours: float, strength: float, label: str = "") -> Incident:
        start_at = noon - timedelta(days=round(ago * days), hours=rng.randint(-4, 4))
        return Incident(
            trouble=trouble, start_at=start_at, length=timedelta(hours=hours), strength=strength, label=label
        )

    return (
        incident(0.90, Trouble.CAMPAIGN, 96, 0.5, "early-bird"),
        incident(0.80, Trouble.SITE_DOWN, rng.randint(3, 6), 1),
        incident(0.70, Trouble.SPAM, 60, 0.3),
        incident(0.60, Trouble.VIRAL, 30, 4, "https://news.ycombinator.com/"),
        incident(0.45, Trouble.TRACKER_BROKEN, rng.randint(12, 20), 1),
        incident(0.35, Trouble.BROKEN_LINKS, 24, 0.15),
        incident(0.25, Trouble.BOTS, 5, 3),
        incident(0.15, Trouble.CAMPAIGN, 72, 0.6, "summer-sale"),
        incident(0.10, Trouble.CHECKOUT_BROKEN, 9, 1),
        incident(0.06, Trouble.SPAM, 36, 0.4),
    )
