"""pirsch-bot import: the account as it is, written as settings."""

from pathlib import Path

import click

from bot import clock
from bot.cli.ground import config_option, known_or_stop, say, stop, with_store
from bot.cli.managing import person, stewards
from bot.db import Database
from bot.manage import ledger
from bot.manage.change import Owner
from bot.manage.kinds import KINDS
from bot.manage.kinds.webhooks import veiled
from bot.manage.survey import survey
from bot.settings import Settings, draft_manage


@click.command(
    short_help="Write the account at Pirsch as settings.",
    epilog="Example: pirsch-bot import shop >> config.toml   or   pirsch-bot import shop --out shop.toml",
)
@click.argument("site")
@click.option("--claim", is_flag=True, help="From now on, what is there is the bot's to change and delete.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write here, not to the screen.")
@config_option
@with_store
def command(settings: Settings, database: Database, site: str, claim: bool, out: Path | None) -> None:
    """Write the account at Pirsch as [manage.<site>]: filters, goals, funnels, reports, webhooks.

    A plan that is made at once has nothing to do. What cannot be said in the file stands there as a comment
    with the reason. Changes nothing at Pirsch. What somebody else made stays his: the bot does not change it,
    unless you say --claim here, or later with `pirsch-bot apply`.
    """
    known_or_stop("site", site, settings.sites)
    with stewards(settings, database) as made:
        steward = made.unmanaged(site)
        found = survey(steward.account, list(KINDS), steward.memory())
    endpoint = steward.account.endpoint
    text = draft_manage.text(site, found.things, None if endpoint is None else veiled(endpoint))
    for kind, why in sorted(found.failed.items()):
        say(f"{kind}s could not be read, and are missing: {why}", err=True)
    if claim:
        theirs = [one for one in found.things if one.owner is Owner.SOMEBODYS and not one.hands_off]
        with database.transaction() as tx:
            for one in theirs:
                ledger.claim(tx, site, one, person(), "claimed with its import", clock.now())
        say(f"{len(theirs)} objects are the bot's now.", err=True)
    if out is None:
        say(text)
    else:
        _write(out, text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror or error}")
