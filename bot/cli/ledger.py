"""pirsch-bot ledger: everything that was done to the account."""

import json
from dataclasses import asdict
from datetime import timedelta

import click

from bot import clock
from bot.cli.ground import Length, config_option, table, when, with_store
from bot.db import Database
from bot.manage import ledger
from bot.manage.change import KindName
from bot.manage.ledger import Entry
from bot.manage.switches import Switch
from bot.settings import Settings

KINDS = [*(kind.value for kind in KindName), *(switch.value for switch in Switch)]


@click.command(
    short_help="List what was done to the account.",
    epilog="Example: pirsch-bot ledger --since 30d   or   pirsch-bot ledger --json > ledger.json",
)
@click.option("--site", help="Only of this site.")
@click.option("--kind", type=click.Choice(KINDS), help="Only of this kind of object.")
@click.option("--since", type=Length(), metavar="LENGTH", help="Only of the last 24h, 7d, …")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.  [default: 50, in JSON all]")
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs: one JSON object a line.")
@config_option
@with_store
def command(
    settings: Settings,
    database: Database,
    site: str | None,
    kind: str | None,
    since: timedelta | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """List what was done to the account at Pirsch, the newest first: when, by whom, why, and what came of it.

    Rows are only ever added. An intent is written before a call, its outcome after it; an intent without an
    outcome is a doubt, which the next run looks into.
    """
    most = limit if as_json else limit or 50
    begin = None if since is None else clock.now() - since
    with database.reading() as tx:
        found = ledger.entries(tx, site=site, kind=kind, since=begin, most=most)
    if as_json:
        for one in found:
            click.echo(json.dumps(asdict(one), default=str, ensure_ascii=False))
        return
    zone = settings.bot.timezone
    table(
        ("when", "site", "who", "what", "outcome", "says"),
        [
            (
                when(one.at, zone),
                one.site,
                one.who,
                _what(one),
                one.outcome or one.entry,
                one.answer or one.why,
            )
            for one in found
        ],
        empty="Nothing was done to the account yet.",
    )


def _what(one: Entry) -> str:
    return f"{one.verb} {one.kind.replace('_', ' ')} {one.key}".strip()
