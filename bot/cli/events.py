"""pirsch-bot events: what was heard, and what the rules said."""

import json
from datetime import timedelta
from pathlib import Path

import click
import sqlalchemy as sa

from bot import clock, db, events
from bot.cli.ground import (
    Length,
    ago,
    config_option,
    known_or_stop,
    say,
    stop,
    table,
    when,
    with_store,
)
from bot.db import Database
from bot.events import QUARANTINED, Seen
from bot.settings import Settings


@click.group(
    short_help="List what was heard and what came of it.",
    invoke_without_command=True,
    epilog="Examples: pirsch-bot events --site shop --since 24h   |   pirsch-bot events --quarantined",
)
@click.option("--site", help="Only this site.")
@click.option("--name", help="Only events of exactly this name.")
@click.option("--since", type=Length(), metavar="LENGTH", help="Only the last 10m, 24h, 7d …")
@click.option("--quarantined", is_flag=True, help="Only bodies that nobody could read, with the reason.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="N", help="How many."
)
@config_option
@click.pass_context
def command(ctx: click.Context, /, config: Path, **wanted: object) -> None:
    """List what was heard, the newest first, and what each rule said about it.

    `pirsch-bot events show ID` shows one with its body as it came.
    """
    if ctx.invoked_subcommand is None:
        _listed(config=config, **wanted)


@with_store
def _listed(
    settings: Settings,
    database: Database,
    site: str | None,
    name: str | None,
    since: timedelta | None,
    quarantined: bool,
    most: int,
) -> None:
    now = clock.now()
    with database.reading() as tx:
        rows = events.seen(
            tx,
            site=site,
            name=name,
            state=QUARANTINED if quarantined else None,
            since=None if since is None else now - since,
            most=most,
        )
    if not rows and site is not None:  # a site that is gone may still have events
        known_or_stop("site", site, settings.sites)
    some = any((site, name, since, quarantined))
    table(
        ("id", "received", "site", "event", "came of it"),
        [(one.id, ago(one.received_at, now), one.site, one.name, _outcome(one)) for one in rows],
        empty="No such event was heard."
        if some
        else "Nothing was heard. Is the webhook saved at Pirsch? `pirsch-bot check` spells its address.",
    )


def _outcome(one: Seen) -> str:
    if one.state == QUARANTINED:
        return f"quarantined: {one.outcome}"
    if one.state != events.DONE:
        return "waits to be judged"
    return "; ".join(f"{rule}: {reason}" for rule, reason in one.verdicts) or "no rule asked for it"


@command.command(epilog="Example: pirsch-bot events show 4711")
@click.argument("number", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@config_option
@with_store
def show(settings: Settings, database: Database, number: int) -> None:
    """Show one event: when it came, what became of it, and its body."""
    with database.reading() as tx:
        row = tx.execute(sa.select(db.events).where(db.events.c.id == number)).one_or_none()
    if row is None:
        stop(f"There is no event {number}; old ones are forgotten, see [store.keep] in the settings.")
    one = Seen(**{key: row._mapping[key] for key in Seen.__slots__})
    name = "" if one.name is None else f": {json.dumps(one.name, ensure_ascii=False)}"
    say(f"event     {one.id} on {one.site}{name}")
    say(f"received  {when(one.received_at, settings.bot.timezone)}, {one.size:,} bytes")
    say(f"outcome   {_outcome(one)}")
    say(_body(one.body))


def _body(body: bytes) -> str:
    """The body for a terminal: what is not printable is shown as an escape."""
    text = body.decode("utf-8", "backslashreplace")
    return "".join(
        letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text
    )
