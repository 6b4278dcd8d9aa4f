"""pirsch-bot losses: what should have been heard, beside what was."""

from datetime import timedelta

import click

from bot import clock, leases
from bot.cli.ground import config_option, known_or_stop, say, table, when, with_store
from bot.db import Database
from bot.deliveries import book
from bot.settings import Settings


@click.command(
    short_help="List the events of whole days that were sent, received and lost.",
    epilog="Example: pirsch-bot losses --site shop --days 30",
)
@click.option("--site", help="Only this site.")
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    default=14,
    show_default=True,
    metavar="N",
    help="How many days back.",
)
@click.option("--all", "everything", is_flag=True, help="Also events of which nothing is missing.")
@config_option
@with_store
def command(settings: Settings, database: Database, site: str | None, days: int, everything: bool) -> None:
    """List the events that never came, by day of their site: Pirsch's own count beside what was received.

    A job compares the day before, each morning at 05:30. Pirsch does not repeat a delivery, so what is
    missing is lost. An event close to midnight may belong to either day; only what is missing either way is
    called lost.
    """
    if site is not None:
        known_or_stop("site", site, settings.sites)
    now = clock.now()
    with database.reading() as tx:
        compared = book.since(tx, (now - timedelta(days=days)).date(), site)
        away = leases.absences(tx, now - timedelta(days=days), now)
    shown = [one for one in compared if everything or one.event.lost]
    table(
        ("day", "site", "event", "sent", "received", "lost"),
        [
            (str(one.day), one.site, one.event.name, one.event.sent, one.event.received, one.event.lost)
            for one in shown
        ],
        empty=f"Nothing is missing: {len(compared)} counts of events were compared."
        if compared
        else "Nothing was compared yet: it needs [pirsch], webhooks that lead here, and a whole day.",
    )
    for one in away:
        zone = settings.bot.timezone
        say(f"The bot was not there from {when(one.since_at, zone)} to {when(one.until_at, zone)}.")
