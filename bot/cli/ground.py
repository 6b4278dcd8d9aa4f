"""What the commands share: where the config and the store are, how mistakes look, how a table is printed."""

import functools
import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot import db, log
from bot.db import Database
from bot.settings import BadSettings, Settings, load
from bot.settings.mistakes import did_you_mean
from bot.settings.words import duration
from bot.writing import spans

WIDEST_CELL = 60
_JOINER = "\u200d"  # between the parts of one emoji


def _nearest(ctx: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """`events -c x show 5` and `events show 5 -c x` mean the same."""
    source = ctx.get_parameter_source(str(parameter.name))
    above = ctx.parent.params if ctx.parent is not None else {}
    given = source is ParameterSource.COMMANDLINE or "config" not in above
    return value if given else Path(above["config"])


config_option = click.option(
    "--config",
    "-c",
    type=click.Path(path_type=Path),
    envvar="BOT_CONFIG",
    default="config.toml",
    show_default="config.toml, or BOT_CONFIG",
    callback=_nearest,
    help="The settings.",
)


class Length(click.ParamType[timedelta]):
    """A length of time on the command line: 10m, 24h, 7d."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or say what would be right."""
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def harmless(text: object) -> str:
    """Return a text without anything that a terminal would obey: it may be a stranger's."""
    return "".join(
        letter if letter.isprintable() or letter in ("\n", _JOINER) else "\ufffd" for letter in str(text)
    )


def say(text: object = "", *, err: bool = False) -> None:
    """Print lines."""
    click.echo(harmless(text), err=err)


def stop(*lines: str, code: int = 1) -> NoReturn:
    """End with an error in words."""
    for line in lines:
        say(line, err=True)
    raise SystemExit(code)


def settings_or_stop(path: Path) -> Settings:
    """Load the settings; print every mistake and end when there is one."""
    try:
        return load(path)
    except BadSettings as bad:
        stop(*bad.lines(), str(bad))


def known_or_stop(kind: str, name: str, known: Collection[str]) -> None:
    """End with an error when a name on the command line leads nowhere."""
    if name not in known:
        hint = did_you_mean(name, known)
        stop(f"There is no {kind} {name!r} in the settings{f': {hint}' if hint else '.'}", code=2)


@contextmanager
def opened(settings: Settings, *, migrated: bool = True) -> Iterator[Database]:
    """Open the store, set up for this version or at all; end with words where it cannot be used."""
    log.quiet()
    url = db.address(settings.database_url.reveal())
    if migrated and is_sqlite(settings) and not os.path.isfile(url.database or ""):
        stop(f"There is no store at {url.database} yet: run `pirsch-bot db upgrade`.")
    try:
        database = Database(settings.database_url.reveal())
    except OSError as error:  # its folder cannot be made
        stop(f"The store at {url.render_as_string()} cannot be used: {error.strerror or error}")
    try:
        _check_schema(database, migrated=migrated)
        yield database
    except (DBAPIError, NoConnection) as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        stop(f"The store at {url.render_as_string()} cannot be used: {why}")
    finally:
        database.close()


def serving_needs_a_store(settings: Settings) -> None:
    """End with words unless the bot can start on its store. SQLite is set up by whoever comes first."""
    if not is_sqlite(settings):
        with opened(settings):
            pass


def is_sqlite(settings: Settings) -> bool:
    """Tell which of the two stores it is."""
    return db.address(settings.database_url.reveal()).get_backend_name() == "sqlite"


def _check_schema(database: Database, *, migrated: bool) -> None:
    with database.reading() as tx:
        at = db.schema(tx)
    if at is not None and at > db.SCHEMA:
        stop(f"The store is at {at}, made by a newer version than this one, which knows {db.SCHEMA}.")
    if migrated and at != db.SCHEMA:
        stop("The store is not set up for this version: run `pirsch-bot db upgrade`.")


def with_store(command: Callable[..., Any]) -> Callable[..., Any]:
    """Call a command, which has a `config_option`, with `settings` and an open `database` instead."""

    @functools.wraps(command)
    def wrapped(config: Path, **arguments: Any) -> Any:
        settings = settings_or_stop(config)
        with opened(settings) as database:
            return command(settings=settings, database=database, **arguments)

    return wrapped


def table(head: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows in columns as wide as they need, or a sentence when there are none."""
    lines = [[*map(_cell, row[:-1]), _oneline(row[-1])] for row in rows]
    if not lines:
        say(empty)
        return
    widths = [max(_width(line[i]) for line in [list(head), *lines]) for i in range(len(head))]
    for number, line in enumerate([list(head), *lines]):
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        text = "  ".join(padded).rstrip()
        click.echo(click.style(text, bold=True) if number == 0 else text)


def _oneline(value: object) -> str:
    return harmless(" ".join(str("" if value is None else value).split()))


def _cell(value: object) -> str:
    text = _oneline(value)
    return text if len(text) <= WIDEST_CELL else f"{text[: WIDEST_CELL - 1]}…"


def _width(text: str) -> int:
    """How many columns a terminal takes for it."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if letter == _JOINER or unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def when(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant in the bot's time zone."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in the two largest units."""
    return "" if at is None else spans.ago(at, now)


def many(number: int, what: str) -> str:
    """A number with its noun: `1 message`, `3 messages`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
