"""pirsch-bot events: what was heard, and what the rules said."""

import json
from datetime import timedelta

import click
import sqlalchemy as sa

from bot import clock, db, events
from bot.cli.ground import Length, ago, stop, table, when, with_store
from bot.db import Database
from bot.events import QUARANTINED, Seen
from bot.settings import Settings


@click.group(
    invoke_without_command=True,
    epilog="Examples: pirsch-bot events --site shop --since 24h   |   pirsch-bot events --quarantined",
)
@click.option("--site", help="Only this site.")
@click.option("--name", help="Only events of exactly this name.")
@click.option("--since", type=Length(), metavar="LENGTH", help="Only the last 10m, 24h, 7d …")
@click.option("--quarantined", is_flag=True, help="Only bodies that nobody could read, with the reason.")
@click.option("--most", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.pass_context
def command(ctx: click.Context, /, **wanted: object) -> None:
    """List what was heard, the newest first, and what each rule said about it.

    `pirsch-bot events show ID` shows one with its body as it came.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(_listed, **wanted)


@click.command()
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
    table(
        ("id", "received", "site", "event", "came of it"),
        [(one.id, ago(one.received_at, now), one.site, one.name or "", _outcome(one)) for one in rows],
        empty="Nothing was heard. Is the webhook saved at Pirsch? `pirsch-bot init` prints its address.",
    )


def _outcome(one: Seen) -> str:
    if one.state == QUARANTINED:
        return f"quarantined: {one.outcome}"
    if one.state != events.DONE:
        return "waits to be judged"
    return "; ".join(f"{rule}: {reason}" for rule, reason in one.verdicts) or "no rule asked for it"


@command.command(epilog="Example: pirsch-bot events show 4711")
@click.argument("number", type=int, metavar="ID")
@with_store
def show(settings: Settings, database: Database, number: int) -> None:
    """Show one event: when it came, what became of it, and its body."""
    with database.reading() as tx:
        row = tx.execute(sa.select(db.events).where(db.events.c.id == number)).one_or_none()
    if row is None:
        stop(f"There is no event {number}; old ones are forgotten after [store.keep] events.")
    one = Seen(**{key: row._mapping[key] for key in Seen.__slots__})
    click.echo(f"event    {one.id} on {one.site}: {json.dumps(one.name, ensure_ascii=False)}")
    click.echo(f"received {when(one.received_at, settings.bot.timezone)}, {one.size:,} bytes")
    click.echo(f"outcome  {_outcome(one)}")
    click.echo(_body(one.body))


def _body(body: bytes) -> str:
    """The body for a terminal: what is not printable is shown as an escape."""
    text = body.decode("utf-8", "backslashreplace")
    return "".join(
        letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text
    )
