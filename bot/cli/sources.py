"""pirsch-bot sources: the names and lists that filters are made from, and how they stand."""

import click

from bot import clock
from bot.cli.ground import ago, config_option, known_or_stop, say, stop, table, with_store
from bot.db import Database
from bot.settings import Settings
from bot.upkeep import origins


@click.group(
    invoke_without_command=True,
    short_help="Look at the names and lists that filters are made from.",
    epilog="Example: pirsch-bot sources",
)
@click.pass_context
@config_option
def command(ctx: click.Context, config: object) -> None:
    """Look at the names (dns:) and lists (url:) that filters are made from."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, config=config)


@command.command("list", short_help="List them.", epilog="Example: pirsch-bot sources list")
@config_option
@with_store
def list_(settings: Settings, database: Database) -> None:
    """List the sources: how many addresses they stand for, when they were good, and what is wrong."""
    now = clock.now()
    with database.reading() as tx:
        found = [one for site in settings.managed for one in origins.of(tx, site).values()]
    table(
        ("site", "source", "stands for", "last good", "offered", "says"),
        [
            (
                one.site,
                one.source,
                len(one.known.missed_at),
                ago(one.known.good_at, now) or "never",
                len(one.offered) or "",
                f"{one.verdict}{f' ({one.why})' if one.why else ''}",
            )
            for one in found
        ],
        empty="No filter is made from a name or a list, or none was looked at yet.",
    )


@command.command(
    "accept",
    short_help="Take what a list offers and the bot did not take.",
    epilog="Example: pirsch-bot sources accept shop url:https://example.net/ranges.txt",
)
@click.argument("site")
@click.argument("source")
@config_option
@with_store
def accept(settings: Settings, database: Database, site: str, source: str) -> None:
    """Take what a list offers now, though it lost many of its entries: you have looked, and it is right."""
    known_or_stop("managed site", site, settings.managed)
    with database.transaction() as tx:
        taken = origins.accept(tx, site, source, clock.now())
    if not taken:
        stop("There is nothing that was offered and not taken.", code=2)
    say(f"It stands for {len(taken)} addresses and networks now.")
