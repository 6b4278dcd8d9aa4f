"""pirsch-bot doctor: is everything as the settings need it?"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import click

from bot import log
from bot.cli.ground import config_option, settings_or_stop
from bot.cli.pirsch.asking import NO_CREDENTIALS
from bot.cli.pirsch.output import one_line
from bot.db import Database
from bot.doctor import house, look
from bot.doctor import pirsch as judge
from bot.doctor import umami as judge_umami
from bot.doctor.judgement import Group, Judgement, Level
from bot.doctor.needs import Needs, SiteNeeds
from bot.facts import Vendor
from bot.jobs import watching
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Patience, Server
from bot.roads import roads
from bot.rules.globs import is_glob
from bot.settings import Settings
from bot.settings.source_tables import Pirsch as PirschTable
from bot.sites import umami_client
from bot.umami.wire import Patience as UmamiPatience

IMPATIENT = Patience(exchange=timedelta(seconds=10), total=timedelta(seconds=15))
MARKS = {Level.OK: ("ok", "green"), Level.ADVICE: ("advice", "yellow"), Level.WRONG: ("WRONG", "red")}


@click.command(epilog="Example: pirsch-bot doctor   or   pirsch-bot doctor --format json")
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For eyes, or for programs.",
)
def command(config: Path, form: str) -> None:
    """Look whether store, channels, templates and each dashboard at Pirsch and each website at
    Umami are as the settings need them.

    Says what to do about everything that is not. Reads only: nothing is sent to people, nothing is changed.
    Of Slack it asks who the bot is, what it may do and whether it is in each channel; at the mail server it
    logs in. Whether messages are taken, pirsch-bot send-test --all tells. Exits 1 when something is wrong;
    advice alone is no reason.
    """
    settings = settings_or_stop(config)
    log.quiet()
    found = list(examine(settings))
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        _print(found)
    if any(one.level is Level.WRONG for one in found):
        raise SystemExit(1)


def examine(settings: Settings) -> Iterator[Judgement]:
    """Look at everything, and judge it."""
    database = Database(settings.database_url.reveal())
    try:
        seen = look.store(database)
    finally:
        database.close()
    yield from house.store(seen, on_dyno="DYNO" in os.environ)
    yield from house.channels(look.channels(roads(settings), seen.lanes))
    if settings.bot.templates is not None:
        folder = settings.folder / settings.bot.templates
        yield from house.templates(look.templates(folder, settings.formats()))
    yield from _sites(settings)


def _sites(settings: Settings) -> Iterator[Judgement]:
    if settings.watches:
        calls = watching.calls_an_hour(settings.watches)
        yield Group("watches").ok(f"the watches ask about {calls:,.0f} times an hour")
    yield from _at_pirsch(settings)
    yield from _at_umami(settings)


def _at_umami(settings: Settings) -> Iterator[Judgement]:
    named = {name: site for name, site in settings.sites.items() if site.vendor is Vendor.UMAMI}
    if not named:
        return
    impatient = UmamiPatience(exchange=timedelta(seconds=10), total=timedelta(seconds=15))
    client = umami_client(settings, patience=impatient)
    if client.found is None:
        why = client.why.why if client.why is not None else "there is no client"
        yield Group("umami").wrong(f"the way in cannot be used: {why}", "Correct [umami].")
        return
    with client.found as umami:
        for name, site in named.items():
            zone = settings.zone(name)
            seen = look.umami(umami, site.domain, site.website, zone)
            yield from judge_umami.site(name, site.domain, zone, seen)


def _at_pirsch(settings: Settings) -> Iterator[Judgement]:
    named = [name for name, site in settings.sites.items() if site.vendor is Vendor.PIRSCH]
    account = Group("pirsch")
    if settings.sites and not named:
        return
    if settings.pirsch is None:
        yield account.advice(
            "without credentials events are heard, and no numbers can be read", "\n".join(NO_CREDENTIALS)
        )
        return
    try:
        client = _client(settings.pirsch)
    except ValueError as mistake:
        yield account.wrong(f"the credentials cannot be used: {mistake}", "Correct [pirsch].")
        return
    needs = Needs(
        zone=settings.bot.timezone,
        public_url=settings.bot.public_url,
        client_id=settings.pirsch.client_id.reveal(),
    )
    with client:
        for name in named:
            need = _needs(settings, name)
            yield from judge.site(need, look.pirsch(client, need.hostname), needs)


def _client(table: PirschTable) -> Pirsch:
    credentials = Credentials(client_id=table.client_id.reveal(), client_secret=table.client_secret.reveal())
    return Pirsch(credentials, Server(url=table.url), patience=IMPATIENT)


def _needs(settings: Settings, name: str) -> SiteNeeds:
    site, book = settings.sites[name], settings.book
    names = book.named(name)
    return SiteNeeds(
        name=name,
        hostname=site.domain,
        events=tuple(event for event in names if not is_glob(event)),
        globs=tuple(event for event in names if is_glob(event)),
        token=None if site.hook_token is None else site.hook_token.reveal(),
        old_token=None if site.hook_token_old is None else site.hook_token_old.reveal(),
        asked_for=lambda event: bool(book.matching(name, event)),
    )


# ---------------------------------------------------------------- printing


def _print(found: Iterable[Judgement]) -> None:
    judged = list(found)
    for group, members in groupby(judged, key=lambda one: one.group):
        click.echo(click.style(group, bold=True))
        for one in members:
            _print_one(one)
    wrong, advice = (sum(one.level is level for one in judged) for level in (Level.WRONG, Level.ADVICE))
    click.echo(f"\n{len(judged)} things looked at: {wrong} wrong, {advice} with advice.")


def _print_one(one: Judgement) -> None:
    mark, colour = MARKS[one.level]
    click.echo(f"  {click.style(mark.ljust(6), fg=colour)}  {one_line(one.what)}")
    for line in one.remedy.splitlines():
        click.echo(f"          {line}")
