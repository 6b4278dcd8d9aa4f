"""Local days of hours as they are kept: what was counted, how soon it was known, and whether it can change.

A far side tells its hours by the day, so a day is read, kept and read again as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.detect.completeness import MOST_GRACE, Reread
from bot.detect.hours import HOUR, Hours
from bot.sources.periods import bounds
from bot.sources.source import Bucket, Series

COUNTS = ("visitors", "views", "sessions", "bounces")

Counted = tuple[int | None, ...]
"""What was counted in an hour, in the order of `COUNTS`."""

_AGES = tuple(timedelta(minutes=age) for age in (5, 10, 15, 20, 30, 40, 60, 90, 120))


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """An hour of the day was read soon after its end, `age` or somewhat more, and had so many visitors."""

    hour: int
    age: timedelta
    visitors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfHours:
    """The hours of a local day, by instant: 23 or 25 when the clocks change. None: not complete, or unknown.

    `late` hours were first read so long after their end that nobody could judge them in time. `settled`: read
    so long after the day's end that nothing changes any more.
    """

    day: date
    starts_at: datetime
    hours: tuple[Counted | None, ...]
    read_at: datetime
    settled: bool
    early: tuple[Early, ...] = ()
    late: int = 0

    @property
    def visited(self) -> bool:
        """Whether anybody came."""
        return any(hour is not None and hour[0] for hour in self.hours)


def of_series(day: date, series: Series, read_at: datetime) -> DayOfHours:
    """Return a day as it was read just now. An hour that the source cannot tell apart stays unknown."""
    starts_at, ends_at = bounds(day, series.zone)
    found: list[Counted | None] = [None] * -((starts_at - ends_at) // HOUR)
    for bucket in series.completed().buckets:
        if bucket.ends_at - bucket.starts_at == HOUR:
            found[(bucket.starts_at - starts_at) // HOUR] = _counted(bucket)
    return DayOfHours(
        day=day,
        starts_at=starts_at,
        hours=tuple(found),
        read_at=read_at,
        settled=read_at >= ends_at + MOST_GRACE,
        early=tuple(_early(starts_at, found, read_at)),
    )


def merged(known: DayOfHours | None, new: DayOfHours, *, watched: bool) -> DayOfHours:
    """Return a day after another reading of it. `watched`: the site was read before this day began.

    Of each hour and age the first reading counts: a second one at the same age teaches nothing.
    """
    before = known.early if known is not None else ()
    seen = {(one.hour, one.age) for one in before}
    early = (*before, *(one for one in new.early if (one.hour, one.age) not in seen))
    was_known = known.hours if known is not None else ()
    fresh = (
        place
        for place, hour in enumerate(new.hours)
        if hour is not None and (place >= len(was_known) or was_known[place] is None)
    )
    too_late = sum(_age(new, place) > MOST_GRACE for place in fresh) if watched else 0
    late = too_late + (known.late if known is not None else 0)
    return replace(new, early=early, late=late)


def joined(days: Sequence[DayOfHours], count: str, zone: ZoneInfo, until_at: datetime) -> Hours | None:
    """Return one count of these days, hour by hour up to an instant; None before the first visitor.

    Before the first visitor nobody knows whether anything was counted at all. A day that is missing, and an
    hour that is not known, are None.
    """
    begun = sorted((one for one in days if one.starts_at < until_at), key=lambda one: one.starts_at)
    first = next((number for number, one in enumerate(begun) if one.visited), len(begun))
    if first == len(begun):
        return None
    begun, first_at, which = begun[first:], begun[first].starts_at, COUNTS.index(count)
    counts: list[int | None] = [None] * ((until_at - first_at) // HOUR)
    for one in begun:
        offset = (one.starts_at - first_at) // HOUR
        for place, hour in enumerate(one.hours[: max(0, len(counts) - offset)], offset):
            counts[place] = None if hour is None else hour[which]
    return Hours(first_at=first_at, counts=tuple(counts), zone=zone)


def complete_until(read_at: datetime, grace: timedelta, starts_at: datetime) -> datetime:
    """Return the end of the last hour that was old enough when it was read; hours begin as the day does."""
    return starts_at + (read_at - grace - starts_at) // HOUR * HOUR


def rereads(days: Iterable[DayOfHours]) -> tuple[Reread, ...]:
    """Return what early readings counted beside what was counted in the end, where that is known by now."""
    return tuple(
        Reread(age=early.age, count=early.visitors, final=final[0])
        for one in days
        for early in one.early
        if _age(one, early.hour) >= MOST_GRACE
        and (final := one.hours[early.hour]) is not None
        and final[0] is not None
    )


def _counted(bucket: Bucket) -> Counted:
    return tuple(getattr(bucket.traffic, name) for name in COUNTS)


def _age(one: DayOfHours, hour: int) -> timedelta:
    return one.read_at - (one.starts_at + (hour + 1) * HOUR)


def _early(starts_at: datetime, hours: Sequence[Counted | None], read_at: datetime) -> Iterable[Early]:
    for place, hour in enumerate(hours):
        age = read_at - (starts_at + (place + 1) * HOUR)
        if hour is not None and hour[0] is not None and _AGES[0] <= age < MOST_GRACE:
            reached = max(one for one in _AGES if one <= age)
            yield Early(hour=place, age=reached, visitors=hour[0])
