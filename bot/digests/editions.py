"""Which days an edition is about, and which of several due ones is still worth telling. Pure.

An edition speaks of the local days from that of the one before to the day before its own: a daily one of
yesterday, a weekly one of seven days, one on the first of a month of the whole month before, one on
weekdays that comes on Monday of Friday to Sunday. Whatever clocks do, no day is missing and none is told
twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.facts import DaySpan
from bot.sources.growth import Comparison, comparable
from bot.sources.periods import DAY, Days

HISTORY = 8
"""How many comparable periods before are looked at, to know how much this site swings."""

LATE = timedelta(minutes=15)
"""What comes later than this says so."""

MOST_SKIPPED = 31
"""How many editions are written down as skipped, after a very long sleep."""

_FAR = timedelta(days=800)


class Timing(Protocol):
    """When it comes, again and again."""

    def next_after(self, at: datetime) -> datetime:
        """Return the first instant after `at`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a digest: its own instant, and the local days that it is about."""

    due_at: datetime
    next_at: datetime
    days: Days

    @property
    def period(self) -> str:
        """The name under which the book knows it."""
        return f"{self.days.first}/{self.days.last}"

    def late(self, now: datetime) -> timedelta | None:
        """How late it is, if that is worth a word."""
        return now - self.due_at if now - self.due_at >= LATE else None


def latest(timing: Timing, zone: ZoneInfo, now: datetime) -> Edition:
    """Return the edition that was due last."""
    return edition(timing, zone, previous(timing, timing.next_after(now)))


def edition(timing: Timing, zone: ZoneInfo, due: datetime) -> Edition:
    """Return the edition that is due at an instant of its timing."""
    first = previous(timing, due).astimezone(zone).date()
    days = Days(first=first, last=due.astimezone(zone).date() - DAY)
    return Edition(due_at=due, next_at=timing.next_after(due), days=days)


def too_old(timing: Timing, zone: ZoneInfo, since: datetime, told: Edition) -> tuple[Edition, ...]:
    """Return the editions after `since` that were due before the one that is told: older than a period."""
    found, at = [], timing.next_after(since)
    while at < told.due_at:
        found.append(edition(timing, zone, at))
        at = timing.next_after(at)
    return tuple(found[-MOST_SKIPPED:])


def previous(timing: Timing, at: datetime) -> datetime:
    """Return the last instant before `at`."""
    back = DAY
    while timing.next_after(at - back) >= at:
        if back > _FAR:
            raise ValueError("this never comes")
        back *= 2
    found = timing.next_after(at - back)
    while (following := timing.next_after(found)) < at:
        found = following
    return found


def for_site(days: Days, today: date) -> Days:
    """Return the days of an edition as a site has them, where `today` is its local day that is not over.

    West of us, the last day may not be over yet. Then it tells as many days, up to the last one that is.
    """
    return days.shifted(min(0, (today - days.last).days - 1))


def earlier(comparison: Comparison) -> tuple[Days, ...]:
    """Return comparable periods, the oldest first, up to the one that is compared with."""
    found = [comparison.before]
    while len(found) < HISTORY:
        found.append(comparable(found[-1]).before)
    return tuple(reversed(found))


def span(days: Days) -> DaySpan:
    """Return days as a fact."""
    return DaySpan(first=days.first, last=days.last)
