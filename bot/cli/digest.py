"""pirsch-bot digest: what comes when, how it would read, and send it now."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import click

from bot import clock, db, log, recipients
from bot.cli import mail_page, straight
from bot.cli.digest_view import View
from bot.cli.ground import (
    config_option,
    is_sqlite,
    known_or_stop,
    opened,
    settings_or_stop,
    stop,
    table,
    when,
)
from bot.db import Database
from bot.digests import book, editions, write
from bot.digests.editions import Edition
from bot.digests.outline import OF_THE_BOT
from bot.digests.press import Press
from bot.digests.records import Records
from bot.facts import Digest, Failed, Notice
from bot.jobs import OnWall
from bot.presses import presses
from bot.render import shipped
from bot.render.environments import environments
from bot.roads import roads
from bot.settings import Settings
from bot.sites import Sites
from bot.sources.source import Dimension
from bot.upkeep.given import masked

ME = "me"


@click.group(
    short_help="What a period was: list, preview, send.",
    epilog="Example: pirsch-bot digest preview Monday --open",
)
def command() -> None:
    """Look at digests: which there are, how one reads, and send one now."""


@command.command("list", short_help="Which digests there are.", epilog="Example: pirsch-bot digest list")
@config_option
def list_(config: Path) -> None:
    """List the digests of the settings: when each comes, for whom, and what became of the last one."""
    settings = settings_or_stop(config)
    now = clock.now()
    with _store(settings) as database:
        rows = [
            (
                one.outline.name,
                str(timing),
                when(timing.next_after(now), one.zone),
                ", ".join(one.outline.sites),
                ", ".join(one.outline.notify),
                _last(database, one),
            )
            for one, timing in _presses(settings)
        ]
    head = ("digest", "comes", "next", "sites", "told to", "the last one")
    table(head, rows, empty="There is no [[digest]] in the settings; config.example.toml shows one.")


@command.command(
    short_help="How one reads, before anybody gets it.",
    epilog="""Examples:

    \b
    pirsch-bot digest preview Monday
    pirsch-bot digest preview Monday --for 2026-11-12 --open
    pirsch-bot digest preview Monday --to me
    """,
)
@click.argument("name")
@click.option(
    "--for",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The edition that is about this day.  [default: the last one]",
)
@click.option("--open", "in_browser", is_flag=True, help="Show the mail in a browser.")
@click.option("--full", is_flag=True, help="What is usual, too.")
@click.option("--to", "channel", help="Send it there: a channel, or `me` for the owner's.")
@config_option
def preview(
    config: Path, name: str, day: datetime | None, *, in_browser: bool, full: bool, channel: str | None
) -> None:
    """Make an edition of a digest now, and show it here. Nobody gets it, and nothing is written down."""
    settings = settings_or_stop(config)
    log.quiet()
    channels = [] if channel is None else [_channel(settings, channel)]
    made = _make(settings, name, None if day is None else day.date(), full=full)
    if in_browser:
        mail_page.show(settings, made.notice)
    if channels:
        _send(settings, made.notice, channels)
    if not in_browser and not channels:
        _print(settings, made)


@command.command(
    short_help="Send one now.", epilog="Example: pirsch-bot digest send Monday --to sales --to owner"
)
@click.argument("name")
@click.option(
    "--to", "channels", multiple=True, required=True, help="A channel, or `me` for the owner's. Repeatable."
)
@click.option(
    "--for",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The edition that is about this day.  [default: the last one]",
)
@config_option
def send(config: Path, name: str, channels: tuple[str, ...], day: datetime | None) -> None:
    """Make an edition of a digest now and send it, straight to the channels and past the outbox.

    It comes besides those of the schedule, which are told once each. Exits 0 when every channel took it.
    """
    settings = settings_or_stop(config)
    log.quiet()
    wanted = list(dict.fromkeys(_channel(settings, one) for one in channels))
    made = _make(settings, name, None if day is None else day.date(), full=False)
    _send(settings, made.notice, wanted)


# ---------------------------------------------------------------- making one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    notice: Notice
    digest: Digest


def _presses(settings: Settings) -> list[tuple[Press, OnWall]]:
    return list(presses(settings, Sites(settings), clock.now).values())


def _make(settings: Settings, name: str, day: date | None, *, full: bool) -> _Made:
    with _store(settings) as database:
        if database is None:
            sites = Sites(settings)
        else:
            sites = Sites(settings, masks=_masks(database), database=database)
        known = presses(settings, sites, clock.now)
        known_or_stop("digest", name, known)
        press, timing = known[name]
        edition = _edition(timing, day)
        try:
            with _progress() as progress:
                reports = press.gather(edition, progress=progress)
        finally:
            sites.close()
        now = clock.now()
        records = Records() if database is None else press.records(database, edition, now)
    digest = replace(press.digest(edition, reports, records, now), late=None)
    if database is None and OF_THE_BOT & set(press.outline.parts):
        unknown = Failed(sections=("what the store knows",), why="there is no store yet")
        digest = write.failing(digest, unknown)
    digest = replace(digest, full=digest.full or full)
    return _Made(notice=write.notice(digest, press.outline.key, now), digest=digest)


def _masks(database: Database) -> Callable[[str], Mapping[Dimension, tuple[str, ...]]]:
    return partial(masked, database, clock.now)


def _edition(timing: OnWall, day: date | None) -> Edition:
    """Return the edition about a day; end with words when it is not over."""
    now = clock.now()
    if day is None:
        return editions.latest(timing, timing.zone, now)
    after = datetime.combine(day + timedelta(days=1), time(), timing.zone) - timedelta(microseconds=1)
    due = timing.next_after(after)
    if due > now:
        stop(f"The edition about {day} comes {when(due, timing.zone)}: its days are not over.")
    return editions.edition(timing, timing.zone, due)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Say on a terminal how far the reading is; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def said(done: int, of: int) -> None:
        click.echo(f"\rReading {done} of {of} …", err=True, nl=False)

    try:
        yield said
    finally:
        click.echo("\r\033[K", err=True, nl=False)


@contextmanager
def _store(settings: Settings) -> Iterator[Database | None]:
    """Open the store; None where there is none yet: a preview needs none."""
    file = db.address(settings.database_url.reveal()).database or ""
    if is_sqlite(settings) and not Path(file).is_file():
        yield None
        return
    with opened(settings) as database:
        yield database


def _last(database: Database | None, press: Press) -> str:
    if database is None:
        return "none yet"
    with database.reading() as tx:
        entry = book.last(tx, press.outline.name)
    return "none yet" if entry is None else f"{entry.outcome} {when(entry.settled_at, press.zone)}"


# ---------------------------------------------------------------- showing and sending


def _print(settings: Settings, made: _Made) -> None:
    formats = settings.formats(made.notice.site)
    words = environments([*mail_page.folders(settings), shipped()], formats)
    width = shutil.get_terminal_size((80, 24)).columns
    for line in View(words, formats, made.notice, made.digest, width).lines():
        click.echo(line)


def _channel(settings: Settings, name: str) -> str:
    """Return the channel that is meant; end with words when there is none."""
    if name == ME:
        if settings.bot.owner is None:
            stop("Who is `me`? [bot] has no owner; name a channel.", code=2)
        return settings.bot.owner
    known_or_stop("channel", name, settings.channels)
    return name


def _send(settings: Settings, notice: Notice, channels: list[str]) -> None:
    with _store(settings) as database:
        straight.send(roads(settings), channels, lambda _: notice, partial(_left_out, database))


def _left_out(database: Database | None, channel: str) -> frozenset[str]:
    if database is None:
        return frozenset()
    with database.reading() as tx:
        return recipients.paused(tx, channel)
