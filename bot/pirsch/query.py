"""What is asked of the statistics: whose, when, and which part of the traffic.

    Query.days(domain, monday, sunday, tz="Europe/Berlin").where(Dimension.PATH, contains("/blog"))

One dimension named with several values means any of them; several dimensions mean all of them
(docs.pirsch.io, API v1, "Filter"). What Pirsch would silently ignore, cut or swap is refused with
`Unaskable` before it is sent, because the answer would look right and belong to another question.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.http.transport import Pairs
from bot.pirsch.conditions import Condition, Dimension, country
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, SessionId, VisitorId

LONGEST_START = timedelta(hours=1)
KEYED = ("meta_", "tag_")  # the beginnings of conditions that are named for a key
MOST_ROWS = 100  # the server cuts there, whatever `limit` says


class Scale(StrEnum):
    """How long one row of a series is. Weeks begin on the day that the dashboard is set to."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Direction(StrEnum):
    """Smallest or largest first."""

    ASCENDING = "asc"
    DESCENDING = "desc"


class MetricType(StrEnum):
    """What the values of a custom metric are."""

    INTEGER = "integer"
    FLOAT = "float"


# ---------------------------------------------------------------- the query


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Whose traffic, when, and which part of it. Make one with `days`, `window` or `last`.

    `tz` is an IANA name; without it Pirsch takes the dashboard's zone. `start` replaces the days and
    means "the last so many seconds"; `from_time` and `to_time` are clock times in `tz` on one day.
    """

    domain: DomainId
    first: date | None = None
    last_day: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    start: timedelta | None = None
    tz: str = ""
    conditions: Pairs = ()
    search: str = ""
    include_title: bool = False
    include_avg_time_on_page: bool = False

    @classmethod
    def days(cls, domain: DomainId, first: date, last: date, *, tz: str = "") -> Self:
        """Ask for whole days, both ends included."""
        return cls(domain=domain, first=first, last_day=last, tz=tz)

    @classmethod
    def window(cls, domain: DomainId, day: date, from_time: time, to_time: time, *, tz: str = "") -> Self:
        """Ask for a part of one day, to the minute."""
        return cls(domain=domain, first=day, last_day=day, from_time=from_time, to_time=to_time, tz=tz)

    @classmethod
    def last(cls, domain: DomainId, length: timedelta, *, tz: str = "") -> Self:
        """Ask for the time just before now: one second to one hour."""
        return cls(domain=domain, start=length, tz=tz)

    def __post_init__(self) -> None:
        if not self.domain:
            raise Unaskable("a domain id is needed")
        _check_when(self)
        _check_zone(self.tz)
        _check_conditions(self.conditions)

    def where(self, dimension: Dimension, *conditions: Condition) -> Self:
        """Return the query with any of these conditions added for a dimension."""
        if not conditions:
            raise Unaskable(f"{dimension}: no condition given")
        if dimension is Dimension.COUNTRY:
            conditions = tuple(country(one) for one in conditions)
        return self._with(dimension.value, conditions)

    def where_meta(self, key: str, *conditions: Condition) -> Self:
        """Return the query with a demand on a meta value of the asked event added."""
        return self._with(f"meta_{_key(key)}", conditions)

    def where_tag(self, key: str, *conditions: Condition) -> Self:
        """Return the query with a demand on a page tag's value added."""
        return self._with(f"tag_{_key(key)}", conditions)

    def of_session(self, visitor: VisitorId, session: SessionId) -> Self:
        """Return the query for one session. A session id is only unique within its visitor."""
        pairs = (("visitor_id", str(visitor)), ("session_id", str(session)))
        return replace(self, conditions=self.conditions + pairs)

    def measuring(self, key: str, kind: MetricType) -> Self:
        """Return the query with a custom metric: the meta key of the asked event that holds the number.

        What cannot be read as a number counts as 0 at Pirsch.
        """
        pairs = (("custom_metric_key", _key(key)), ("custom_metric_type", kind.value))
        return replace(self, conditions=self.conditions + pairs)

    def _with(self, name: str, conditions: tuple[Condition, ...]) -> Self:
        if not conditions:
            raise Unaskable(f"{name}: no condition given")
        return replace(self, conditions=self.conditions + tuple((name, one.text) for one in conditions))

    def asks_for(self, name: str) -> bool:
        """Whether a dimension is part of the query."""
        return any(name == one for one, _ in self.conditions)

    def pairs(self, now: datetime) -> Pairs:
        """Return the query as it is sent. Raise Unaskable for what Pirsch would drop without a word.

        That is a range after tomorrow (UTC), as the growth of the cut range is another one's, and a
        condition that is not applied without another one, or not in its form.
        """
        _check_applied(self.conditions)
        if self.last_day and self.last_day > now.astimezone(UTC).date() + timedelta(days=1):
            raise Unaskable(f"{self.last_day} is after tomorrow; Pirsch would cut the range")
        return (("id", self.domain), *_when(self), *self.conditions, *_extras(self))


def _when(query: Query) -> Pairs:
    told = {
        "from": query.first and query.first.isoformat(),
        "to": query.last_day and query.last_day.isoformat(),
        "from_time": query.from_time and query.from_time.strftime("%H:%M"),
        "to_time": query.to_time and query.to_time.strftime("%H:%M"),
        "start": query.start and str(int(query.start.total_seconds())),
        "tz": query.tz,
    }
    return tuple((name, text) for name, text in told.items() if text)


def _extras(query: Query) -> Pairs:
    told = {
        "search": query.search,
        "include_title": query.include_title and "true",
        "include_avg_time_on_page": query.include_avg_time_on_page and "true",
    }
    return tuple((name, text) for name, text in told.items() if text)


# ---------------------------------------------------------------- what would be ignored


def _check_when(query: Query) -> None:
    if query.start is not None:
        if query.first or query.last_day or query.from_time or query.to_time:
            raise Unaskable("start replaces the days; give one of them")
        if not timedelta(seconds=1) <= query.start <= LONGEST_START:
            raise Unaskable("start must be one second to one hour")
        return
    if query.first is None or query.last_day is None:
        raise Unaskable("a first and a last day are needed, or start")
    if query.first > query.last_day:
        raise Unaskable(f"{query.first} is after {query.last_day}; Pirsch would swap them")
    _check_times(query)


def _check_times(query: Query) -> None:
    if query.from_time is None and query.to_time is None:
        return
    if query.from_time is None or query.to_time is None:
        raise Unaskable("from_time and to_time belong together")
    if query.first != query.last_day:
        raise Unaskable("from_time and to_time would be ignored over several days")
    if (query.from_time.hour, query.from_time.minute) >= (query.to_time.hour, query.to_time.minute):
        raise Unaskable("from_time must be before to_time, by a minute at least")


def _check_zone(tz: str) -> None:
    if not tz:
        return
    try:
        ZoneInfo(tz)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # a folder of zones is an OSError
        raise Unaskable(f"{tz!r} is no time zone") from None


def _check_conditions(conditions: Pairs) -> None:
    names = {name for name, _ in conditions}
    if {Dimension.PATH, Dimension.PATTERN} <= names:
        raise Unaskable("pattern would be ignored beside path")


def _check_applied(conditions: Pairs) -> None:
    """Raise Unaskable for conditions that Pirsch drops, to answer for more traffic than was asked for."""
    counts = Counter(name for name, _ in conditions)
    for name, text in conditions:
        if _is_about_an_event(name) and not counts[Dimension.EVENT]:
            raise Unaskable(f"{name} would be ignored without the name of an event")
        if counts[name] > 1 and name.startswith((*KEYED, Dimension.PLATFORM)):
            raise Unaskable(f"{name} takes one value; others would be ignored")
        if name in (Dimension.PLATFORM, Dimension.LANGUAGE) and text.startswith(("~", "^")):
            raise Unaskable(f"{name} is asked for whole, with equals or differs")


def _is_about_an_event(name: str) -> bool:
    return name.startswith("meta_") or name in (Dimension.EVENT_META_KEY, "custom_metric_key")


def _key(key: str) -> str:
    if not key:
        raise Unaskable("a key is needed")
    return key


# ---------------------------------------------------------------- which rows of a long list


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which rows of a list, in which order. Pirsch gives at most 100, and no total.

    An order is always named: without it the pages of a list need not fit together.
    """

    sort: str = "visitors"
    direction: Direction = Direction.DESCENDING
    limit: int = MOST_ROWS
    offset: int = 0

    def __post_init__(self) -> None:
        if not self.sort:
            raise Unaskable("rows need an order")
        if not 1 <= self.limit <= MOST_ROWS:
            raise Unaskable(f"limit must be 1 to {MOST_ROWS}; Pirsch would cut it, and offset needs it")
        if self.offset < 0:
            raise Unaskable("offset must not be negative")

    def pairs(self) -> Pairs:
        """Return the slice as it is sent."""
        return (
            ("offset", str(self.offset)),
            ("limit", str(self.limit)),
            ("sort", self.sort),
            ("direction", self.direction.value),
        )


FIRST_ROWS = Slice()
