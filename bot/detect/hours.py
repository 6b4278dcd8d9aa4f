"""Counts of a site per completed hour, by instant, with the wall clock that people live by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
CELLS = 168
_STRETCH = 24  # hours in which clocks change once at most


class Wall(NamedTuple):
    """Where an hour stands on the site's wall: its day (as ordinal) and its hour of the week (0 to 167)."""

    day: int
    cell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Counts of completed hours, one after the other. None where nothing is known: that is not zero.

    A day on which the clocks change has 23 or 25 of them; hours are told apart by instant, and expected
    by the wall clock of `zone`.
    """

    first_at: datetime
    counts: tuple[int | None, ...]
    zone: ZoneInfo

    @property
    def end_at(self) -> datetime:
        """Return the instant at which the last hour was complete."""
        return self.first_at + len(self.counts) * HOUR

    def last(self, hours: int) -> "Hours":
        """Return at most the last so many hours."""
        dropped = max(0, len(self.counts) - hours)
        return replace(self, first_at=self.first_at + dropped * HOUR, counts=self.counts[dropped:])

    def until(self, end_at: datetime) -> "Hours":
        """Return the hours that were complete at an instant."""
        kept = max(0, min(len(self.counts), (end_at - self.first_at) // HOUR))
        return replace(self, counts=self.counts[:kept])

    def walls(self) -> Iterator[Wall]:
        """Return the place of each hour on the wall."""
        for start in range(0, len(self.counts), _STRETCH):
            yield from self._stretch(start, min(start + _STRETCH, len(self.counts)))

    def _stretch(self, start: int, stop: int) -> Iterator[Wall]:
        first_at, last_at = self.first_at + start * HOUR, self.first_at + (stop - 1) * HOUR
        if first_at.astimezone(self.zone).utcoffset() != last_at.astimezone(self.zone).utcoffset():
            for number in range(start, stop):
                yield wall(self.first_at + number * HOUR, self.zone)
            return
        day, cell = wall(first_at, self.zone)  # the clocks do not change meanwhile: count on
        for passed in range(cell % 24, cell % 24 + stop - start):
            yield Wall(day + passed // 24, (cell - cell % 24 + passed) % CELLS)


def wall(at: datetime, zone: ZoneInfo) -> Wall:
    """Return the place of the hour that begins at an instant."""
    local = at.astimezone(zone)
    day = local.toordinal()
    return Wall(day, (day + 6) % 7 * 24 + local.hour)
