"""pirsch-bot db: set up the store, or look at it."""

import os
from pathlib import Path

import click

from bot import db, migrations
from bot.cli.ground import config_option, is_sqlite, opened, say, settings_or_stop
from bot.db import Database


@click.group(
    short_help="Set up the store, or look at it.",
    epilog="Examples: pirsch-bot db upgrade   |   pirsch-bot db status",
)
def command() -> None:
    """Set up the store, or look at it."""


@command.command(epilog="Example: pirsch-bot db upgrade   # the release phase runs it before each deploy")
@config_option
def upgrade(config: Path) -> None:
    """Bring the store to what this version needs. Safe to run twice, and beside the running old version."""
    settings = settings_or_stop(config)
    with opened(settings, migrated=False) as database:
        changed = migrations.upgrade(database)
    say(f"The store is at {db.SCHEMA}." if changed else f"The store was at {db.SCHEMA} already.")


@command.command(epilog="Example: pirsch-bot db status")
@config_option
def status(config: Path) -> None:
    """Say where the store is and whether it fits this version. Exits 2 when it does not."""
    settings = settings_or_stop(config)
    url = db.address(settings.database_url.reveal())
    at = None
    if not is_sqlite(settings) or os.path.isfile(url.database or ""):
        with opened(settings, migrated=False) as database:
            at = _schema(database)
    say(f"{url.render_as_string()} is at {at or 'nothing'}; {db.SCHEMA} is needed.")
    if at != db.SCHEMA:
        raise SystemExit(2)


def _schema(database: Database) -> str | None:
    with database.reading() as tx:
        return db.schema(tx)
