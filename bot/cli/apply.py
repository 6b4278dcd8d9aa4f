"""pirsch-bot apply: carry a plan out."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.ground import config_option, known_or_stop, say, stop, with_store
from bot.cli.managing import managed_sites, person, print_look, print_words, stewards
from bot.db import Database
from bot.manage import plans
from bot.manage.change import Plan
from bot.manage.outcome import Ruling, Step
from bot.manage.plans import NoPlan
from bot.settings import Settings
from bot.stewards import Stewards


@click.command(
    short_help="Change the account at Pirsch as planned.",
    epilog="Example: pirsch-bot apply shop   or   pirsch-bot apply --plan 3f9a01c28d11 --yes",
)
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option("--plan", "named", metavar="FILE|ID", help="A plan that was made before: its file, or its id.")
@click.option("--claim", is_flag=True, help="Take over what somebody else made and the settings name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@with_store
def command(
    settings: Settings,
    database: Database,
    sites: tuple[str, ...],
    named: str | None,
    claim: bool,
    yes: bool,
) -> None:
    """Change the account at Pirsch so that it is as the settings want it, as far as the guard allows.

    Shows the plan and asks, unless --yes. Each change is looked at before and after, and stands in the
    ledger. With --plan exactly that plan is carried out, and refused when the account has moved since it was
    made. Exits 0 when everything that was planned is so, 1 when something is not.
    """
    with stewards(settings, database) as made:
        if named is not None:
            if sites:
                raise click.UsageError("A plan knows its site: leave SITE out.")
            plan = _plan(database, named)
            known_or_stop("managed site", plan.site, settings.managed)
            well = _carry_out(made, plan, claim=claim, yes=yes)
        else:
            went = [_now(made, site, claim=claim, yes=yes) for site in managed_sites(settings, sites)]
            well = all(went)
    if not well:
        raise SystemExit(1)


def _now(made: Stewards, site: str, *, claim: bool, yes: bool) -> bool:
    """Look, and carry out what that shows."""
    steward = made.of(site)
    steward.settle_doubts(person())
    look = steward.look(person())
    print_look(site, look)
    if not look.plan.changes:
        return True
    if not claim and not look.allowed:
        return False
    _ask(yes=yes)
    return _report(steward.apply(look.plan, person(), claim=claim))


def _carry_out(made: Stewards, plan: Plan, *, claim: bool, yes: bool) -> bool:
    """Carry out a plan that was made before."""
    many = "1 change" if len(plan.changes) == 1 else f"{len(plan.changes)} changes"
    say(f"{plan.site}: plan {plan.id}, {many}")
    for change in plan.changes:
        say(f"  {change.title}")
    _ask(yes=yes)
    return _report(made.of(plan.site).apply(plan, person(), claim=claim))


def _ask(*, yes: bool) -> None:
    if not yes and not click.confirm("Carry it out?"):
        stop("Nothing was changed.")


def _report(words: Sequence[Step | Ruling]) -> bool:
    return print_words(words)


def _plan(database: Database, named: str) -> Plan:
    """Read a plan from a file, or from the store by the beginning of its id."""
    try:
        path = Path(named)
        if path.is_file():
            return plans.read(path.read_text(encoding="utf-8"))
        with database.reading() as tx:
            return plans.find(tx, named)
    except NoPlan as wrong:
        stop(f"{named}: {wrong}.", code=2)
    except (OSError, UnicodeDecodeError) as wrong:
        stop(f"{named} cannot be read: {wrong}", code=2)
