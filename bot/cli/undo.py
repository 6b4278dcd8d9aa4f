"""pirsch-bot undo: take changes of the account back."""

import click

from bot.cli.deciding import upkeep
from bot.cli.ground import config_option, say, stop, with_store
from bot.cli.managing import person
from bot.db import Database
from bot.manage import ledger
from bot.settings import Settings
from bot.upkeep.undoing import CannotUndo, undo


@click.command(
    short_help="Take changes of the account back.",
    epilog="Example: pirsch-bot undo 118   or   pirsch-bot ledger",
)
@click.argument("entries", nargs=-1, required=True, type=click.IntRange(min=1), metavar="LEDGER_ID...")
@config_option
@with_store
def command(settings: Settings, database: Database, entries: tuple[int, ...]) -> None:
    """Take changes of the account back, by their numbers in the ledger, the latest first.

    What was added beyond the file is ended with it. What the file itself wants is held: the bot leaves that
    object alone until `pirsch-bot additions end` lets it go. Exits 1 when something could not be taken back.
    """
    well = True
    with upkeep(settings, database) as under:
        for number in sorted(entries, reverse=True):
            site = _site(database, number)
            if site not in settings.managed:
                stop(f"There is no [manage.{site}] in the settings any more.", code=2)
            try:
                done = undo(under.of(site), number, person(), database.transaction)
            except CannotUndo as why:
                say(f"{number}: {why}.", err=True)
                well = False
                continue
            held = (
                " The file still wants it; the bot leaves it alone: pirsch-bot additions" if done.held else ""
            )
            say(f"{number}: {done.said.removesuffix('.')}.{held}")
            well &= done.good
    if not well:
        raise SystemExit(1)


def _site(database: Database, number: int) -> str:
    with database.reading() as tx:
        found = next((row.site for row in ledger.entries(tx) if row.id == number), None)
    if found is None:
        stop(f"The ledger has no entry {number}: pirsch-bot ledger lists them.", code=2)
    return found
