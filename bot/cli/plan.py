"""pirsch-bot plan: what would have to be done so that the account is as the settings want it."""

import json
from pathlib import Path

import click

from bot import clock
from bot.cli.ground import config_option, say, with_store
from bot.cli.managing import managed_sites, person, print_look, stewards
from bot.db import Database
from bot.manage import plans
from bot.manage.showing import as_json
from bot.settings import Settings

SOMETHING_TO_DO = 2


@click.command(
    short_help="Show what would be changed at Pirsch.",
    epilog="Example: pirsch-bot plan   or   pirsch-bot plan shop --out shop.json",
)
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For eyes, or for programs."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan of one site here."
)
@config_option
@with_store
def command(
    settings: Settings, database: Database, sites: tuple[str, ...], form: str, out: Path | None
) -> None:
    """Show what would be changed at Pirsch so that it is as [manage.<site>] says, and what the guard says.

    Changes nothing. A plan is kept, and `pirsch-bot apply --plan` carries out exactly this one, or refuses
    when the account has moved since. Exits 0 when there is nothing to do, 2 when there is.
    """
    meant = managed_sites(settings, sites)
    if out is not None and len(meant) != 1:
        raise click.UsageError("--out takes the plan of one site: name it.")
    with stewards(settings, database) as made:
        looks = {site: made.of(site).look(person()) for site in meant}
    for site, look in looks.items():
        if look.plan.changes:
            with database.transaction() as tx:
                plans.save(tx, look.plan, clock.now())
        if form == "text":
            print_look(site, look)
            if look.plan.changes:
                say(f"  → pirsch-bot apply --plan {look.plan.id}")
        if out is not None:
            out.write_text(plans.write(look.plan), encoding="utf-8")
    if form == "json":
        click.echo(json.dumps([as_json(look) for look in looks.values()], indent=2, ensure_ascii=False))
    if any(look.plan.changes for look in looks.values()):
        raise SystemExit(SOMETHING_TO_DO)
