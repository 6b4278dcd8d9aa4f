"""The wall of a site: its zone, what time it is there, and what of a period has begun or is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import clock
from bot.clock import Clock
from bot.sources.errors import Refused
from bot.sources.periods import Days, Period, WallHour, bounds, stretch
from bot.sources.source import Bucket, Series, Traffic

SETTLED = timedelta(minutes=1)
"""How long after its end a stretch of time is complete: vendors take in what they hear some seconds later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Where days begin, and the clock."""

    zone: ZoneInfo
    now: Clock = clock.now

    def today(self) -> date:
        """Return the local day that is not over yet."""
        return self.now().astimezone(self.zone).date()

    def check_begun(self, period: Period) -> None:
        """Raise Refused for a period that lies in the future."""
        if stretch(period, self.zone)[0] > self.now():
            raise Refused(f"{period} has not begun on this site")

    def begun(self, period: Days) -> Days:
        """Return the days of a period that have begun: the first of them, at least."""
        return Days(first=period.first, last=min(period.last, max(self.today(), period.first)))

    def over(self, period: Period) -> bool:
        """Whether a period is complete."""
        return self.settled(stretch(period, self.zone)[1])

    def settled(self, ends_at: datetime) -> bool:
        """Whether what ended at an instant is complete."""
        return self.now() >= ends_at + SETTLED

    def day(self, day: date, traffic: Traffic) -> Bucket:
        """Return the row of a day."""
        starts_at, ends_at = bounds(day, self.zone)
        return Bucket(
            starts_at=starts_at,
            ends_at=ends_at,
            day=day,
            hour=None,
            traffic=traffic,
            complete=self.settled(ends_at),
        )

    def hours(self, hours: Sequence[WallHour], traffic: Sequence[Traffic]) -> Series:
        """Return the rows of the hours that have begun."""
        now = self.now()
        buckets = tuple(
            Bucket(
                starts_at=hour.starts_at,
                ends_at=hour.ends_at,
                day=hour.day,
                hour=hour.hour,
                traffic=counted,
                complete=self.settled(hour.ends_at),
            )
            for hour, counted in zip(hours, traffic, strict=True)
            if hour.starts_at <= now
        )
        return Series(zone=self.zone, buckets=buckets)
