"""pirsch-bot jobs: what is done again and again, when it is due, and how it went."""

from collections.abc import Iterable
from pathlib import Path

import click

from bot import agenda, app, clock
from bot.agenda import Entry
from bot.cli.ground import ago, config_option, say, stop, table, when, with_store
from bot.db import Database
from bot.house import House
from bot.jobs import watching
from bot.settings import Settings
from bot.settings.mistakes import did_you_mean


@click.group(
    invoke_without_command=True,
    short_help="What is done again and again, and how it went.",
    epilog="Example: pirsch-bot jobs   or   pirsch-bot jobs run Visitors",
)
@config_option
@click.pass_context
def command(ctx: click.Context, config: Path) -> None:
    """List every job: when it is due, how the last run went, and what it saw."""
    if ctx.invoked_subcommand is None:
        _listed(config=config)


@with_store
def _listed(settings: Settings, database: Database) -> None:
    zone, now = settings.bot.timezone, clock.now()
    with database.reading() as tx:
        entries = agenda.entries(tx)
    table(
        ("job", "when", "due", "last run", "outcome", "said"),
        [
            (
                one.name,
                one.timing,
                "now" if one.due_at <= now else when(one.due_at, zone),
                ago(one.ran_at, now),
                _outcome(one),
                one.said,
            )
            for one in entries
        ],
        empty="There are no jobs: the bot has not run with these settings yet.",
    )
    if settings.watches:
        calls = watching.calls_an_hour(settings.watches)
        say(f"The watches ask about {calls:.0f} times an hour.")


@command.command("run", epilog="Example: pirsch-bot jobs run Visitors   or   pirsch-bot jobs run goals/shop")
@click.argument("name")
@config_option
@with_store
def _run(settings: Settings, database: Database, name: str) -> None:
    """Run one job now, due or not, and say what it saw. NAME is a job, or a watch: then its job is run.

    It counts like any other run: what is news is told by the bot that runs.
    """
    house = app.build(settings, frozenset({"worker"}))
    try:
        for job in _named(house, settings, name):
            _run_one(house, job)
    finally:
        house.stop()


def _run_one(house: House, job: str) -> None:
    with house.database.transaction() as tx:
        house.runner.plan(tx, clock.now())
    ran = house.runner.run_now(job)
    if ran is None:
        stop(f"{job} is running already; `pirsch-bot jobs` tells how it went.")
    say(f"{job}: {ran.said}")
    if ran.failed:
        raise SystemExit(1)


def _named(house: House, settings: Settings, name: str) -> Iterable[str]:
    """Return the jobs that are meant: one of this name, or those of the watch of this name."""
    if name in house.runner.jobs:
        return [name]
    watched = [one for one in settings.watches if one.name == name]
    if not watched:
        hint = did_you_mean(name, [*house.runner.jobs, *(one.name for one in settings.watches)])
        stop(f"There is no job or watch {name!r}{f': {hint}' if hint else '.'}", code=2)
    return sorted({watching.name_of(one.site, one.every) for one in watched})


def _outcome(one: Entry) -> str:
    if one.running:
        return "running"
    if one.outcome is None:
        return "not yet"
    return one.outcome if one.failures < 2 else f"{one.outcome}, {one.failures} times"
