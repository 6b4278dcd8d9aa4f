"""Reads the file piece by piece, so that one mistake hides no other, and then looks at the whole."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.rules.book import RuleBook
from bot.rules.rule import Rule
from bot.settings import tables
from bot.settings.explain import Mistake, as_text, did_you_mean, keys_of, mistakes_of
from bot.settings.locate import Path as Place
from bot.settings.locate import line_of, locate
from bot.settings.rules import built
from bot.settings.secret import Secret
from bot.settings.words import Name

__all__ = ["BadSettings", "Mistake", "Settings", "load", "read"]

T = TypeVar("T", bound=BaseModel)
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class BadSettings(Exception):
    """The file has mistakes: all of them, in the order of their lines."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        self.name = name
        self.mistakes = sorted(mistakes, key=lambda one: (one.line or 0, one.place))
        super().__init__(f"{name} has {len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}")

    def lines(self) -> list[str]:
        """Return a line for each mistake: `config.toml:12: rule "Big order".notify: …`."""
        return [
            f"{self.name}:{one.line}: {one}" if one.line else f"{self.name}: {one}" for one in self.mistakes
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file, checked: every name in it leads somewhere."""

    bot: tables.Bot
    store: tables.Store
    delivery: tables.Delivery
    slack: tables.Slack | None
    mail: tables.Mail | None
    pirsch: tables.Pirsch | None
    sites: Mapping[str, tables.Site]
    channels: Mapping[str, tables.SlackChannel | tables.MailChannel]
    book: RuleBook
    folder: Path
    database_url: Secret

    def secrets(self) -> list[str]:
        """Return every secret, for the one who keeps them out of the log."""
        found = [self.database_url] if "@" in self.database_url.reveal() else []
        parts: list[BaseModel | None] = [self.slack, self.mail, self.pirsch]
        for part in [*parts, *self.sites.values(), *self.channels.values()]:
            values = () if part is None else (value for _, value in part)
            found += [value for value in values if isinstance(value, Secret)]
        return [secret.reveal() for secret in found]


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the file at `path`. Raise BadSettings with every mistake that it has."""
    environ = os.environ if environ is None else environ
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadSettings(
            path.name, [Mistake(place="", what="there is no such file", hint="pirsch-bot init writes one")]
        ) from None
    except (OSError, UnicodeError) as error:
        raise BadSettings(path.name, [Mistake(place="", what=f"cannot be read: {error}")]) from None
    return read(text, environ, name=path.name, folder=path.resolve().parent)


def read(
    text: str, environ: Mapping[str, str], *, name: str = "config.toml", folder: Path = Path()
) -> Settings:
    """Read a file's text. Raise BadSettings with every mistake that it has."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(name, [_not_toml(error)]) from None
    reading = _Reading(data, locate(text), environ, folder)
    settings = reading.everything()
    if reading.mistakes:
        raise BadSettings(name, reading.mistakes)
    return settings


def _not_toml(error: tomllib.TOMLDecodeError) -> Mistake:
    place = _TOML_PLACE.search(str(error))
    what = _TOML_PLACE.sub("", str(error))
    line = int(place[1]) if place and place[1] else None
    return Mistake(place="", what=f"this is not TOML: {what[:1].lower()}{what[1:]}", line=line)


class _Reading:
    """One file being read: its data, its lines, and the mistakes found so far."""

    def __init__(
        self, data: dict[str, Any], places: Mapping[Place, int], environ: Mapping[str, str], folder: Path
    ) -> None:
        self.data = data
        self.places = places
        self.environ = environ
        self.folder = folder
        self.mistakes: list[Mistake] = []

    def everything(self) -> Settings:
        """Read each table by itself, then check what leads from one to another."""
        self._unknown_tables()
        bot = self._table("bot", tables.Bot) or tables.Bot()
        store = self._table("store", tables.Store) or tables.Store()
        delivery = self._table("delivery", tables.Delivery) or tables.Delivery()
        slack = self._table("slack", tables.Slack)
        mail = self._table("mail", tables.Mail)
        pirsch = self._table("pirsch", tables.Pirsch)
        sites = self._named("site", tables.Site)
        channels = self._named("channel", tables.Channel)
        rules = self._rules(sites, bot.timezone)
        self._check_owner()
        self._check_channels(channels, slack_known="slack" in self.data, mail_known="mail" in self.data)
        return Settings(
            bot=bot,
            store=store,
            delivery=delivery,
            slack=slack,
            mail=mail,
            pirsch=pirsch,
            sites=sites,
            channels=channels,
            book=RuleBook(rules),
            folder=self.folder,
            database_url=Secret(self.environ.get("DATABASE_URL") or f"sqlite:///{self.folder / store.path}"),
        )

    # ------------------------------------------------------------ one table at a time

    def _unknown_tables(self) -> None:
        known = keys_of(tables.File)
        for name in self.data:
            if name not in known:
                self._add((name,), as_text(name), "unknown table", did_you_mean(name, known))

    def _table(self, name: str, model: type[T]) -> T | None:
        return self._validated(self.data[name], model, (name,), name) if name in self.data else None

    def _named(self, name: str, model: Any) -> dict[str, Any]:
        found = {}
        for key, value in self._dict(name).items():
            try:
                TypeAdapter(Name).validate_python(key)
            except ValidationError:
                self._add(
                    (name, key), f"{name}.{as_text(key)}", 'the name needs small letters, digits, "-" and "_"'
                )
            if (one := self._validated(value, model, (name, key), f"{name}.{as_text(key)}")) is not None:
                found[key] = one
        return found

    def _validated(self, value: Any, model: Any, path: Place, title: str) -> Any:
        context = {"environ": self.environ, "folder": self.folder}
        try:
            return TypeAdapter(model).validate_python(value, context=context)
        except ValidationError as error:
            known = _model_for(model, value)
            self.mistakes += mistakes_of(error, known, path, self.places, title)
            return None

    def _dict(self, name: str) -> dict[str, Any]:
        value = self.data.get(name, {})
        if isinstance(value, dict):
            return value
        self._add((name,), name, f"write it as [{name}.<name>]")
        return {}

    def _rules(self, sites: Mapping[str, tables.Site], zone: ZoneInfo) -> list[Rule]:
        listed = self.data.get("rule", [])
        if not isinstance(listed, list):
            self._add(("rule",), "rule", "write it as [[rule]]")
            return []
        rules, names = [], dict[str, int]()
        for index, value in enumerate(listed):
            title = _rule_title(value, index)
            if isinstance(value, dict):
                self._check_rule_names(value, index, title, sites)
                self._check_rule_name_is_new(value, index, title, names)
            if (rule := self._rule(value, index, title, zone)) is not None:
                rules.append(rule)
        return rules

    def _rule(self, value: Any, index: int, title: str, zone: ZoneInfo) -> Rule | None:
        """Read one rule. What is wrong with one key does not hide what is wrong with the others."""
        before = len(self.mistakes)
        table = self._validated(value, tables.Rule, ("rule", index), title)
        broken = _broken_keys(value) if table is None and isinstance(value, dict) else set[str]()
        if table is None and isinstance(value, dict):
            stand_in = {"name": "?", "event": "*", "notify": ["stand-in"]}
            table = _validated_or_none(
                stand_in | {key: one for key, one in value.items() if key not in broken}
            )
        if table is None:
            return None
        rule, wrong = built(table, zone)
        for key, what in wrong:
            if key not in broken:
                self._add(("rule", index, key), f"{title}.{key}", what)
        return rule if len(self.mistakes) == before else None

    def _check_rule_name_is_new(
        self, value: dict[str, Any], index: int, title: str, names: dict[str, int]
    ) -> None:
        name = value.get("name")
        if isinstance(name, str) and (first := names.setdefault(name, index)) != index:
            line = line_of(self.places, ("rule", first))
            self._add(
                ("rule", index, "name"), f"{title}.name", f"the rule on line {line} has this name already"
            )

    # ------------------------------------------------------------ what leads from one table to another

    def _check_rule_names(
        self, value: dict[str, Any], index: int, title: str, sites: Mapping[str, tables.Site]
    ) -> None:
        notify, site = value.get("notify", []), value.get("site")
        for position, channel in enumerate(notify if isinstance(notify, list) else []):
            self._check_channel(channel, ("rule", index, "notify", position), f"{title}.notify")
        known = self._dict("site")
        path = ("rule", index, "site")
        if isinstance(site, str) and site not in known:
            self._add(path, f"{title}.site", f'there is no site "{as_text(site)}"', did_you_mean(site, known))
        elif isinstance(site, str) and site in sites and sites[site].hook_token is None:
            self._add(path, f"{title}.site", f"it can never match: [site.{site}] has no hook_token")
        elif site is None and not any(
            isinstance(one, dict) and "hook_token" in one for one in known.values()
        ):
            self._add(("rule", index), title, "it can never match: no [site.…] has a hook_token")

    def _check_channel(self, name: Any, path: Place, title: str) -> None:
        known = self._dict("channel")
        if isinstance(name, str) and name not in known:
            self._add(path, title, f'there is no channel "{as_text(name)}"', did_you_mean(name, known))

    def _check_owner(self) -> None:
        self._check_channel(self._dict("bot").get("owner"), ("bot", "owner"), "bot.owner")

    def _check_channels(self, channels: Mapping[str, Any], *, slack_known: bool, mail_known: bool) -> None:
        for name, channel in channels.items():
            path, title = ("channel", name), f"channel.{name}"
            if isinstance(channel, tables.SlackChannel) and channel.to is not None and not slack_known:
                self._add((*path, "to"), title, "there is no [slack] table with a token")
            if isinstance(channel, tables.MailChannel) and not mail_known:
                self._add((*path, "type"), title, "there is no [mail] table with a server")
            if channel.fallback is not None:
                self._check_channel(channel.fallback, (*path, "fallback"), f"{title}.fallback")
                if _comes_back(name, channels):
                    self._add(
                        (*path, "fallback"), f"{title}.fallback", "the fallbacks lead back to this channel"
                    )

    def _add(self, path: Place, place: str, what: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(place=place, what=what, line=line_of(self.places, path), hint=hint))


def _rule_title(value: Any, index: int) -> str:
    return (
        f'rule "{as_text(value["name"])}"'
        if isinstance(value, dict) and "name" in value
        else f"rule {index + 1}"
    )


def _broken_keys(value: dict[str, Any]) -> set[str]:
    try:
        tables.Rule.model_validate(value)
    except ValidationError as error:
        return {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    return set()


def _validated_or_none(value: dict[str, Any]) -> tables.Rule | None:
    try:
        return tables.Rule.model_validate(value)
    except ValidationError:
        return None


def _comes_back(name: str, channels: Mapping[str, Any]) -> bool:
    seen, now = set[str](), channels[name].fallback
    while now in channels and now not in seen:
        if now == name:
            return True
        seen.add(now)
        now = channels[now].fallback
    return False


def _model_for(model: Any, value: Any) -> type[BaseModel]:
    """The class whose keys a table has; for a channel its type decides."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        return model
    return (
        tables.MailChannel if isinstance(value, dict) and value.get("type") == "mail" else tables.SlackChannel
    )
