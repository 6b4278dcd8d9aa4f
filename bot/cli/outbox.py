"""pirsch-bot outbox: what waits, what was sent, what was given up, and sending it again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot import clock, outbox
from bot.cli.ground import ago, config_option, known_or_stop, say, stop, table, when, with_store
from bot.db import Database
from bot.outbox import COLLECTED, DEAD, DIVERTED, HELD, SENT, WAITING, Entry
from bot.render import builtin
from bot.settings import Settings

STATES = (WAITING, SENT, HELD, COLLECTED, DEAD, DIVERTED)


@click.group(
    short_help="List messages; send dead ones again.",
    invoke_without_command=True,
    epilog="Examples: pirsch-bot outbox --state dead   |   pirsch-bot outbox retry --all",
)
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--channel", help="Only this channel's.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="N", help="How many."
)
@config_option
@click.pass_context
def command(ctx: click.Context, /, config: Path, **wanted: object) -> None:
    """List messages, the newest first.

    They are waiting, sent, held (quiet hours, or the day's budget), collected (told in another message), dead
    (given up), or diverted to a fallback.
    """
    if ctx.invoked_subcommand is None:
        _listed(config=config, **wanted)


@with_store
def _listed(
    settings: Settings, database: Database, state: str | None, channel: str | None, most: int
) -> None:
    now = clock.now()
    with database.reading() as tx:
        rows = outbox.entries(tx, state=state, channel=channel, most=most)
    if not rows and channel is not None:  # a channel that is gone may still have messages
        known_or_stop("channel", channel, settings.channels)
    table(
        ("id", "channel", "state", "put", "tries", "about", "last word of the far side"),
        [_line(one, now) for one in rows],
        empty="No such message is here." if state or channel else "No message was ever put here.",
    )


def _line(one: Entry, now: datetime) -> tuple[object, ...]:
    about = one.notice.rule or one.notice.key
    return one.id[:8], one.channel, one.state, ago(one.put_at, now), one.attempts, about, one.why or ""


@command.command(epilog="Example: pirsch-bot outbox show 3f9a01c2")
@click.argument("beginning", metavar="ID")
@config_option
@with_store
def show(settings: Settings, database: Database, beginning: str) -> None:
    """Show one message: what it says, and how each try went. The beginning of its id is enough."""
    zone = settings.bot.timezone
    with database.reading() as tx:
        one = _one(outbox.entry(tx, beginning), beginning)
        tries = outbox.attempts_of(tx, one.id)
    say(f"message  {one.id} for {one.channel}" + (f", meant for {one.meant_for}" if one.meant_for else ""))
    say(f"state    {one.state}{_since(one, zone)}")
    say(f"about    {one.notice.kind} · {one.notice.key} · {one.notice.reason}")
    say(f"says     {builtin.headline(one.notice)}")
    for line in builtin.lines(one.notice, settings.formats(one.notice.site)):
        say(f"           {line}")
    table(
        ("tried", "took", "outcome", "why"),
        [
            (when(each.tried_at, zone), f"{each.seconds:.2f} s", each.outcome, each.why or "")
            for each in tries
        ],
        empty="It was not tried yet.",
    )


def _since(one: Entry, zone: ZoneInfo) -> str:
    receipt = f", receipt {one.receipt}" if one.receipt else ""
    return f" since {when(one.settled_at or one.put_at, zone)}{receipt}"


def _one(found: Entry | None, beginning: str) -> Entry:
    if found is None:
        stop(f"None, or several, have an id that begins with {beginning!r}: `pirsch-bot outbox` lists them.")
    return found


@command.command(epilog="Example: pirsch-bot outbox retry 3f9a01c2   or   pirsch-bot outbox retry --all")
@click.argument("beginnings", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every dead message.")
@config_option
@with_store
def retry(settings: Settings, database: Database, beginnings: tuple[str, ...], everything: bool) -> None:
    """Send dead messages again, with their old ids, as if they had been put just now."""
    if not beginnings and not everything:
        stop("Which? Name ids, or say --all.", code=2)
    with database.transaction() as tx:
        if everything:
            ids = [one.id for one in outbox.entries(tx, state=DEAD, most=10_000)]
        else:
            ids = [_one(outbox.entry(tx, beginning), beginning).id for beginning in beginnings]
        number = outbox.send_again(tx, ids, clock.now())
    say(f"{number} of {len(ids)} wait again; the rest were not dead.")


@command.command(epilog="Example: pirsch-bot outbox lanes")
@config_option
@with_store
def lanes(settings: Settings, database: Database) -> None:
    """List the channels: what waits on each, whether it pauses, and why one is closed and what to do."""
    now, zone = clock.now(), settings.bot.timezone
    with database.reading() as tx:
        known = {one.channel: one for one in outbox.lanes(tx)}
    rows = []
    for channel in sorted({*settings.channels, *known}):
        one = known.get(channel)
        if one is None:
            rows.append((channel, 0, "", "open, not used yet", ""))
            continue
        pauses = f"pauses until {when(one.open_at, zone)}" if one.open_at > now else "open"
        state = f"closed: {one.closed_why}" if one.closed_why else pauses
        rows.append((channel, one.waiting, ago(one.oldest_at, now), state, one.remedy or ""))
    table(("channel", "waiting", "oldest", "state", "what to do"), rows, empty="No channel is configured.")


@command.command(epilog="Example: pirsch-bot outbox reopen sales   # after you invited the bot to #sales")
@click.argument("channel")
@config_option
@with_store
def reopen(settings: Settings, database: Database, channel: str) -> None:
    """Try a paused or closed channel at once, because you mended what was wrong."""
    known_or_stop("channel", channel, settings.channels)
    with database.transaction() as tx:
        outbox.reopen(tx, channel, clock.now())
    say(f"{channel} is tried with its next message.")
