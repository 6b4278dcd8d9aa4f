"""config.toml -> Settings: read table by table, then looked at as a whole."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel

from bot import db
from bot.alerts import Policy
from bot.digests.outline import Periodical
from bot.facts import Vendor
from bot.manage.wishes import Managed
from bot.rules.book import RuleBook
from bot.settings import tables, whole
from bot.settings.digests import read_digests
from bot.settings.manage import read_managed
from bot.settings.mistakes import BadSettings, Mistake, Report
from bot.settings.occasions import read_calendars
from bot.settings.reading import Raw
from bot.settings.rules import read_rules
from bot.settings.secret import Secret
from bot.settings.silences import read_policy
from bot.settings.source_tables import Pirsch, Site, Umami
from bot.settings.watches import read_watches
from bot.watches.calendar import Calendar
from bot.watches.watch import Watch
from bot.writing.formats import Formats

LARGEST = 4 * 1024 * 1024
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file, checked: every name in it leads somewhere."""

    bot: tables.Bot
    store: tables.Store
    delivery: tables.Delivery
    slack: tables.Slack | None
    mail: tables.Mail | None
    pirsch: Pirsch | None
    umami: Umami | None
    sites: Mapping[str, Site]
    channels: Mapping[str, tables.SlackChannel | tables.MailChannel]
    book: RuleBook
    policy: Policy
    managed: Mapping[str, Managed]
    digests: tuple[Periodical, ...]
    watches: tuple[Watch, ...]
    calendars: Mapping[str, Calendar]
    folder: Path
    database_url: Secret

    def zone(self, site: str) -> ZoneInfo:
        """Return the zone of a site's days, where its vendor knows none."""
        return self.sites[site].timezone or self.bot.timezone

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Who counts each site."""
        return {name: site.vendor for name, site in self.sites.items()}

    def formats(self, site: str | None = None) -> Formats:
        """Return how numbers and times are written for a site, or for what belongs to none."""
        own = self.sites[site].locale if site is not None and site in self.sites else None
        return Formats(zone=self.bot.timezone, locale=own or self.bot.locale)

    @property
    def judging(self) -> tuple[str, ...]:
        """The names of everything that judges and can be silenced."""
        return (*(rule.name for rule in self.book.rules), *(watch.name for watch in self.watches))

    @property
    def unheard(self) -> frozenset[str]:
        """The sites without a hook_token: no webhook can come from them."""
        return frozenset(name for name, site in self.sites.items() if site.hook_token is None)

    def secrets(self) -> list[str]:
        """Return every secret, for the one who keeps them out of the log."""
        parts: list[BaseModel | None] = [self.bot, self.slack, self.mail, self.pirsch, self.umami]
        parts += [*self.sites.values(), *self.channels.values()]
        values = [value for part in parts if part is not None for _, value in part]
        found = [value.reveal() for value in values if isinstance(value, Secret)]
        return [*found, *_passwords(self.database_url)]


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the file at `path`. Raise BadSettings with every mistake that it has."""
    environ = os.environ if environ is None else environ
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        hint = "`pirsch-bot init` writes one; --config or BOT_CONFIG names another"
        raise _refused(path, "there is no such file", hint) from None
    except IsADirectoryError:
        raise _refused(path, "this is a folder; a file is needed") from None
    except (OSError, ValueError) as error:
        raise _refused(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST:
        raise _refused(path, f"larger than {LARGEST // 1024 // 1024} MiB: this is no config")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(path, "this is not UTF-8 text", "save it as UTF-8", line) from None
    return read(text, environ, name=str(path), folder=path.resolve().parent)


def read(
    text: str, environ: Mapping[str, str], *, name: str = "config.toml", folder: Path = Path()
) -> Settings:
    """Read a file's text; its paths begin at `folder`. Raise BadSettings with every mistake that it has."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(name, [_not_toml(error, text)]) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets by the thousand
        what = "this is not TOML that anybody would write: a number too long, or brackets too deep"
        raise BadSettings(name, [Mistake(place="", what=what)]) from None
    raw = Raw(data=data, environ=environ, folder=folder.resolve(), report=Report(text))
    settings = _everything(raw)
    if raw.report.found:
        raise BadSettings(name, raw.report.found)
    return settings


def _everything(raw: Raw) -> Settings:
    """Read each table by itself, then check what leads from one to another."""
    raw.check_names_of_tables()
    bot = raw.table("bot", tables.Bot) or tables.Bot()
    store = raw.table("store", tables.Store) or tables.Store()
    delivery = raw.table("delivery", tables.Delivery) or tables.Delivery()
    slack = raw.table("slack", tables.Slack)
    mail = raw.table("mail", tables.Mail)
    pirsch, umami = raw.table("pirsch", Pirsch), raw.table("umami", Umami)
    sites, channels = raw.sites(), raw.channels()
    rules = read_rules(raw, sites, store.keep, bot.timezone)
    managed = read_managed(raw, sites, bot.public_url, has_pirsch="pirsch" in raw.data)
    digests = read_digests(raw, sites, bot.timezone)
    watches = read_watches(raw, sites)
    policy = replace(
        read_policy(raw, bot.timezone, rules, watches),
        vendors={name: site.vendor for name, site in sites.items()},
    )
    whole.check_owner(raw)
    whole.check_sources(raw)
    whole.check_channels(raw, channels, delivery)
    alone: dict[str, BaseModel | None] = {"slack": slack, "mail": mail, "pirsch": pirsch, "umami": umami}
    others = {"bot": bot, **alone}
    others |= {f"channel.{name}": channel for name, channel in channels.items()}
    whole.check_secrets(raw, sites, others)
    return Settings(
        bot=bot,
        store=store,
        delivery=delivery,
        slack=slack,
        mail=mail,
        pirsch=pirsch,
        umami=umami,
        sites=sites,
        channels=channels,
        book=RuleBook(rules),
        policy=policy,
        managed=managed,
        digests=digests,
        watches=watches,
        calendars=read_calendars(raw, sites),
        folder=raw.folder,
        database_url=_database_url(raw, store),
    )


def _database_url(raw: Raw, store: tables.Store) -> Secret:
    """DATABASE_URL, as hosts set it, or else the SQLite file of [store]."""
    beside = sa.URL.create("sqlite", database=str(raw.folder / store.path))
    url = raw.environ.get("DATABASE_URL", "").strip()
    if not url:
        return Secret(beside.render_as_string(hide_password=False))
    try:
        db.address(url)
    except (ValueError, sa.exc.ArgumentError):  # their words may repeat a part of the password
        raw.report.add((), "environment variable DATABASE_URL", "postgres://… or sqlite:///… is needed")
    return Secret(url, "$DATABASE_URL")


def _passwords(url: Secret) -> Iterator[str]:
    password = sa.make_url(url.reveal()).password
    if password:
        yield url.reveal()
        yield str(password)


def _refused(path: Path, what: str, hint: str = "", line: int | None = None) -> BadSettings:
    return BadSettings(str(path), [Mistake(place="", what=what, hint=hint, line=line)])


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> Mistake:
    place = _TOML_PLACE.search(str(error))
    what = _TOML_PLACE.sub("", str(error))
    line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
    return Mistake(place="", what=f"this is not TOML: {what[:1].lower()}{what[1:]}", line=line)
