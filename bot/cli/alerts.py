"""pirsch-bot alerts: the lasting troubles that are open now."""

import click

from bot import alerts, clock
from bot.cli.ground import ago, table, with_store
from bot.db import Database
from bot.settings import Settings


@click.command(epilog="Example: pirsch-bot alerts")
@with_store
def command(settings: Settings, database: Database) -> None:
    """List the lasting troubles that are open: since when, how severe, and which rule says so."""
    now = clock.now()
    with database.reading() as tx:
        standing = alerts.standing(tx)
    table(
        ("opened", "severity", "alert", "says"),
        [(ago(one.opened_at, now), one.severity, one.key, one.content) for one in standing],
        empty="Nothing is wrong, as far as the rules can tell.",
    )
