"""The tables of config.toml, one class each. `config.example.toml` explains every key."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.facts import Severity
from bot.settings.secret import Secret, SecretText
from bot.settings.words import Duration, Expression, Name, Pause, Text, Zone

SHORTEST_TOKEN = 22  # characters of base64: 132 bits


class Table(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _token(secret: Secret) -> Secret:
    token = secret.reveal()
    if len(token) < SHORTEST_TOKEN:
        raise ValueError(
            f"too short to prove anything ({len(token)} characters); `pirsch-bot token` makes one"
        )
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_~.") for letter in token):
        raise ValueError("use letters, digits, - and _ only: it is part of an address")
    return secret


def _address(text: str) -> str:
    _, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or any(letter.isspace() for letter in address) or len(address) > 254:
        raise ValueError("this is not a mail address")
    return text


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or len(text.split("/", 3)[2]) == 0:
        raise ValueError("an address that begins with https:// is needed")
    return text.rstrip("/")


HookToken = Annotated[SecretText, AfterValidator(_token)]
Address = Annotated[Text, AfterValidator(_address)]
WebAddress = Annotated[Text, AfterValidator(_web_address)]


class Bot(Table):
    """[bot]: who we are."""

    public_url: WebAddress | None = None
    timezone: Zone = ZoneInfo("UTC")
    owner: Name | None = None
    templates: Path | None = None


class Keep(Table):
    """[store.keep]: how long each table remembers."""

    events: Duration = timedelta(days=90)
    quarantined: Duration = timedelta(days=30)
    notices: Duration = timedelta(days=90)
    alerts: Duration = timedelta(days=400)
    told_once: Duration = timedelta(days=400)


class Store(Table):
    """[store]: where things are kept."""

    path: Path = Path("pirsch-bot.sqlite3")
    keep: Keep = Keep()


class Delivery(Table):
    """[delivery]: how hard the outbox tries."""

    lease: Duration = timedelta(seconds=20)
    first_pause: Duration = timedelta(seconds=5)
    longest_pause: Duration = timedelta(minutes=30)

    @model_validator(mode="after")
    def _pauses_grow(self) -> "Delivery":
        if self.longest_pause < self.first_pause:
            raise ValueError("longest_pause is shorter than first_pause")
        return self


class Slack(Table):
    """[slack]: the app's bot token."""

    token: SecretText
    url: WebAddress = "https://slack.com/api"


class Mail(Table):
    """[mail]: the SMTP server."""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Text | None = None
    password: SecretText | None = None
    sender: Address
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Mail":
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.security == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(
                'security = "none" is for a server on this machine only; use "starttls" or "tls"'
            )
        return self


class Pirsch(Table):
    """[pirsch]: a client of Pirsch's API."""

    client_id: SecretText
    client_secret: SecretText
    url: WebAddress = "https://api.pirsch.io"


class Site(Table):
    """[site.<name>]: one dashboard."""

    source: Literal["pirsch"] = "pirsch"
    domain: Text
    hook_token: HookToken | None = None
    hook_token_old: HookToken | None = None

    @model_validator(mode="after")
    def _rotation(self) -> "Site":
        if self.hook_token_old is not None and self.hook_token is None:
            raise ValueError(
                "hook_token_old without hook_token: the old one is only for the time of a change"
            )
        if self.hook_token_old is not None and self.hook_token_old == self.hook_token:
            raise ValueError("hook_token_old is the same as hook_token")
        return self


class SlackChannel(Table):
    """[channel.<name>] with type = "slack"."""

    type: Literal["slack"]
    to: Text | None = None
    hook: SecretText | None = None
    mention: Text | None = None
    fallback: Name | None = None
    pace: Pause = timedelta(seconds=1)
    give_up_after: Duration = timedelta(hours=6)

    @model_validator(mode="after")
    def _one_road(self) -> "SlackChannel":
        if (self.to is None) == (self.hook is None):
            raise ValueError('either to = "#channel" (with [slack] token) or hook = { env = "…" } is needed')
        if self.to is not None and not (self.to.startswith("#") or self.to[:1] in "CGD"):
            raise ValueError('to is a channel such as "#sales" or its id such as "C0123456789"')
        return self


class MailChannel(Table):
    """[channel.<name>] with type = "mail"."""

    type: Literal["mail"]
    to: Annotated[tuple[Address, ...], Field(min_length=1, max_length=50)]
    fallback: Name | None = None
    pace: Pause = timedelta(0)
    give_up_after: Duration = timedelta(hours=24)


Channel = Annotated[SlackChannel | MailChannel, Field(discriminator="type")]


class Rule(Table):
    """[[rule]]: which events matter, and to whom."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: Text
    event: Text
    site: Name | None = None
    condition: Annotated[Expression | None, Field(alias="if")] = None
    at_least: int | None = None
    within: Duration | None = None
    none_within: Duration | None = None
    collect: Duration | None = None
    value: Expression | None = None
    once_per: Expression | None = None
    severity: Severity = Severity.NOTICE
    notify: tuple[Name, ...]


class File(Table):
    """The whole file."""

    bot: Bot = Bot()
    store: Store = Store()
    delivery: Delivery = Delivery()
    slack: Slack | None = None
    mail: Mail | None = None
    pirsch: Pirsch | None = None
    site: dict[Name, Site] = {}
    channel: dict[Name, Channel] = {}
    rule: tuple[Rule, ...] = ()
