"""Stretches of a site's time: whole local days, a part of one day, and the hours that a day really has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
_STEP = timedelta(minutes=15)  # every change of the clocks in use is a multiple of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Whole local days of a site, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.first} is after {self.last}")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + number * DAY for number in range(len(self)))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    def shifted(self, days: int) -> "Days":
        """Return as many days, so many days later; earlier when negative."""
        return Days(first=self.first + days * DAY, last=self.last + days * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of one local day, by the wall clock, to the minute."""

    day: date
    from_time: time
    to_time: time

    def __post_init__(self) -> None:
        if self.from_time >= self.to_time:
            raise ValueError(f"{self.from_time:%H:%M} is not before {self.to_time:%H:%M}")

    def __str__(self) -> str:
        return f"{self.day} {self.from_time:%H:%M} to {self.to_time:%H:%M}"


Period = Days | Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WallHour:
    """An hour as the wall clock of a site shows it, and the instants that it lasts: [starts_at, ends_at).

    It lasts an hour, except where the clocks change within it.
    """

    day: date
    hour: int
    starts_at: datetime
    ends_at: datetime


def one_day(day: date) -> Days:
    """Return a single day."""
    return Days(first=day, last=day)


def completed(today: date, count: int) -> Days:
    """Return the last so many days that are over, where `today` is the local day that is not."""
    return Days(first=today - count * DAY, last=today - DAY)


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a local day begins and the next one does: usually 24 hours apart."""
    return _midnight(day, zone), _midnight(day + DAY, zone)


def stretch(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants [since, until) of a period."""
    if isinstance(period, Days):
        return _midnight(period.first, zone), _midnight(period.last + DAY, zone)
    since, until = (
        datetime.combine(period.day, at, zone).astimezone(UTC) for at in (period.from_time, period.to_time)
    )
    return since, until


@lru_cache(maxsize=256)  # every site of a zone asks for today's, again and again
def wall_hours(day: date, zone: ZoneInfo) -> tuple[WallHour, ...]:
    """Return the hours of a local day as its wall clock shows them, in order.

    Where the clocks go forward an hour is missing (23 of them); where they go back, an hour that is shown
    twice is one that lasts twice as long (24 of them). A shift of half an hour makes one half or half as
    much again.
    """
    at, end = bounds(day, zone)
    found: list[WallHour] = []
    while at < end:
        hour, following = at.astimezone(zone).hour, min(at + _STEP, end)
        starts_at = found.pop().starts_at if found and found[-1].hour == hour else at
        found.append(WallHour(day=day, hour=hour, starts_at=starts_at, ends_at=following))
        at = following
    return tuple(found)


def real_hours(day: date, zone: ZoneInfo) -> tuple[WallHour, ...]:
    """Return the hours of a local day by instant: 23, 24 or 25, two of them with one number on the wall."""
    found: list[WallHour] = []
    for shown in wall_hours(day, zone):
        at = shown.starts_at
        while at < shown.ends_at:
            following = min(at + HOUR, shown.ends_at)
            found.append(WallHour(day=day, hour=shown.hour, starts_at=at, ends_at=following))
            at = following
    return tuple(found)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
