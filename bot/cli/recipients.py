"""pirsch-bot recipients: who is left out of a channel's mails, and writing to them again."""

from pathlib import Path

import click

from bot import clock, recipients
from bot.cli.ground import ago, config_option, say, stop, table, with_store
from bot.db import Database
from bot.recipients import Paused
from bot.settings import Settings


@click.group(
    short_help="List who gets no mails; write to them again.",
    invoke_without_command=True,
    epilog="Examples: pirsch-bot recipients   |   pirsch-bot recipients resume owner@example.com",
)
@config_option
@click.pass_context
def command(ctx: click.Context, /, config: Path) -> None:
    """List the addresses that are left out of a channel's mails: unsubscribed, or refused by their server."""
    if ctx.invoked_subcommand is None:
        _listed(config=config)


@with_store
def _listed(settings: Settings, database: Database) -> None:
    now = clock.now()
    with database.reading() as tx:
        rows = recipients.all_paused(tx)
    table(
        ("channel", "address", "state", "since", "why"),
        [(one.channel, one.address, one.state, ago(one.paused_at, now), one.why) for one in rows],
        empty="Everybody gets every mail that is meant for them.",
    )


@command.command(
    epilog="Example: pirsch-bot recipients resume owner@example.com   or   "
    "pirsch-bot recipients resume owner@example.com --channel owner"
)
@click.argument("address")
@click.option("--channel", help="Only of this channel.")
@config_option
@with_store
def resume(settings: Settings, database: Database, address: str, channel: str | None) -> None:
    """Write to an address again, in every channel or in one. What was not sent meanwhile is not sent now."""
    with database.transaction() as tx:
        wanted = [one for one in recipients.all_paused(tx) if _is_meant(one, address, channel)]
        for one in wanted:
            recipients.resume(tx, one.channel, one.address)
    if not wanted:
        where = f" of channel {channel}" if channel else ""
        stop(f"{address} is not left out{where}. `pirsch-bot recipients` lists who is.")
    for one in wanted:
        say(f"{one.address} gets the mails of channel {one.channel} again.")


def _is_meant(one: Paused, address: str, channel: str | None) -> bool:
    return one.address.lower() == address.lower() and channel in (None, one.channel)
