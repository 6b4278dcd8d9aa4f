"""pirsch-bot switch: Pirsch's own mails about spikes and silence, which can only be flipped."""

import click

from bot import clock
from bot.cli.ground import config_option, known_or_stop, say, stop, with_store
from bot.cli.managing import person, stewards
from bot.db import Database
from bot.manage import switches
from bot.manage.switches import FLIPS, Position, Switch
from bot.settings import Settings
from bot.sources.pirsch import dashboard

WHICH = {"spike": Switch.SPIKE, "silence": Switch.SILENCE}


@click.command(
    short_help="Turn Pirsch's own mails on or off.",
    epilog="Example: pirsch-bot switch spike --site shop --saw off --flip   # turns them on",
)
@click.argument("which", type=click.Choice(list(WHICH)))
@click.option("--site", required=True, help="Of which site.")
@click.option(
    "--saw", type=click.Choice(["on", "off"]), help="What you see in the dashboard: it is written down."
)
@click.option("--flip", is_flag=True, help="Turn them off if they are on, and on if they are off.")
@click.option("--blindly", is_flag=True, help="Flip although nobody knows what they are now.")
@config_option
@with_store
def command(
    settings: Settings,
    database: Database,
    which: str,
    site: str,
    saw: str | None,
    flip: bool,
    blindly: bool,
) -> None:
    """Turn Pirsch's own mails about spikes or silence on or off, or tell what is known of them.

    Pirsch has one call, which flips, and none that tells what they are. So say with --saw what the dashboard
    shows, and flip then. It is sent once and never repeated; when it is cut short, only the dashboard knows.
    The bot itself never does this.
    """
    known_or_stop("site", site, settings.sites)
    switch = WHICH[which]
    if saw is not None:
        with database.transaction() as tx:
            switches.saw(tx, site, switch, Position(saw), person(), clock.now())
    if flip:
        _flip(settings, database, site, switch, blindly=blindly)
    with database.reading() as tx:
        position = switches.position(tx, site, switch)
    say(f"{switch.replace('_', ' ')} of {site}: {position}")


def _flip(settings: Settings, database: Database, site: str, switch: Switch, *, blindly: bool) -> None:
    with database.reading() as tx:
        position = switches.position(tx, site, switch)
    if position is Position.UNKNOWN and not blindly:
        stop(
            "Nobody knows what they are now. Look into the dashboard, and say --saw on or --saw off.", code=2
        )
    with stewards(settings, database) as made:
        pirsch = made.client()
        domain = dashboard(pirsch.domains, settings.sites[site].domain)
        wire = pirsch.narrowed(FLIPS)
        came = switches.flip(database, wire, site, domain.id, switch, person(), clock.now())
    say(came.answer)
    if not came.sent or came.position is Position.UNKNOWN:
        raise SystemExit(1)
