"""pirsch-bot send-test: does this channel work?"""

import getpass
from pathlib import Path

import click

from bot import clock, log
from bot.cli import straight
from bot.cli.ground import config_option, known_or_stop, settings_or_stop, stop
from bot.facts import ChannelTest, Notice
from bot.roads import roads


@click.command(
    short_help="Send a test message to a channel.",
    epilog="Example: pirsch-bot send-test sales   or   pirsch-bot send-test --all",
)
@click.argument("channels", nargs=-1, metavar="CHANNEL...")
@click.option("--all", "everything", is_flag=True, help="Every channel of the settings.")
@config_option
def command(config: Path, channels: tuple[str, ...], everything: bool) -> None:
    """Send a test message, straight to the channel and past the outbox, and say how it went.

    Exits 0 when every message was taken. The error is the far side's own, with what to do about it.
    """
    settings = settings_or_stop(config)
    log.quiet()
    known = roads(settings)
    wanted = tuple(known) if everything else channels
    if not wanted:
        stop(f"Which channel? Known: {', '.join(sorted(known)) or 'none'}.", code=2)
    for name in wanted:
        known_or_stop("channel", name, known)
    straight.send(known, wanted, _notice)


def _notice(channel: str) -> Notice:
    return Notice(key=f"bot/test/{channel}", content=ChannelTest(asked_by=_person()), at=clock.now())


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have a number and no name
        return "somebody"
