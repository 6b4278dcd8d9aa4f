"""pirsch-bot additions: what is wanted beyond the file, and the end of it."""

import click

from bot import clock
from bot.cli.ground import config_option, known_or_stop, say, stop, table, when, with_store
from bot.cli.managing import person
from bot.db import Database
from bot.settings import Settings
from bot.settings.words import duration
from bot.sources.source import Dimension
from bot.upkeep import additions
from bot.upkeep.additions import Addition, AdditionKind

MASKABLE = (Dimension.REFERRER, Dimension.PAGE, Dimension.COUNTRY, Dimension.HOSTNAME)


@click.group(
    invoke_without_command=True,
    short_help="List what is wanted beyond the file, and end it.",
    epilog="Example: pirsch-bot additions   or   pirsch-bot additions end 12",
)
@click.pass_context
@config_option
def command(ctx: click.Context, config: object) -> None:
    """List what is wanted beyond the file: approved filters, raised goals, masks, held objects."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, config=config)


@command.command("list", short_help="List what stands.", epilog="Example: pirsch-bot additions list")
@config_option
@with_store
def list_(settings: Settings, database: Database) -> None:
    """List what is wanted beyond the file, since when a reason has been given for it, and until when."""
    with database.reading() as tx:
        found = additions.standing(tx, clock.now())
    zone = settings.bot.timezone
    table(
        ("id", "site", "kind", "what", "until", "by", "why"),
        [(one.id, one.site, one.kind, one.key, when(one.until_at, zone), one.by, one.why) for one in found],
        empty="Nothing is wanted beyond the file.",
    )


@command.command("end", short_help="End one.", epilog="Example: pirsch-bot additions end 12")
@click.argument("number", type=int)
@config_option
@with_store
def end(settings: Settings, database: Database, number: int) -> None:
    """End one. The next round takes back at Pirsch what was made because of it."""
    with database.transaction() as tx:
        ended = additions.end(tx, number, person().who, clock.now())
    if not ended:
        stop(f"There is none with the number {number}, or it has ended.", code=2)
    say("Ended.")


@command.command(
    "mask",
    short_help="Leave something out of the bot's own numbers.",
    epilog="Example: pirsch-bot additions mask shop referrer spam.example --lasts 90d",
)
@click.argument("site")
@click.argument("dimension", type=click.Choice([one.value for one in MASKABLE]))
@click.argument("value")
@click.option("--lasts", default="180d", show_default=True, help="For how long.")
@config_option
@with_store
def mask(settings: Settings, database: Database, site: str, dimension: str, value: str, lasts: str) -> None:
    """Leave visits out of the bot's own numbers: watches and digests. Pirsch counts them as before."""
    known_or_stop("site", site, settings.sites)
    try:
        length = duration(lasts)
    except ValueError as wrong:
        stop(f"--lasts: {wrong}", code=2)
    now = clock.now()
    one = Addition(
        site=site,
        kind=AdditionKind.MASK,
        key=f"{dimension} {value}",
        why="at the command line",
        by=person().who,
        fields={"dimension": dimension, "value": value},
        until_at=now + length,
    )
    with database.transaction() as tx:
        kept = additions.add(tx, one, now)
    say(f"{value} is left out. To undo it: pirsch-bot additions end {kept.id}")
