"""Reads what is to be judged: Pirsch, Umami, the store, the owner's templates. Changes nothing anywhere."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, TemplateError
from sqlalchemy.exc import SQLAlchemyError

from bot import clock, db, outbox
from bot.clock import Clock
from bot.db import Database
from bot.deliver.channel import Looked, Undelivered
from bot.deliver.road import Road
from bot.outbox import Lane
from bot.pirsch.answers.account import Domain, OAuthClient
from bot.pirsch.answers.owned import Webhook
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import PirschError
from bot.render.environments import environments
from bot.render.renderer import shipped
from bot.sources.errors import Misconfigured, SourceError
from bot.sources.periods import completed, one_day
from bot.sources.pirsch import PirschSource, dashboard, zone_of
from bot.sources.pirsch_words import error
from bot.sources.source import Totals
from bot.sources.umami import UmamiSource, website
from bot.sources.umami_words import error as umami_error
from bot.umami.answers import Website
from bot.umami.client import Umami
from bot.umami.errors import UmamiError
from bot.writing.formats import Formats

T = TypeVar("T")

RECENT_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSite:
    """What Pirsch says about one dashboard, or why it does not. All but `domain` need the dashboard."""

    domain: Domain | SourceError
    traffic: Totals | SourceError | None = None
    webhooks: tuple[Webhook, ...] | SourceError = ()
    clients: tuple[OAuthClient, ...] | SourceError = ()


def pirsch(client: Pirsch, hostname: str, now: Clock = clock.now) -> SeenSite:
    """Ask for one dashboard."""
    domain = _read(lambda: dashboard(client.domains, hostname))
    if isinstance(domain, SourceError):
        return SeenSite(domain=domain)
    return SeenSite(
        domain=domain,
        traffic=_read(lambda: _traffic(client, domain, now)),
        webhooks=_read(lambda: client.webhooks.of(domain.id)),
        clients=_read(lambda: client.account.clients(domain.id)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWebsite:
    """What Umami says about one website, or why it does not. All but `website` need the website."""

    website: Website | SourceError
    dialect: str = ""
    traffic: Totals | SourceError | None = None
    reports: int | SourceError = 0


def umami(client: Umami, domain: str, id: str | None, zone: ZoneInfo, now: Clock = clock.now) -> SeenWebsite:
    """Ask for one website."""
    found = _read(lambda: website(client, domain, id))
    if isinstance(found, SourceError):
        return SeenWebsite(website=found)
    numbers = UmamiSource(client, found.id, zone, now)
    traffic = _read(lambda: numbers.totals(completed(numbers.today(), RECENT_DAYS)))
    if isinstance(traffic, Misconfigured):  # whoever may not read its numbers may see nothing of it
        return SeenWebsite(website=traffic)
    return SeenWebsite(
        website=found,
        dialect=str(_read(lambda: client.dialect(found.id))),
        traffic=traffic,
        reports=_read(lambda: len(numbers.funnels()) + len(numbers.goals(one_day(numbers.today())))),
    )


def _traffic(client: Pirsch, domain: Domain, now: Clock) -> Totals:
    try:
        zone = zone_of(domain)
    except Misconfigured:  # that is told by itself
        zone = ZoneInfo("UTC")
    source = PirschSource(client, domain.id, zone, now)
    return source.totals(completed(source.today(), RECENT_DAYS))


def _read(ask: Callable[[], T]) -> T | SourceError:
    try:
        return ask()
    except SourceError as trouble:
        return trouble
    except PirschError as trouble:
        return error(trouble)
    except UmamiError as trouble:
        return umami_error(trouble)


# ---------------------------------------------------------------- our own house


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStore:
    """The store: its address without the password, what version it is at, or why it cannot be read."""

    address: str
    needed: str
    schema: str | None = None
    trouble: str = ""
    embedded: bool = False
    lanes: tuple[Lane, ...] = ()


def store(database: Database) -> SeenStore:
    """Look into the store. An embedded one that is not there yet is not made by looking."""
    address = database.url.render_as_string(hide_password=True)
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return SeenStore(address=address, needed=db.SCHEMA, embedded=True)
    try:
        with database.reading() as tx:
            at = db.schema(tx)
            lanes = tuple(outbox.lanes(tx)) if at == db.SCHEMA else ()
    except SQLAlchemyError as trouble:
        return SeenStore(address=address, needed=db.SCHEMA, trouble=type(trouble).__name__)
    return SeenStore(address=address, needed=db.SCHEMA, schema=at, embedded=database.is_sqlite, lanes=lanes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChannel:
    """A channel: what was seen of it without sending a message, or why it would take none, and its lane."""

    name: str
    found: Looked | Undelivered
    lane: Lane | None = None


def channels(roads: Mapping[str, Road], lanes: Sequence[Lane]) -> tuple[SeenChannel, ...]:
    """Look at every channel, side by side: one that hangs takes no longer than its own time-out."""
    known = {lane.channel: lane for lane in lanes}
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(_channel, roads.values())
    return tuple(
        SeenChannel(name=name, found=one, lane=known.get(name))
        for name, one in sorted(zip(roads, found, strict=True))
    )


def _channel(road: Road) -> Looked | Undelivered:
    try:
        return road.channel.look()
    except Undelivered as trouble:
        return trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTemplate:
    """A file of the owner's templates: whether anything asks for it, and what is wrong with it."""

    name: str
    used: bool
    trouble: str = ""


def templates(folder: Path, formats: Formats) -> tuple[SeenTemplate, ...]:
    """Read every file of a folder of templates, as far as it can be without a notice to fill it with."""
    made = environments([folder, shipped()], formats)
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")):
        name = path.relative_to(folder).as_posix()
        if name.startswith("slack/"):
            environment = made.slack
        else:
            environment = made.html if name.endswith(".html") else made.text
        found.append(
            SeenTemplate(name=name, used=(shipped() / name).is_file(), trouble=_trouble(environment, name))
        )
    return tuple(found)


def _trouble(environment: Environment, name: str) -> str:
    try:
        environment.get_template(name)
    except TemplateError as mistake:
        line = getattr(mistake, "lineno", None)
        return f"line {line}: {mistake.message}" if line else str(mistake.message)
    except (OSError, UnicodeDecodeError) as mistake:
        return type(mistake).__name__
    return ""
