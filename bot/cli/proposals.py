"""pirsch-bot proposals: what waits for a yes, and what became of it."""

import click

from bot.cli.deciding import proposal_or_stop, show, state
from bot.cli.ground import config_option, table, with_store
from bot.db import Database
from bot.settings import Settings
from bot.upkeep import proposals


@click.command(
    short_help="List changes of the account that wait for a yes.",
    epilog="Example: pirsch-bot proposals   or   pirsch-bot proposals k7mq2xhd",
)
@click.argument("proposal", required=False)
@click.option("--all", "everything", is_flag=True, help="Also those that were decided.")
@config_option
@with_store
def command(settings: Settings, database: Database, proposal: str | None, everything: bool) -> None:
    """List changes of the account at Pirsch that wait for a yes, or show one with its evidence.

    `pirsch-bot approve` says yes, `pirsch-bot reject` no.
    """
    if proposal is not None:
        show(proposal_or_stop(database, proposal), settings)
        return
    with database.reading() as tx:
        found = proposals.latest(tx, 100, waiting=not everything)
    table(
        ("proposal", "site", "state", "what"),
        [(one.id, one.draft.site, state(one, settings), one.draft.title) for one in found],
        empty="Nothing waits for a yes." if not everything else "Nothing was ever proposed.",
    )
