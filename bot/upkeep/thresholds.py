"""From how many visitors at once Pirsch should mail about a spike, and after how many silent days. Pure.

**Spikes.** Pirsch counts who is active at once, and after one mail it says nothing for twelve hours. So the
threshold has to lie above every usual day, or the one spike that matters is muted. Statistics tell visitors
by the hour; Little's law makes visitors at once of them: rate × stay. The rule:

    usual   = the daily peak that all but one day in twenty stay below, of the last eight weeks
    wanted  = twice that, and at least what chance exceeds once in 10,000 looks at a usual peak (Poisson)

It is written again only when it is a quarter off, at most once a day, and within bounds.

**Silence.** One day more than the longest silence that was seen, and so many days that a site which is silent
as often as this one is silent for so long once in a year at most.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from bot.detect.tails import quantile
from bot.sources.source import Bucket

LEAST_DAYS = 14
OUTSIDE = 0.05
CHANCE = 1e-4
TWICE = 2.0
OFF = 0.25
PAUSE = timedelta(days=1)
YEAR = 365


class Reason(StrEnum):
    """Why a threshold is written, or is not."""

    FIRST = "it was not set by us before"
    MOVED = "the site's own peaks have moved"
    CLOSE_ENOUGH = "the present one is close enough"
    SET_TODAY = "it was set less than a day ago"
    TOO_LITTLE_KNOWN = "too few days are known"

    @property
    def writes(self) -> bool:
        """Whether it is written."""
        return self in (Reason.FIRST, Reason.MOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a threshold stays between, both ends included."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError("a range goes from one at least to something not below it")

    def of(self, value: int) -> int:
        """Return the value, moved into the range."""
        return min(max(value, self.least), self.most)


SPIKES = Range(least=10, most=100_000)
SILENCES = Range(least=1, most=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What was set last, as the ledger remembers it: Pirsch does not tell."""

    value: int
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a threshold should be. `value` is the present one where nothing is to be written, or None."""

    value: int | None
    reason: Reason
    why: str


def daily_peaks(buckets: Iterable[Bucket]) -> tuple[int, ...]:
    """Return the fullest hour of each completed day, in order; a day without all its hours is left out."""
    hours = [one for one in buckets if one.hour is not None]
    days = {day: list(group) for day, group in groupby(sorted(hours, key=_day), key=_day)}
    whole = [group for group in days.values() if all(one.complete for one in group) and _lasts_a_day(group)]
    return tuple(max(one.traffic.visitors for one in group) for group in whole)


def at_once(visitors_an_hour: float, stay: timedelta) -> float:
    """Return how many visitors are there at once if so many come within an hour (Little's law)."""
    return visitors_an_hour * min(stay / timedelta(hours=1), 1.0)


def spike(
    peaks: Sequence[int],
    stay: timedelta,
    present: Present | None,
    now: datetime,
    bounds: Range = SPIKES,
) -> Advice:
    """Advise on the spike threshold. `stay` is how long a visitor counts as active: visit and window."""
    if len(peaks) < LEAST_DAYS:
        return _kept(present, Reason.TOO_LITTLE_KNOWN, f"{len(peaks)} whole days of {LEAST_DAYS}")
    hour = _all_but(sorted(peaks), OUTSIDE)
    usual = at_once(hour, stay)
    wanted = bounds.of(_round(max(TWICE * usual, quantile(1 - CHANCE, usual))))
    why = (
        f"on all but one in twenty of {len(peaks)} days the fullest hour has at most {hour:,} visitors: about"
        f" {math.ceil(usual):,} at once, who count as active for {stay.total_seconds() / 60:.0f} minutes each"
    )
    return _judged(wanted, present, now, why)


def silence(
    visitors: Sequence[int], present: Present | None, now: datetime, bounds: Range = SILENCES
) -> Advice:
    """Advise on the days of silence after which to warn, from the visitors of whole days in order."""
    if len(visitors) < LEAST_DAYS:
        return _kept(present, Reason.TOO_LITTLE_KNOWN, f"{len(visitors)} whole days of {LEAST_DAYS}")
    longest = max(
        (len(list(run)) for empty, run in groupby(visitors, lambda one: one == 0) if empty), default=0
    )
    share = (sum(one == 0 for one in visitors) + 0.5) / (len(visitors) + 1)
    rare = math.ceil(-math.log(YEAR) / math.log(share))  # YEAR * share ** days <= 1
    wanted = bounds.of(max(longest + 1, rare))
    why = f"the longest silence of {len(visitors)} days was {longest}, and {share:.1%} of days are silent"
    return _judged(wanted, present, now, why)


def _judged(wanted: int, present: Present | None, now: datetime, why: str) -> Advice:
    if present is None:
        return Advice(value=wanted, reason=Reason.FIRST, why=why)
    if abs(wanted - present.value) <= OFF * present.value:
        return _kept(present, Reason.CLOSE_ENOUGH, why)
    if now - present.set_at < PAUSE:
        return _kept(present, Reason.SET_TODAY, why)
    return Advice(value=wanted, reason=Reason.MOVED, why=why)


def _kept(present: Present | None, reason: Reason, why: str) -> Advice:
    return Advice(value=None if present is None else present.value, reason=reason, why=why)


def _all_but(ordered: Sequence[int], share: float) -> int:
    """Return the value that all but this share stay at or below."""
    return ordered[max(0, math.ceil(len(ordered) * (1 - share)) - 1)]


def _round(value: float) -> int:
    """Round up to two digits: nobody means 1,347 visitors."""
    whole = math.ceil(value)
    unit: int = 10 ** max(0, len(str(whole)) - 2)
    return -(-whole // unit) * unit


def _day(bucket: Bucket) -> date:
    return bucket.day


def _lasts_a_day(group: Sequence[Bucket]) -> bool:
    return sum((one.ends_at - one.starts_at for one in group), timedelta(0)) >= timedelta(hours=23)
