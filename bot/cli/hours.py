"""The hours of the last weeks as CSV: read day by day, kept as they come, and never read twice."""

import csv
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.ground import many, say, stop
from bot.cli.pirsch.output import one_line
from bot.sources.errors import Misconfigured, SourceError
from bot.sources.history import History, Progress, history
from bot.sources.periods import DAY, Days, real_hours, wall_hours
from bot.sources.source import Bucket, Series, Source, Traffic

COLUMNS = ("start", "local", "visitors", "views", "sessions", "bounces", "site")
"""`start` is an instant in UTC, `local` the site's wall clock, which shows an hour twice in autumn."""

Kept = dict[date, Series]
"""Whole days."""


class Unusable(ValueError):
    """A file that cannot be gone on with. Its text says why."""


def read(source: Source, hostname: str, weeks: int, output: Path | None) -> None:
    """Read the hours of the last weeks that `output` does not hold, and write all to it, or to stdout.

    The file is whole after each day, so that an end at any time loses nothing. Exits 1 when a day is missing.
    """
    days = {} if output is None else _kept(output, hostname, source.zone)
    known = dict(days)
    with _telling(weeks) as tell:

        def on_progress(progress: Progress) -> None:
            if progress.series is not None:
                days[progress.day] = progress.series
                _keep(output, as_csv(days, hostname))
            tell(progress)

        _keep(output, as_csv(days, hostname))  # where nothing can be written, nothing needs to be read
        found = history(source, weeks=weeks, known=known, on_progress=on_progress)
    if output is None:
        click.echo(as_csv(days, hostname), nl=False)
    _sum_up(found, known)


# ---------------------------------------------------------------- the file


def as_csv(days: Mapping[date, Series], hostname: str) -> str:
    """Return the hours of days in order, with a head. What is not known is empty, and no zero."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for day in sorted(days):
        zone = days[day].zone
        writer.writerows(_row(bucket, zone, hostname) for bucket in days[day].buckets)
    return out.getvalue()


def _row(bucket: Bucket, zone: ZoneInfo, hostname: str) -> tuple[object, ...]:
    counted = bucket.traffic
    return (
        f"{bucket.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        _wall(bucket.starts_at, zone),
        *(counted.visitors, counted.views, counted.sessions, counted.bounces),
        hostname,
    )


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def from_csv(text: str, hostname: str, zone: ZoneInfo) -> Kept:
    """Return the days of what `as_csv` wrote. Raise Unusable for anything else, or another site's hours."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[date, dict[datetime, Traffic]] = {}
    try:
        if (head := next(reader, None)) is not None and tuple(head) != COLUMNS:
            raise Unusable(f"its columns are not {','.join(COLUMNS)}")
        for row in reader:
            at, traffic = _hour(row, hostname, zone)
            found.setdefault(at.astimezone(zone).date(), {})[at] = traffic
    except Unusable:
        raise
    except (csv.Error, ValueError, OverflowError) as error:
        raise Unusable(f"line {reader.line_num} is not one that this command wrote") from error
    return {day: _day(day, hours, zone) for day, hours in found.items()}


def _hour(row: list[str], hostname: str, zone: ZoneInfo) -> tuple[datetime, Traffic]:
    start, local, visitors, views, sessions, bounces, site = row
    at = datetime.strptime(start, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if site != hostname:
        raise Unusable(f"it holds the hours of {one_line(site)}")
    if local != _wall(at, zone):
        raise Unusable(f"it was written in another time zone than {zone.key}")
    return at, Traffic(
        visitors=int(visitors), views=_count(views), sessions=_count(sessions), bounces=_count(bounces)
    )


def _count(text: str) -> int | None:
    return int(text) if text else None


def _day(day: date, hours: Mapping[datetime, Traffic], zone: ZoneInfo) -> Series:
    """Return a day that has all its hours, told in one of the two ways in which a source may tell them."""
    for shape in (real_hours(day, zone), wall_hours(day, zone)):
        if [one.starts_at for one in shape] == sorted(hours):
            buckets = (
                Bucket(
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    day=day,
                    hour=one.hour,
                    traffic=hours[one.starts_at],
                    complete=True,
                )
                for one in shape
            )
            return Series(zone=zone, buckets=tuple(buckets))
    raise Unusable(f"it holds only a part of {day}; without the lines of that day it is read again")


def _kept(path: Path, hostname: str, zone: ZoneInfo) -> Kept:
    """Return the days of a file that may be there; end with words when it is none of ours."""
    if not path.exists():
        return {}
    if not path.is_file():
        stop(f"{path} is not a file that can be gone on with.", code=2)
    try:
        return from_csv(path.read_text(encoding="utf-8"), hostname, zone)
    except OSError as error:
        stop(f"{path} cannot be read: {error.strerror or error}.")
    except Unusable as error:
        stop(f"{path} cannot be gone on with: {error}.", code=2)
    except UnicodeDecodeError:
        stop(f"{path} cannot be gone on with: it is no text.", code=2)


def _keep(path: Path | None, text: str) -> None:
    """Put a whole file in the place of the old one; end with words where that cannot be."""
    if path is None:
        return
    whole = path.resolve()  # what a link leads to is replaced, and not the link
    part = whole.with_name(f"{whole.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        os.replace(part, whole)
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror or error}.")


# ---------------------------------------------------------------- how it goes


@contextmanager
def _telling(weeks: int) -> Iterator[Callable[[Progress], None]]:
    """Give what shows progress: a bar for eyes, a line for each day otherwise. Both on standard error."""
    if not sys.stderr.isatty():
        yield _line
        return
    with click.progressbar(length=weeks * 7, label="Reading days", file=sys.stderr) as bar:
        yield lambda progress: bar.update(progress.done + progress.failed - bar.pos)


def _line(progress: Progress) -> None:
    outcome = "read" if progress.error is None else f"failed: {one_line(progress.error.why)}"
    say(f"{progress.done + progress.failed} of {progress.total}  {progress.day}  {outcome}", err=True)


def _sum_up(found: History, known: Mapping[date, Series]) -> None:
    """Name the days that were read, those that were there, and those that are missing with the reason."""
    there = [day for day in found.days if day in known]
    for what, days in (("Known before", there), ("Read", [day for day in found.days if day not in known])):
        if days:
            say(f"{what}: {many(len(days), 'day')}, {_named(days)}.", err=True)
    first = min(found.days, default=None)
    begins_at = found.begins_at
    if first and (begins_at is None or begins_at.astimezone(found.days[first].zone).date() > first):
        say(_empty(found, begins_at), err=True)
    if found.failed:
        say(
            f"Failed: {many(len(found.failed), 'day')}. The same command reads only what is missing.",
            err=True,
        )
        for error, days in _by_reason(found.failed):
            say(f"  {_named(days)}: {one_line(error.why)}", err=True)
            if isinstance(error, Misconfigured):
                say(f"  What to do: {error.remedy}", err=True)
        raise SystemExit(1)


def _empty(found: History, begins_at: datetime | None) -> str:
    if begins_at is None:
        return "Nobody came on any of these days: perhaps nothing is counted."
    day = begins_at.astimezone(next(iter(found.days.values())).zone).date()
    return f"Nobody came before {day}: perhaps nothing was counted yet."


def _by_reason(failed: Mapping[date, SourceError]) -> Iterable[tuple[SourceError, list[date]]]:
    reasons: dict[str, list[date]] = {}
    for day in sorted(failed):
        reasons.setdefault(failed[day].why, []).append(day)
    return [(failed[days[0]], days) for days in reasons.values()]


def _named(days: Iterable[date]) -> str:
    """Name days, those in a row as one stretch."""
    stretches: list[Days] = []
    for day in sorted(days):
        if stretches and stretches[-1].last + DAY == day:
            stretches[-1] = Days(first=stretches[-1].first, last=day)
        else:
            stretches.append(Days(first=day, last=day))
    return ", ".join(map(str, stretches))
