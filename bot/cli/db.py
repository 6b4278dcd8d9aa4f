"""pirsch-bot db: set up the store, or look at it."""

from pathlib import Path

import click

from bot import db, log, migrations
from bot.cli.ground import config_option, settings_or_stop
from bot.db import Database


@click.group()
def command() -> None:
    """Set up the store, or look at it."""


@command.command(epilog="Example: pirsch-bot db upgrade   (the release phase runs it before each deploy)")
@config_option
def upgrade(config: Path) -> None:
    """Bring the store to what this version needs. Safe to run twice, and beside the running old version."""
    settings = settings_or_stop(config)
    log.quiet()
    database = Database(settings.database_url.reveal())
    try:
        changed = migrations.upgrade(database)
    finally:
        database.close()
    click.echo(f"The store is at {db.SCHEMA}." if changed else f"The store was at {db.SCHEMA} already.")


@command.command(epilog="Example: pirsch-bot db status")
@config_option
def status(config: Path) -> None:
    """Say where the store is and whether it fits this version."""
    settings = settings_or_stop(config)
    database = Database(settings.database_url.reveal())
    try:
        with database.reading() as tx:
            at = db.schema(tx)
    finally:
        database.close()
    click.echo(f"{database.url.render_as_string()} is at {at or 'nothing'}; {db.SCHEMA} is needed.")
    if at != db.SCHEMA:
        raise SystemExit(2)
