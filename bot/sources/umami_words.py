"""What Umami calls things, in the words of a `Source`, and the other way round. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from bot.sources.errors import Misconfigured, Refused, SourceError, Unavailable, Unreadable
from bot.sources.periods import Days, WallHour
from bot.sources.source import Dimension, FunnelStep, GoalState, Match, Row, Target, Traffic, Where
from bot.umami.answers import (
    EventPoint,
    MetaValue,
    PageRow,
    Point,
    Reached,
    Report,
    Stats,
    Step,
    Value,
    Wanted,
)
from bot.umami.client import parameters
from bot.umami.dialect import Condition, Field, Operator
from bot.umami.errors import (
    BadCredentials,
    NotReadable,
    TryLater,
    UmamiError,
    Unreachable,
)

FIELDS: Mapping[Dimension, Field] = {
    Dimension.PAGE: Field.PATH,
    Dimension.ENTRY_PAGE: Field.ENTRY,
    Dimension.EXIT_PAGE: Field.EXIT,
    Dimension.HOSTNAME: Field.HOSTNAME,
    Dimension.REFERRER: Field.REFERRER,
    Dimension.CHANNEL: Field.CHANNEL,
    Dimension.COUNTRY: Field.COUNTRY,
    Dimension.REGION: Field.REGION,
    Dimension.CITY: Field.CITY,
    Dimension.LANGUAGE: Field.LANGUAGE,
    Dimension.BROWSER: Field.BROWSER,
    Dimension.SYSTEM: Field.SYSTEM,
    Dimension.DEVICE: Field.DEVICE,
    Dimension.SCREEN: Field.SCREEN,
    Dimension.TAG: Field.TAG,
    Dimension.EVENT: Field.EVENT,
}
CAMPAIGNS: Mapping[Dimension, str] = {
    Dimension.UTM_SOURCE: "utm_source",
    Dimension.UTM_MEDIUM: "utm_medium",
    Dimension.UTM_CAMPAIGN: "utm_campaign",
    Dimension.UTM_CONTENT: "utm_content",
    Dimension.UTM_TERM: "utm_term",
}
_OPERATORS: Mapping[Match, Operator] = {
    Match.IS: Operator.IS,
    Match.IS_NOT: Operator.IS_NOT,
    Match.CONTAINS: Operator.CONTAINS,
    Match.LACKS: Operator.LACKS,
}
_UNKNOWN_COUNTRY = "XX"
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

LOGIN = "Correct username and password, or api_key, in [umami], and let that user see the website."


# ---------------------------------------------------------------- what is asked


def conditions(where: Sequence[Where]) -> tuple[Condition, ...]:
    """Return demands as Umami has them. Raise Refused for what it cannot be asked."""
    return tuple(_condition(one) for one in where)


def _condition(one: Where) -> Condition:
    field = FIELDS.get(one.dimension)
    if field is None:
        raise Refused(f"Umami cannot tell the part of the traffic by {one.dimension}")
    if one.value is None:
        raise Refused(f"Umami cannot be asked for those without a {one.dimension}")
    value = one.value.upper() if one.dimension is Dimension.COUNTRY else one.value
    return Condition(field=field, value=value, operator=_OPERATORS[one.match])


def event_of(where: Sequence[Where]) -> str | None:
    """Return the event that is asked for, if it is one. Raise Refused for a part of the traffic with it."""
    events = [one for one in where if one.dimension is Dimension.EVENT]
    if not events:
        return None
    if len(where) > 1 or events[0].match is not Match.IS or not events[0].value:
        raise Refused("Umami tells events one by one, and of all traffic only")
    return events[0].value


# ---------------------------------------------------------------- what is told


def traffic(found: Stats) -> Traffic:
    """Return totals."""
    return Traffic(visitors=found.visitors, views=found.views, sessions=found.visits, bounces=found.bounces)


def by_day(
    views: Iterable[Point], visitors: Iterable[Point], days: Days, zone: ZoneInfo
) -> Mapping[date, Traffic]:
    """Return the traffic of each day; those that are left out had none. Raise Unreadable for others."""
    seen, came = _sums(views, days, zone), _sums(visitors, days, zone)
    return {day: Traffic(visitors=came.get(day, 0), views=seen.get(day, 0)) for day in days}


def _sums(points: Iterable[Point], days: Days, zone: ZoneInfo) -> dict[date, int]:
    found: dict[date, int] = {}
    for point in points:
        day = point.at.astimezone(zone).date()
        if day not in days:
            raise Unreadable("Umami: a day that was not asked for is in the answer")
        found[day] = found.get(day, 0) + point.count
    return found


def by_hour(views: Iterable[Point], visitors: Iterable[Point], hours: Sequence[WallHour]) -> list[Traffic]:
    """Return the traffic of each hour, by the instants at which the buckets begin."""
    seen, came = [0] * len(hours), [0] * len(hours)
    for points, counts in ((views, seen), (visitors, came)):
        for point in points:
            counts[_place(point.at, hours)] += point.count
    return [Traffic(visitors=who, views=what) for who, what in zip(came, seen, strict=True)]


def _place(at: datetime, hours: Sequence[WallHour]) -> int:
    for place, hour in enumerate(hours):
        if hour.starts_at <= at < hour.ends_at:
            return place
    raise Unreadable("Umami: an hour that was not asked for is in the answer")


def points(found: Iterable[EventPoint], event: str) -> list[Point]:
    """Return how often one event happened, as a series."""
    return [Point(at=one.at, count=one.count) for one in found if one.name == event]


def value_rows(dimension: Dimension, found: Iterable[Value]) -> tuple[Row, ...]:
    """Return the rows of a list, the largest first."""
    rows = [Row(value=_named(dimension, one.name), traffic=Traffic(visitors=one.count)) for one in found]
    return tuple(sorted(rows, key=lambda row: -row.traffic.visitors))


def _named(dimension: Dimension, name: str) -> str:
    if dimension is Dimension.COUNTRY:
        return "" if name == _UNKNOWN_COUNTRY else name.lower()
    if dimension is Dimension.CHANNEL:  # organicSearch
        return " ".join(word.capitalize() for word in _WORDS.split(name))
    return name


def page_rows(found: Iterable[PageRow]) -> tuple[Row, ...]:
    """Return the pages, the largest first."""
    rows = [
        Row(
            value=one.path,
            traffic=Traffic(visitors=one.visitors, views=one.views, sessions=one.visits, bounces=one.bounces),
        )
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: -row.traffic.visitors))


def campaign_rows(counts: Mapping[str, int]) -> tuple[Row, ...]:
    """Return the values of a utm parameter. Umami counts the page views that had it: who arrived by it."""
    rows = [Row(value=name, traffic=Traffic(visitors=count, views=count)) for name, count in counts.items()]
    return tuple(sorted(rows, key=lambda row: -row.traffic.visitors))


def total(values: Iterable[MetaValue]) -> tuple[Decimal, int]:
    """Return what values add up to, and how many they are. What is not a number counts as 0."""
    amount, count = Decimal(0), 0
    for one in values:
        amount += number(one.value) * one.total
        count += one.total
    return amount, count


def number(text: str) -> Decimal:
    """Return a value as a number; 0 for what is none, or none that anybody is paid."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < Decimal(10) ** 15 else Decimal(0)


def plain(text: str) -> str:
    """Write a number without the zeros that a database adds: 289.9400 is 289.94."""
    head, dot, tail = text.partition(".")
    return f"{head}.{tail.rstrip('0')}".rstrip(".") if dot and (head + tail).isdigit() else text


# ---------------------------------------------------------------- what was wished for


def steps(found: Sequence[Step]) -> tuple[FunnelStep, ...]:
    """Return the steps of a funnel."""
    first = found[0].visitors if found else 0
    before = [one.visitors for one in found[:1]] + [one.visitors for one in found]
    return tuple(
        FunnelStep(
            number=place + 1,
            name=one.value,
            visitors=one.visitors,
            conversion=one.visitors / before[place] if before[place] else None,
            share=one.visitors / first if first else None,
        )
        for place, one in enumerate(found)
    )


def wanted(saved: Report) -> tuple[Wanted, ...]:
    """Return the goals of a saved report: one in version 3, several in version 2. Raise NotReadable."""
    told = parameters(saved)
    several = told.get("goals", [told])
    found = [_wanted(one) for one in several if isinstance(one, Mapping)] if isinstance(several, list) else []
    return tuple(one for one in found if one.type and one.value)


def _wanted(told: Mapping[str, object]) -> Wanted:
    target = told.get("goal")
    counted = isinstance(target, int | float | str) and not isinstance(target, bool)
    return Wanted(
        type=str(told.get("type") or ""),
        value=str(told.get("value") or ""),
        target=number(str(target)) if counted else None,
        operator=str(told.get("operator") or ""),
        property=str(told.get("property") or ""),
    )


def goal(
    id: str,
    name: str,
    wished: Wanted,
    reached: Reached,
    times: Reached | None = None,
    made_at: datetime | None = None,
) -> GoalState:
    """Return a goal as it stands. `times` is how often it happened, for one that is a sum."""
    of_page = wished.type in ("url", "path")
    count = int((times or reached).result)
    target = None
    if wished.target:
        target = Target(wanted=float(wished.target), present=float(reached.result))
    return GoalState(
        id=id,
        name=name,
        visitors=count,
        share=count / reached.total if reached.total else None,
        event="" if of_page else wished.value,
        page=wished.value if of_page else "",
        visitors_target=None if times is not None else target,
        total_target=target if wished.operator == "sum" else None,
        average_target=target if wished.operator == "average" else None,
        made_at=made_at,
    )


# ---------------------------------------------------------------- what goes wrong


def error(trouble: UmamiError) -> SourceError:
    """Return what an error of the client means for whoever wanted a number. Its texts hold no secret."""
    why = f"Umami: {trouble}"
    match trouble:
        case TryLater() | Unreachable():
            return Unavailable(why, trouble.retry_after)
        case BadCredentials():
            return Misconfigured(why, LOGIN)
        case NotReadable():
            return Unreadable(why)
        case _:
            return Refused(why)
