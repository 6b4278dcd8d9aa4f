"""What can be asked of a stretch of time: a part of one local day, or whole days. Pure.

Pirsch narrows every list to a part of one day (`from_time`, `to_time`), to nothing finer than a minute, and
to no part of two days. So a stretch falls into pieces, one for each day that it touches, with the whole days
between taken together. A visitor is known for a day at most: visitors of the pieces are added up, and whoever
came on two days counts twice, now and before alike.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sources.periods import DAY, Days, Period, Window, bounds

WEEK = timedelta(days=7)
_LAST_MINUTE = time(23, 59)
_MINUTE = timedelta(minutes=1)


def pieces(since_at: datetime, until_at: datetime, zone: ZoneInfo) -> tuple[Period, ...]:
    """Return the periods that make up [since_at, until_at), to the minute.

    A piece that ends with its day and does not begin with it ends a minute before midnight: there is no name
    for midnight at the end of a day. Raises ValueError for a stretch shorter than a minute.
    """
    if until_at - since_at < _MINUTE:
        raise ValueError("a stretch of at least a minute is needed")
    found: list[Period] = []
    day = since_at.astimezone(zone).date()
    while (begins_at := bounds(day, zone)[0]) < until_at:
        ends_at = bounds(day, zone)[1]
        if since_at <= begins_at and ends_at <= until_at:
            found.append(Days(first=day, last=day))
        else:
            part = _part(day, max(since_at, begins_at), min(until_at, ends_at), ends_at, zone)
            found += [] if part is None else [part]
        day += DAY
    return tuple(_joined(found))


def earlier(period: Period, weeks: int) -> Period:
    """Return the same hours of the same weekdays, so many weeks before."""
    if isinstance(period, Days):
        return period.shifted(-7 * weeks)
    return replace(period, day=period.day - weeks * WEEK)


def alike(
    asked: Sequence[Period], weeks: int, special: Callable[[date], bool], furthest: int = 8
) -> tuple[int, ...]:
    """Return how many weeks before the latest ones lie in which no day of these was special.

    Those that went just before, special or not, when there are none: something to compare with is needed.
    """
    found = [week for week in range(1, furthest + 1) if not any(map(special, _days_of_week(asked, week)))]
    return tuple(found[:weeks]) or tuple(range(1, weeks + 1))


def _days_of_week(asked: Sequence[Period], week: int) -> Iterator[date]:
    for piece in asked:
        before = earlier(piece, week)
        yield from before if isinstance(before, Days) else (before.day,)


def days_of(asked: Sequence[Period]) -> tuple[date, date]:
    """Return the first and the last local day of some periods."""
    firsts = [one.first if isinstance(one, Days) else one.day for one in asked]
    lasts = [one.last if isinstance(one, Days) else one.day for one in asked]
    return min(firsts), max(lasts)


def _part(day: date, from_at: datetime, to_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Window | None:
    """Return a part of a day by its wall clock; None where the clock shows no time between the two."""
    from_time = _minute(from_at, zone)
    to_time = _LAST_MINUTE if to_at >= ends_at else _minute(to_at, zone)
    if from_time >= to_time:  # less than a minute of it, or an hour that the clock shows twice
        return None
    return Window(day=day, from_time=from_time, to_time=to_time)


def _minute(at: datetime, zone: ZoneInfo) -> time:
    return at.astimezone(zone).time().replace(second=0, microsecond=0)


def _joined(found: Sequence[Period]) -> list[Period]:
    """Take whole days that follow each other together."""
    joined: list[Period] = []
    for one in found:
        last = joined[-1] if joined else None
        if isinstance(one, Days) and isinstance(last, Days) and last.last + DAY == one.first:
            joined[-1] = Days(first=last.first, last=one.last)
        else:
            joined.append(one)
    return joined
