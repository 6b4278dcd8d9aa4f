"""Options that make a `Query` and a `Slice`: whose traffic, when, which part of it, and which rows."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from bot import clock
from bot.cli.ground import Length
from bot.pirsch.answers.account import Domain
from bot.pirsch.conditions import Condition, Dimension, contains, differs, equals, known, lacks, unknown
from bot.pirsch.errors import Unaskable
from bot.pirsch.query import Direction, MetricType, Query
from bot.sources.periods import completed
from bot.sources.pirsch import zone_of

DAY = click.DateTime(["%Y-%m-%d"])
TIME = click.DateTime(["%H:%M"])
DEFAULT_DAYS = 7
MOST = 100

_FILTER = re.compile(r"(?P<name>[^=!~^]+)(?P<operator>!=|=|~|\^)(?P<value>.*)", re.DOTALL)
_DIMENSIONS = {one.value for one in Dimension}


class Filter(click.ParamType[tuple[str, Condition]]):
    """A demand on the traffic: path=/x, country!=de, referrer~news, path^/admin, meta.currency=USD."""

    name = "filter"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Condition]:
        """Read it, or say what would be right."""
        if isinstance(value, tuple):
            return value
        found = _FILTER.fullmatch(value)
        name = found["name"].strip() if found else ""
        if found is None or (name not in _DIMENSIONS and not name.startswith(("meta.", "tag."))):
            known_ones = ", ".join(sorted(_DIMENSIONS))
            self.fail(
                "write NAME=VALUE, NAME!=VALUE, NAME~PART or NAME^PART, where NAME is meta.<key>, "
                f"tag.<key>, or one of {known_ones}",
                param,
                ctx,
            )
        try:
            return name, _condition(found["operator"], found["value"])
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _condition(operator: str, value: str) -> Condition:
    if value == "null" and operator in ("=", "!="):
        return unknown() if operator == "=" else known()
    return {"=": equals, "!=": differs, "~": contains, "^": lacks}[operator](value)


def query_options() -> list[click.Option]:
    """Return the options that make a query."""
    return [
        click.Option(
            ["--from", "first"],
            type=DAY,
            metavar="DAY",
            help="First day, 2026-05-01.  [default: the last 7 whole days]",
        ),
        click.Option(
            ["--to", "last"], type=DAY, metavar="DAY", help="Last day, included.  [default: the first day]"
        ),
        click.Option(["--from-time"], type=TIME, metavar="HH:MM", help="A part of one day."),
        click.Option(["--to-time"], type=TIME, metavar="HH:MM", help="Its end."),
        click.Option(
            ["--last", "start"], type=Length(), help="Instead of days: the last so long, 1h at most."
        ),
        click.Option(["--tz"], help="Time zone of the days.  [default: the dashboard's]"),
        click.Option(
            ["--filter", "filters"],
            type=Filter(),
            multiple=True,
            metavar="NAME=VALUE",
            help="Only this part: path=/x, country!=de, referrer~news, path^/admin, meta.<key>=v, "
            "utm_source=null. One name again: or. Another name: and.",
        ),
        click.Option(["--metric"], metavar="KEY", help="Add up this meta key of the filtered event."),
        click.Option(["--search"], default="", help="Only rows with this text."),
        click.Option(["--titles"], is_flag=True, help="Tell pages by title as well."),
    ]


def query(domain: Domain, values: Mapping[str, Any]) -> Query:
    """Make the query, with its time zone always named. Raise Unaskable for what would be ignored."""
    zone = _zone(domain, values["tz"])
    asked = Query(
        domain=domain.id,
        tz=zone.key,
        search=values["search"],
        include_title=values["titles"],
        **_when(zone, values),
    )
    asked = reduce(_demanded, values["filters"], asked)
    return asked.measuring(values["metric"], MetricType.FLOAT) if values["metric"] else asked


def _zone(domain: Domain, named: str | None) -> ZoneInfo:
    if not named:
        return zone_of(domain)
    try:
        return ZoneInfo(named)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # a folder of zones is an OSError
        raise Unaskable(f"{named!r} is no time zone") from None


def _when(zone: ZoneInfo, values: Mapping[str, Any]) -> dict[str, Any]:
    if values["start"] is not None:
        return {"start": values["start"]}
    first, last = _day(values["first"]), _day(values["last"])
    if first is None and last is None and not values["from_time"]:
        days = completed(clock.now().astimezone(zone).date(), DEFAULT_DAYS)
        first, last = days.first, days.last
    return {
        "first": first or last,
        "last_day": last or first,
        "from_time": _time(values["from_time"]),
        "to_time": _time(values["to_time"]),
    }


def _demanded(asked: Query, demand: tuple[str, Condition]) -> Query:
    name, condition = demand
    kind, dot, key = name.partition(".")
    if dot:
        return asked.where_meta(key, condition) if kind == "meta" else asked.where_tag(key, condition)
    return asked.where(Dimension(name), condition)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _time(at: datetime | None) -> time | None:
    return at.time() if at else None


def slice_options(sort: str) -> list[click.Option]:
    """Return the options that choose rows."""
    return [
        click.Option(
            ["--most"],
            type=click.IntRange(1, 10_000),
            default=MOST,
            show_default=True,
            help="So many rows at most.",
        ),
        click.Option(["--sort"], default=sort, show_default=True, help="By which number."),
        click.Option(
            ["--ascending", "direction"],
            flag_value=Direction.ASCENDING,
            type=click.UNPROCESSED,
            help="The smallest first.",
        ),
    ]


WITHIN = timedelta(minutes=10)
