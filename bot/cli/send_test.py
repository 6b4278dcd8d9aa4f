"""pirsch-bot send-test: does this channel work?"""

import getpass
import uuid
from pathlib import Path

import click

from bot import clock, log
from bot.cli.ground import config_option, settings_or_stop, stop
from bot.deliver.channel import Closed, Message, Undelivered
from bot.facts import ChannelTest, Notice
from bot.roads import roads


@click.command(epilog="Example: pirsch-bot send-test sales   or   pirsch-bot send-test --all")
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
    unknown = [name for name in wanted if name not in known]
    if unknown:
        stop(f"There is no channel {unknown[0]!r}; known: {', '.join(sorted(known)) or 'none'}.", code=2)
    failed = 0
    for name in wanted:
        content = ChannelTest(asked_by=getpass.getuser())
        notice = Notice(key=f"bot/test/{name}", content=content, at=clock.now())
        try:
            receipt = known[name].channel.send(Message(id=uuid.uuid4().hex, notice=notice))
        except Undelivered as problem:
            failed += 1
            remedy = f" What to do: {problem.remedy}" if isinstance(problem, Closed) else ""
            click.echo(f"{name}: not taken. {problem.why}{remedy}", err=True)
        else:
            note = f" ({receipt.repaired})" if receipt.repaired else ""
            click.echo(f"{name}: taken, receipt {receipt.ref}{note}")
    if failed:
        raise SystemExit(1)
