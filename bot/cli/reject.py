"""pirsch-bot reject: say no to a proposal."""

import click

from bot import clock
from bot.cli.deciding import answered_or_stop, proposal_or_stop
from bot.cli.ground import config_option, say, with_store
from bot.cli.managing import person
from bot.db import Database
from bot.settings import Settings
from bot.upkeep import proposals
from bot.upkeep.proposal import Approvers


@click.command(short_help="Say no to a proposal.", epilog="Example: pirsch-bot reject k7mq2xhd --never-again")
@click.argument("proposal")
@click.option("--never-again", is_flag=True, help="Never propose the same again.")
@config_option
@with_store
def command(settings: Settings, database: Database, proposal: str, never_again: bool) -> None:
    """Say no to a proposal. The same is not proposed again for 30 days, or never."""
    found = proposal_or_stop(database, proposal)
    with database.transaction() as tx:
        said, known = proposals.reject(
            tx, found.id, person().who, found.hash, Approvers(), clock.now(), never_again=never_again
        )
    answered_or_stop(said, known, settings)
    say("It is never proposed again." if never_again else "Rejected.")
