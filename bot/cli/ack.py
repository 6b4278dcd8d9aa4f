"""pirsch-bot ack: take an alert in hand."""

import click

from bot import clock
from bot.cli.alerts import unknown
from bot.cli.ground import config_option, say, when, with_store
from bot.cli.person import by_option
from bot.db import Database
from bot.pipeline import deeds
from bot.settings import Settings


@click.command(
    short_help="Take an alert in hand: no more reminders.",
    epilog="Example: pirsch-bot ack 3f9a01c2 --by Ada",
)
@click.argument("beginning", metavar="ID")
@by_option
@config_option
@with_store
def command(settings: Settings, database: Database, beginning: str, by: str) -> None:
    """Take an alert in hand. Nobody is reminded of it; its end is told. The beginning of its id is enough."""
    with database.transaction() as tx:
        done = deeds.acknowledge(tx, settings.policy, beginning, by, clock.now())
    if done is None:
        unknown(beginning)
    elif done.noted is not None:
        say(f"{by} has it in hand: {done.alert.key}. Nobody is reminded; its end is told.")
    elif done.alert.life.over:
        say(f"It is over since {when(done.alert.resolved_at, settings.bot.timezone)}: {done.alert.key}.")
    elif done.before is not None:
        at = when(done.before.at, settings.bot.timezone)
        say(f"{done.before.by} has it in hand since {at}: {done.alert.key}.")
