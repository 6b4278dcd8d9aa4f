"""What the commands share: where the config is, how mistakes look, how a table is printed."""

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import DBAPIError

from bot import db, log
from bot.db import Database
from bot.settings import BadSettings, Settings, load
from bot.settings.words import duration, spell

F = TypeVar("F", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    "-c",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="BOT_CONFIG",
    default="config.toml",
    show_default="config.toml, or BOT_CONFIG",
    help="The settings.",
)


class Length(click.ParamType[timedelta]):
    """A length of time on the command line: 10m, 24h, 7d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or say what would be right."""
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def stop(*lines: str, code: int = 1) -> NoReturn:
    """End with an error in words."""
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(code)


def settings_or_stop(path: Path) -> Settings:
    """Load the settings; print every mistake and end when there is one."""
    try:
        return load(path)
    except BadSettings as bad:
        stop(*bad.lines(), str(bad))


def with_store(command: F) -> F:
    """Give a command `settings` and an open, migrated `database`, and close it afterwards."""

    @config_option
    @functools.wraps(command)
    def wrapped(config: Path, **arguments: Any) -> Any:
        settings = settings_or_stop(config)
        log.quiet()
        database = Database(settings.database_url.reveal())
        try:
            with database.reading() as tx:
                if db.schema(tx) != db.SCHEMA:
                    stop("The store is not set up for this version: run `pirsch-bot db upgrade`.")
            return command(settings=settings, database=database, **arguments)
        except DBAPIError as error:
            stop(f"The store at {database.url.render_as_string()} gave an error: {error.orig}")
        finally:
            database.close()

    return wrapped  # type: ignore[return-value]


def table(head: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows in columns as wide as they need, or a sentence when there are none."""
    lines = [[_cell(value) for value in row] for row in rows]
    if not lines:
        click.echo(empty)
        return
    widths = [max(len(line[i]) for line in [list(head), *lines]) for i in range(len(head))]
    for number, line in enumerate([list(head), *lines]):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        click.echo(click.style(text, bold=True) if number == 0 else text)


def _cell(value: object) -> str:
    """One line, without anything that a terminal would obey: the text may be a stranger's."""
    text = "" if value is None else str(value)
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))


def when(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant in the bot's time zone."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in the two largest units."""
    if at is None:
        return ""
    return f"{spell(timedelta(seconds=max(0, round((now - at).total_seconds()))))} ago"
