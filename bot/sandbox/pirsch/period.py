"""The stretch of time that a statistics call is about."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from werkzeug.datastructures import MultiDict

from bot.sandbox.pirsch.refusal import invalid

LONGEST_START = 3600
DAY = timedelta(days=1)
OLDEST = date(2000, 1, 1)  # nothing was counted before


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The instants [since, until) and the local days they fall on, both included."""

    since: int
    until: int
    first: date
    last: date
    zone: ZoneInfo
    within_day: bool = False

    @property
    def days(self) -> list[date]:
        """Every local day, in order."""
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]


def whole_days(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return complete local days; 23 or 25 hours long when the clocks change."""
    since, until = _midnight(first, zone), _midnight(last + DAY, zone)
    return Period(since=since, until=until, first=first, last=last, zone=zone)


def between(since: int, until: int, zone: ZoneInfo) -> Period:
    """Return a window by instants."""
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (since, max(since, until - 1)))
    return Period(since=since, until=until, first=first, last=last, zone=zone, within_day=True)


def read(query: MultiDict[str, str], timezone: str, now: datetime) -> Period:
    """Read `start`, or `from`, `to`, `from_time`, `to_time`, and `tz`.

    As in the vendor's core: `start` overrides dates and is capped at an hour; a range the wrong way round
    is swapped; `to` ends at tomorrow by UTC; times count only when `from` and `to` are one day, and the
    second of `to_time` belongs to the window. Raises Refused (400) for what is no date, time or zone.
    """
    zone = _zone(query.get("tz") or timezone)
    if query.get("start"):
        return _latest(query["start"], zone, now)
    first, last = sorted((_date(query, "from"), _date(query, "to")))
    tomorrow = now.astimezone(UTC).date() + DAY
    first, last = (max(OLDEST, min(day, tomorrow)) for day in (first, last))
    if first != last or not (query.get("from_time") or query.get("to_time")):
        return whole_days(first, last, zone)
    since = datetime.combine(first, _time(query, "from_time", "00:00"), zone)
    until = datetime.combine(first, _time(query, "to_time", "23:59"), zone)
    return between(int(since.timestamp()), int(until.timestamp()) + 1, zone)


def before(period: Period, now: datetime) -> Period:
    """Return the window that growth compares with.

    Several days: as many days, ending the day before. One past day: the same weekday a week earlier. Today,
    judged in UTC: the same weekday last week, up to this time of day. A window within a day: the same, one
    day earlier.
    """
    if period.within_day:
        return between(period.since - 86_400, period.until - 86_400, period.zone)
    if period.first != period.last:
        last = period.first - DAY
        return whole_days(last - (period.last - period.first), last, period.zone)
    week_ago = whole_days(period.first - 7 * DAY, period.first - 7 * DAY, period.zone)
    if period.first != now.astimezone(UTC).date():
        return week_ago
    return between(week_ago.since, int((now - 7 * DAY).timestamp()), period.zone)


def _latest(text: str, zone: ZoneInfo, now: datetime) -> Period:
    try:
        seconds = int(text)
    except ValueError:
        raise invalid(start="The start must be a number of seconds.") from None
    at = int(now.timestamp())
    return between(at - max(0, min(seconds, LONGEST_START)), at + 1, zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(tz="The time zone is unknown.") from None


def _date(query: MultiDict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(query.get(name, "")[:10])
    except ValueError:
        raise invalid(**{name: "The date must be written as YYYY-MM-DD."}) from None


def _time(query: MultiDict[str, str], name: str, default: str) -> time:
    try:
        return time.fromisoformat(query.get(name) or default)
    except ValueError:
        raise invalid(**{name: "The time must be written as HH:MM."}) from None


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
