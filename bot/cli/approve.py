"""pirsch-bot approve: say yes to a proposal, and have it done."""

import click

from bot import clock
from bot.cli.deciding import answered_or_stop, proposal_or_stop, show, upkeep
from bot.cli.ground import config_option, known_or_stop, say, stop, with_store
from bot.cli.managing import person
from bot.db import Database
from bot.settings import Settings
from bot.upkeep import proposals
from bot.upkeep.carrying import Came, carry_through


@click.command(
    short_help="Say yes to a proposal, and have it done.", epilog="Example: pirsch-bot approve k7mq2xhd"
)
@click.argument("proposal")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@with_store
def command(settings: Settings, database: Database, proposal: str, yes: bool) -> None:
    """Say yes to a proposal, and have it done.

    Shows the plan and asks, unless --yes. The account is read again first: if it has moved, nothing is done,
    and the same is proposed as it is now. Exits 0 when it is done, 1 when it is not.
    """
    found = proposal_or_stop(database, proposal)
    known_or_stop("managed site", found.draft.site, settings.managed)
    show(found, settings)
    if not yes and not click.confirm("Say yes to this?"):
        stop("Nothing was decided.")
    with upkeep(settings, database) as under:
        with database.transaction() as tx:
            said, known = proposals.approve(
                tx, found.id, person().who, found.hash, under.approvers, clock.now()
            )
        answered_or_stop(said, known, settings)
        if known is None:
            stop("It is gone.")
        carried, _ = carry_through(under.of(found.draft.site), known, database.transaction)
    say(carried.said)
    if carried.came not in (Came.DONE, Came.NOTHING):
        raise SystemExit(1)
