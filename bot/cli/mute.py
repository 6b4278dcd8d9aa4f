"""pirsch-bot mute: hear nothing of one alert for a while."""

from datetime import timedelta

import click

from bot import clock
from bot.alerts import Done
from bot.cli.alerts import unknown
from bot.cli.ground import Length, config_option, say, stop, when, with_store
from bot.cli.person import by_option
from bot.db import Database
from bot.pipeline import deeds
from bot.settings import Settings


@click.command(
    short_help="Hear nothing of one alert for a while.",
    epilog="Examples: pirsch-bot mute 3f9a01c2 --for 2h   |   pirsch-bot mute 3f9a01c2 --end",
)
@click.argument("beginning", metavar="ID")
@click.option("--for", "length", type=Length(), help="For how long: 30m, 2h, 1d.")
@click.option("--end", is_flag=True, help="Hear of it again.")
@by_option
@config_option
@with_store
def command(
    settings: Settings, database: Database, beginning: str, length: timedelta | None, end: bool, by: str
) -> None:
    """Hear nothing of one alert for a while. When it still holds at the end, it is told then."""
    if (length is None) == (not end):
        stop("For how long? Say --for 2h, or --end.", code=2)
    now = clock.now()
    with database.transaction() as tx:
        if length is None:
            done = deeds.unmute(tx, settings.policy, beginning, by, now)
        else:
            done = deeds.mute(tx, settings.policy, beginning, by, now + length, now)
    if done is None:
        unknown(beginning)
    else:
        say(_answer(done, settings, None if length is None else when(now + length, settings.bot.timezone)))


def _answer(done: Done, settings: Settings, until: str | None) -> str:
    if done.alert.life.over:
        return f"It is over since {when(done.alert.resolved_at, settings.bot.timezone)}: {done.alert.key}."
    if done.noted is None:
        return f"It was not muted: {done.alert.key}."
    if until is None:
        return f"You hear of it again: {done.alert.key}."
    return f"Muted until {until}: {done.alert.key}. When it still holds then, it is told."
