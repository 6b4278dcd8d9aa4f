"""pirsch-bot drift: what others changed of what is ours."""

import json
import shlex
from collections.abc import Mapping, Sequence

import click

from bot import clock
from bot.cli.ground import config_option, say, stop, with_store
from bot.cli.managing import managed_sites, person, stewards
from bot.db import Database
from bot.manage import ledger
from bot.manage.change import Owner, Thing
from bot.manage.drift import Drift
from bot.manage.telling import drifted
from bot.settings import Settings, draft_manage

SOMETHING_DRIFTED = 2


@click.command(
    short_help="Show what others changed of what is ours.",
    epilog='Example: pirsch-bot drift   or   pirsch-bot drift shop --ignore "goal Signup"',
)
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option("--ignore", "ignored", multiple=True, metavar="NAME", help="Let this one be; once for each.")
@click.option("--ignore-all", is_flag=True, help="Let all of it be.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For eyes, or for programs."
)
@config_option
@with_store
def command(
    settings: Settings,
    database: Database,
    sites: tuple[str, ...],
    ignored: tuple[str, ...],
    ignore_all: bool,
    form: str,
) -> None:
    """Show what others changed at Pirsch of what the bot wrote, or deleted.

    Adopt it: write what is shown into the settings. Restore it: `pirsch-bot apply`. Or let it be with
    --ignore: it is told no more, and not undone by the bot alone. Exits 0 when nothing has drifted, 2 when
    something has.
    """
    with stewards(settings, database) as made:
        found = {site: made.of(site).drift() for site in managed_sites(settings, sites)}
    if ignored or ignore_all:
        _let_be(database, found, ignored, everything=ignore_all)
        return
    if form == "json":
        rows = [_row(site, one) for site, drifts in found.items() for one in drifts]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for site, drifts in found.items():
            _print(site, drifts)
    if any(found.values()):
        raise SystemExit(SOMETHING_DRIFTED)


def _print(site: str, drifts: Sequence[Drift]) -> None:
    if not drifts:
        say(f"{site}: as the bot wrote it")
    for one in drifts:
        told = drifted(one)
        say(f"{site}: somebody {'deleted' if one.gone else 'changed'} {told.what}")
        for field in told.fields:
            say(f"      {field.name}: {field.before or '(nothing)'} → {field.after or '(nothing)'}")
        if one.now is not None:
            say("  to adopt it, write into the settings:")
            thing = Thing(kind=one.kind, key=one.key, fields=one.now, owner=Owner.OURS)
            for line in draft_manage.item(site, thing).splitlines():
                say(f"      {line}")
        say(f"  to restore it: pirsch-bot apply {site}")
        say(f"  to let it be: pirsch-bot drift {site} --ignore {shlex.quote(one.key)}")


def _let_be(
    database: Database, found: Mapping[str, Sequence[Drift]], names: tuple[str, ...], *, everything: bool
) -> None:
    meant = [
        (site, one)
        for site, drifts in found.items()
        for one in drifts
        if everything or {one.key, one.title, f"{one.kind} {one.key}"} & set(names)
    ]
    if not meant:
        stop("None of this has drifted: `pirsch-bot drift` lists what has.", code=2)
    with database.transaction() as tx:
        for site, one in meant:
            thing = Thing(kind=one.kind, key=one.key, id=one.id, fields=one.now or {})
            ledger.ignore(tx, site, thing, person(), "let be, by a person's word", clock.now())
    for site, one in meant:
        say(f"{site}: {one.title} is let be")


def _row(site: str, one: Drift) -> dict[str, object]:
    return {
        "site": site,
        "kind": one.kind.value,
        "key": one.key,
        "id": one.id,
        "gone": one.gone,
        "was": one.was,
        "now": one.now,
        "fields": list(one.fields),
    }
