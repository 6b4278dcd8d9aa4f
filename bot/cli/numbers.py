"""pirsch-bot numbers: how a site is doing, each number beside one that it may fairly be compared with."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot import log
from bot.cli import hours
from bot.cli.ground import config_option, many, say, settings_or_stop, stop
from bot.cli.pirsch.asking import NO_CREDENTIALS, hostname_of, in_words
from bot.facts import Vendor
from bot.settings import Settings
from bot.sites import Sites
from bot.sources import pirsch
from bot.sources.growth import Comparison, Growth, Incomparable, TrafficGrowth, comparable, compare
from bot.sources.periods import DAY, Days, completed, one_day
from bot.sources.source import Active, Source, Totals, Traffic

WITHIN = timedelta(minutes=10)
LONGEST = 104
"""Weeks of hours: two years, one question for each of their days."""
COUNTS = ("visitors", "views", "sessions", "bounces")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A period that is over, and what it is compared with."""

    name: str
    now: Traffic
    before: Traffic
    growth: TrafficGrowth

    @property
    def comparison(self) -> Comparison:
        """Which days these are."""
        return self.growth.comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Everything that is told about a site."""

    hostname: str
    zone: ZoneInfo
    periods: tuple[Compared, ...]
    today: Totals
    active: Active


@click.command(
    short_help="How a site is doing, and its hours as CSV.",
    epilog="""Examples:

    \b
    pirsch-bot numbers --site shop
    pirsch-bot numbers --site shop --format json
    pirsch-bot numbers --site shop --history 8 --output hours.csv
    """,
)
@click.option("--site", help="Its name in the settings, or a host name. The only one need not be named.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    help="For eyes, or for programs.  [default: text]",
)
@click.option(
    "--history", "weeks", type=click.IntRange(1, LONGEST), metavar="WEEKS", help="Read hours instead, as CSV."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the CSV goes. What the file holds already is not read again.  [default: stdout]",
)
@config_option
def command(config: Path, site: str | None, form: str | None, weeks: int | None, output: Path | None) -> None:
    """Tell how a site is doing: yesterday, the last 7 whole days, the last whole month.

    Each stands beside a period that it may fairly be compared with, which is named. Where nothing was before,
    there is no percentage. Today is still running, and is compared with nothing.

    With --history the hours of the last weeks are read instead, one question for each day, and written as
    CSV. A day that cannot be had is named, and the command exits 1; with --output the next run reads only
    what is missing.
    """
    if weeks is None and output is not None:
        raise click.UsageError("--output is for the CSV of --history.")
    if weeks is not None and form is not None:
        raise click.UsageError("--history writes CSV, and has no --format.")
    settings = settings_or_stop(config)
    log.quiet()
    hostname = hostname_of(settings, site)
    with in_words(), _opened(settings, hostname) as numbers:
        if weeks is not None:
            hours.read(numbers, hostname, weeks, output)
            return
        found = _ask(numbers, hostname)
    if form == "json":
        click.echo(json.dumps(_as_json(found), indent=2))
    else:
        say("\n".join(_as_lines(found)))


@contextmanager
def _opened(settings: Settings, hostname: str) -> Iterator[Source]:
    """Give the numbers of a site. Raise SourceError; end with words without usable credentials."""
    name = next((name for name, site in settings.sites.items() if site.domain == hostname), None)
    if settings.pirsch is None and (name is None or settings.sites[name].vendor is Vendor.PIRSCH):
        stop(*NO_CREDENTIALS)
    sites = Sites(settings)
    try:
        yield pirsch.source(sites.client(), hostname) if name is None else sites.bare(name)
    finally:
        sites.close()


# ---------------------------------------------------------------- asking


def periods(today: date) -> Mapping[str, Days]:
    """Return the periods that are told, where `today` is the local day that is not over."""
    month_end = today.replace(day=1) - DAY
    return {
        "yesterday": completed(today, 1),
        "last 7 whole days": completed(today, 7),
        "last whole month": Days(first=month_end.replace(day=1), last=month_end),
    }


def _ask(numbers: Source, hostname: str) -> Numbers:
    today = numbers.today()
    try:
        compared = tuple(_compared(numbers, name, days) for name, days in periods(today).items())
    except Incomparable:
        stop("Yesterday has ended this minute, and may still be counted. Ask again in a minute.")
    return Numbers(
        hostname=hostname,
        zone=numbers.zone,
        periods=compared,
        today=numbers.totals(one_day(today)),
        active=numbers.active(WITHIN),
    )


def _compared(numbers: Source, name: str, period: Days) -> Compared:
    """Ask for a period and its base. `growth.ask` keeps only what changed; people want the rates too."""
    comparison = comparable(period)
    now, before = numbers.totals(comparison.now), numbers.totals(comparison.before)
    growth = compare(now, before, comparison)
    return Compared(name=name, now=now.traffic, before=before.traffic, growth=growth)


def changes(found: Compared) -> Mapping[str, float | None]:
    """Return the change of each count as a fraction, None without a base."""
    pairs = {name: (getattr(found.now, name), getattr(found.before, name)) for name in COUNTS}
    return {
        name: None
        if now is None or before is None
        else Growth(now=now, before=before, comparison=found.comparison).change
        for name, (now, before) in pairs.items()
    }


# ---------------------------------------------------------------- for eyes


def _as_lines(found: Numbers) -> Iterator[str]:
    yield f"{found.hostname}, days of {found.zone.key}"
    for one in found.periods:
        yield ""
        yield from _section(one)
    yield ""
    yield f"Today, {found.today.period}: still running, and compared with nothing"
    yield from (f"  {name:<12}{_shown(value):>12}" for name, value in _counted(found.today.traffic).items())
    yield ""
    minutes = WITHIN // timedelta(minutes=1)
    yield f"Active now: {many(found.active.visitors, 'visitor')} within the last {minutes} minutes"


def _section(found: Compared) -> Iterator[str]:
    by = found.comparison
    yield f"{found.name.capitalize()}, {by.now}"
    by_the_day = ", by the day as they are not equally long" if found.growth.visitors.per_day else ""
    yield f"  beside {by.base}, {by.before}{by_the_day}"
    yield f"  {'':<12}{'now':>12}{'before':>12}{'change':>16}"
    now, before = _counted(found.now), _counted(found.before)
    told = {name: _percent(change) for name, change in changes(found).items()}
    told["bounce rate"] = _points(found.growth.bounce_rate)
    for name, change in told.items():
        yield f"  {name:<12}{_shown(now[name]):>12}{_shown(before[name]):>12}{change:>16}"


def _counted(traffic: Traffic) -> dict[str, int | float | None]:
    return {name: getattr(traffic, name) for name in COUNTS} | {"bounce rate": traffic.bounce_rate}


def _shown(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:.1%}"


def _percent(change: float | None) -> str:
    return "no base" if change is None else f"{change:+.1%}"


def _points(change: float | None) -> str:
    return "no base" if change is None else f"{100 * change:+.1f} points"


# ---------------------------------------------------------------- for programs


def _as_json(found: Numbers) -> dict[str, object]:
    active = found.active
    return {
        "site": found.hostname,
        "zone": found.zone.key,
        "periods": [_period(one) for one in found.periods],
        "today": {"day": str(found.today.period), "complete": found.today.complete}
        | _named(found.today.traffic),
        "active": {
            "visitors": active.visitors,
            "within_seconds": int(active.within.total_seconds()),
            "at": active.at.isoformat(),
        },
    }


def _period(found: Compared) -> dict[str, object]:
    by = found.comparison
    return {
        "name": found.name,
        "now": _dated(by.now) | _named(found.now),
        "before": _dated(by.before) | _named(found.before),
        "base": by.base.value,
        "by_the_day": found.growth.visitors.per_day,
        "change": {**changes(found), "bounce_rate_points": found.growth.bounce_rate},
    }


def _dated(days: Days) -> dict[str, object]:
    return {"first": days.first.isoformat(), "last": days.last.isoformat()}


def _named(traffic: Traffic) -> dict[str, object]:
    return {name: getattr(traffic, name) for name in COUNTS} | {"bounce_rate": traffic.bounce_rate}
