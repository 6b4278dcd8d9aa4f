"""Times of the week on the wall of a zone: right on both days on which clocks change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """From a time of day to another, beginning on these weekdays (0 is Monday).

    When it ends at or before it begins, it ends on the next day. An hour that the clocks repeat lies in it
    whole: it begins with the first one and ends with the second. A time that they leave out comes as much
    later as they jump.
    """

    begins: time
    ends: time
    zone: ZoneInfo
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("weekdays are numbered from 0 (Monday) to 6")

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when the span that `now` lies in is over; None outside of every span."""
        today = now.astimezone(self.zone).date()
        spans = (self._span(day) for day in _days(today - _DAY, 3) if day.weekday() in self.days)
        return max((end for begin, end in spans if begin <= now < end), default=None)

    def next_at(self, now: datetime) -> datetime:
        """Return when the next span begins."""
        today = now.astimezone(self.zone).date()
        spans = (self._span(day) for day in _days(today, 15) if day.weekday() in self.days)
        return min(begin for begin, end in spans if now < begin < end)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.begins < self.ends else day + _DAY
        begin = datetime.combine(day, self.begins, self.zone)
        ends = (datetime.combine(last, self.ends.replace(fold=fold), self.zone) for fold in (0, 1))
        return begin.astimezone(UTC), max(end.astimezone(UTC) for end in ends)


def _days(first: date, number: int) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range(number))
