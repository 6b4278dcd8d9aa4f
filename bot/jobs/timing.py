"""When a job is due: every so long, or at a time on the wall of a zone."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))


class Timing(Protocol):
    """When something happens, again and again. `str` says it in words."""

    def next_after(self, at: datetime) -> datetime:
        """Return the first instant after `at`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Each multiple of `length` since the epoch, and `shift` later: the same instants in every process."""

    length: timedelta
    shift: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.length < timedelta(seconds=1):
            raise ValueError("a job runs at most once a second")

    def next_after(self, at: datetime) -> datetime:
        """Return the first instant after `at`."""
        passed = (at - EPOCH - self.shift) // self.length
        return EPOCH + self.shift + (passed + 1) * self.length

    def __str__(self) -> str:
        shifted = f", {self.shift} later" if self.shift else ""
        return f"every {self.length}{shifted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnWall:
    """A time of day in a zone, on some weekdays (0 is Monday), or on one day of each month.

    Once a day, whatever clocks do: the first of two when they go back; a time that they leave out comes as
    much later as they jump. A month that has no such day has it on its last one.
    """

    at: time
    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY
    day_of_month: int | None = None

    def __post_init__(self) -> None:
        if not self.weekdays <= EVERY_DAY or not self.weekdays:
            raise ValueError("weekdays are numbered from 0 (Monday) to 6")
        if self.day_of_month is not None and not 1 <= self.day_of_month <= 31:
            raise ValueError("days of a month are numbered from 1 to 31")

    def next_after(self, at: datetime) -> datetime:
        """Return the first instant after `at`."""
        day = at.astimezone(self.zone).date()
        while not self._is_day(day) or self.instant(day) <= at:
            day += timedelta(days=1)
        return self.instant(day)

    def instant(self, day: date) -> datetime:
        """Return when it is on a local day."""
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def _is_day(self, day: date) -> bool:
        if self.day_of_month is not None:
            return day.day == min(self.day_of_month, monthrange(day.year, day.month)[1])
        return day.weekday() in self.weekdays

    def __str__(self) -> str:
        if self.day_of_month is not None:
            days = f"day {self.day_of_month} of the month"
        elif self.weekdays == EVERY_DAY:
            days = "daily"
        else:
            days = ", ".join(WEEKDAYS[number] for number in sorted(self.weekdays))
        return f"{days} {self.at:%H:%M} {self.zone.key}"
