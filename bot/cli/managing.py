"""What the commands about the account share: stewards, who acts, troubles in words, and how a plan looks."""

import getpass
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

import click

from bot import clock
from bot.cli.ground import say, stop
from bot.cli.pirsch.asking import NO_CREDENTIALS, in_words
from bot.db import Database
from bot.facts import Edited, Planned
from bot.manage.change import Actor, Authority, Verb
from bot.manage.outcome import Ruling, Step
from bot.manage.steward import Busy, Look, Stale
from bot.manage.telling import carried_out, planned
from bot.settings import Settings
from bot.settings.mistakes import did_you_mean
from bot.sites import Sites
from bot.stewards import Stewards
from bot.upkeep.given import filled, wished

SIGNS = {Verb.CREATE: ("+", "green"), Verb.UPDATE: ("~", "yellow"), Verb.DELETE: ("-", "red")}
UNMANAGED = (
    "There is no [manage.<site>] table in the settings."
    " `pirsch-bot import` writes one from the account as it is."
)


def person() -> Actor:
    """Whoever typed the command."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        name = str(os.getuid())
    return Actor(who=f"cli: {name}", authority=Authority.PERSON)


@contextmanager
def stewards(settings: Settings, database: Database) -> Iterator[Stewards]:
    """Give the maker of stewards; end with words when Pirsch or the settings are at fault."""
    if settings.pirsch is None:
        stop(*NO_CREDENTIALS)
    owner = f"cli-{os.getpid()}-{secrets.token_hex(4)}"
    with closing(Sites(settings, database=database)) as sites, in_words():
        try:
            yield Stewards(
                settings=settings,
                database=database,
                client=sites.client,
                owner=owner,
                wished=partial(wished, database, clock.now),
                given=partial(filled, database, clock.now),
            )
        except Busy as busy:
            stop(f"{busy}. Try again in a minute; after a crash it takes up to five.")
        except Stale as stale:
            stop(f"{stale}. Look at what it is like now: pirsch-bot plan")


def managed_sites(settings: Settings, named: Sequence[str]) -> list[str]:
    """Return the sites that are meant: the named ones, or all under management."""
    for name in named:
        if name not in settings.managed:
            hint = did_you_mean(name, settings.managed)
            stop(f"There is no [manage.{name}] in the settings{f': {hint}' if hint else '.'}", code=2)
    if not settings.managed:
        stop(UNMANAGED, code=2)
    return list(named) or list(settings.managed)


# ---------------------------------------------------------------- printing


def print_look(site: str, look: Look) -> None:
    """Print a plan with the guard's words, and what could not be looked at."""
    number = len(look.plan.changes)
    what = "as it is wanted" if not number else f"{number} change{'' if number == 1 else 's'}"
    click.echo(click.style(f"{site}: {what}", bold=True))
    for ruling in look.rulings:
        print_ruling(ruling)
    for kind, why in sorted(look.survey.failed.items()):
        say(f"  ? {kind.replace('_', ' ')}s could not be read: {why}")
    for source, why in sorted(look.held.items()):
        say(f"  ? {source}: {why}; what was made from it stays")
    for doubt in look.memory.doubts:
        say(f"  ? {doubt.change.title}: begun, and nobody knows yet whether it happened; apply looks first")


def print_ruling(ruling: Ruling) -> None:
    """Print one change: what, from what to what, why, and what the guard says."""
    told = planned(ruling)
    sign, colour = SIGNS[ruling.change.verb]
    click.echo(f"  {click.style(sign, fg=colour, bold=True)} ", nl=False)
    say(told.what)
    for line in _lines(told):
        say(f"      {line}")


def _lines(told: Planned) -> Iterator[str]:
    yield from (_edit(one) for one in told.fields)
    if told.why:
        yield f"because of {told.why}"
    if told.impact:
        yield told.impact
    yield from (f"note: {warning}" for warning in told.warnings)
    if told.ruling:
        yield f"NOT DONE: {told.ruling}"


def _edit(one: Edited) -> str:
    return f"{one.name}: {_or_nothing(one.before)} → {_or_nothing(one.after)}"


def _or_nothing(text: str | None) -> str:
    return "(nothing)" if text in (None, "") else str(text)


def print_words(words: Sequence[Step | Ruling]) -> bool:
    """Print what became of each change. Return whether all went well."""
    told = [carried_out(one) for one in words]
    for one in told:
        mark = click.style("ok  " if one.good else "NOT ", fg="green" if one.good else "red")
        click.echo(f"  {mark}", nl=False)
        say(f"{one.what}: {one.outcome}" + ("" if one.good else f" – {one.answer}"))
    return all(one.good for one in told)
