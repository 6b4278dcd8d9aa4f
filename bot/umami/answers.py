"""What Umami says, read tolerantly: two majors, two databases, and changes within a major. Pure.

Numbers come as numbers, as texts ("109", "2734.46": PostgreSQL's decimals) or not at all; buckets come as the
local time of the zone that was asked for, or as instants. A number that is decided upon is never made up: one
that is missing makes the answer unreadable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from bot.http.decoding import Keys, Unfit, decode
from bot.umami.dialect import Dialect

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """A website that is counted."""

    id: str
    name: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The totals of a span. `seconds` is the time of all visits together."""

    visitors: int
    views: Annotated[int, Keys("pageviews")]
    visits: int
    bounces: int
    seconds: Annotated[int, Keys("totaltime")] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A bucket of a series: when it begins, and how many."""

    at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPoint:
    """How often an event happened in a bucket."""

    name: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a field. What `count` counts depends on the field; an empty name is none."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page and its traffic."""

    path: Annotated[str, Keys("path", "url")] = ""
    visitors: int
    views: int
    visits: int | None = None
    bounces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaValue:
    """How often an event had one value of a property."""

    value: str = ""
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A saved report. `parameters` are those of its kind."""

    id: str
    type: str
    name: str = ""
    parameters: object = None
    made_at: Annotated[datetime | None, Keys("createdAt")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a funnel, and how many visitors came to it."""

    type: str
    value: str
    visitors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A goal as it was saved. Version 3 knows no target, and no sums."""

    type: str
    value: str
    target: Annotated[Decimal | None, Keys("goal")] = None
    operator: str = ""
    property: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a goal is: visitors of version 3, and of how many; times, or a sum, of version 2."""

    result: Annotated[Decimal, Keys("num", "result")]
    total: int | None = None
    type: str = ""
    value: str = ""
    operator: str = ""
    property: str = ""


def one(kind: type[T], data: object) -> T:
    """Read one value. Raise Unfit."""
    return decode(kind, data)


def rows(data: object) -> list[object]:
    """Return a list, or the rows of a page of one; null is an empty one. Raise Unfit."""
    if isinstance(data, Mapping):
        data = data.get("data")
    if data is None:
        return []
    if not isinstance(data, list):
        raise Unfit("the answer: a list expected")
    return data


def many(kind: type[T], data: object) -> tuple[T, ...]:
    """Read a list of values. Raise Unfit."""
    return tuple(decode(kind, row, f"[{number}]") for number, row in enumerate(rows(data)))


def stats(data: object) -> tuple[Stats, Dialect]:
    """Read totals, and tell the version by their shape: version 2 has each number beside the one before."""
    if not isinstance(data, Mapping):
        raise Unfit("the answer: an object expected")
    old = isinstance(data.get("visitors"), Mapping)
    plain = {
        name: value.get("value") if isinstance(value, Mapping) else value
        for name, value in data.items()
        if name != "comparison"
    }
    return decode(Stats, plain), Dialect.V2 if old else Dialect.V3


def values(data: object) -> tuple[Value, ...]:
    """Read `/metrics`. Version 2 also tells channels that nobody came by."""
    return tuple(Value(name=row.x, count=row.y) for row in many(_Named, data) if row.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    x: str = ""
    y: int


def series(data: object, zone: ZoneInfo) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Read `/pageviews`: the page views of each bucket, and its visitors, which are called sessions there."""
    if not isinstance(data, Mapping):
        raise Unfit("the answer: an object expected")
    return _points(data, "pageviews", zone), _points(data, "sessions", zone)


def _points(data: Mapping[str, object], name: str, zone: ZoneInfo) -> tuple[Point, ...]:
    if name not in data:
        raise Unfit(f"{name}: a list expected, and there is none")
    return tuple(Point(at=instant(row.x, zone), count=row.y) for row in many(_XY, data[name]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _XY:
    x: str
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _XTY:
    x: str
    t: str
    y: int


def event_series(data: object, zone: ZoneInfo) -> tuple[EventPoint, ...]:
    """Read `/events/series`."""
    return tuple(EventPoint(name=row.x, at=instant(row.t, zone), count=row.y) for row in many(_XTY, data))


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Return when a bucket begins: the text is the local time of the zone that was asked for, or an instant.

    Of an hour that the wall clock shows twice it is the first one: PostgreSQL puts both into one bucket.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit("a bucket: a time expected") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def campaigns(data: object) -> Mapping[str, Mapping[str, int]]:
    """Read `/reports/utm`: how many page views had each value of each utm parameter.

    Up to 2.18 an object of objects, in 2.19 and 2.20 a list of query texts, from 3.0 on an object of lists.
    """
    found: dict[str, dict[str, int]] = {}

    def add(key: str, value: str, count: int) -> None:
        mine = found.setdefault(key, {})
        mine[value] = mine.get(value, 0) + count

    if isinstance(data, Mapping):
        for key, told in data.items():
            listed = [] if isinstance(told, Mapping) else many(_Utm, told)
            counts = told.items() if isinstance(told, Mapping) else [(one.utm, one.views) for one in listed]
            for value, count in counts:
                add(str(key), str(value), decode(int, count, f"{key}.{value}"))
        return found
    for row in many(_Query, data):
        for key, value in parse_qsl(row.url_query.removeprefix("?")):
            if key.startswith("utm_"):
                add(key, value, row.num)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utm:
    utm: str
    views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    url_query: str = ""
    num: int
