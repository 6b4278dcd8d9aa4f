"""The tables of config.toml, one class each. `config.example.toml` explains every key."""

import re
import ssl
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
)

from bot.facts import Severity
from bot.settings.doing import Doing
from bot.settings.secret import Secret, SecretText
from bot.settings.source_tables import Pirsch, Umami
from bot.settings.table import Table
from bot.settings.words import (
    Address,
    Duration,
    ExistingFile,
    Expression,
    File,
    Folder,
    LocaleName,
    Login,
    MailHost,
    Pause,
    Text,
    WebAddress,
    Whole,
    Zone,
    is_loopback,
    spell,
    web_address,
)
from bot.writing.formats import INTERNATIONAL

SHORTEST_LINK_SECRET = 32
MOST_RECIPIENTS = 50
SHORTEST_READINGS = timedelta(days=58)
SHORTEST_LEASE, LONGEST_LEASE = timedelta(seconds=5), timedelta(minutes=10)

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")
_SLACK_ID = re.compile(r"[CGD][A-Z0-9]{7,}")


def _link_secret(secret: Secret) -> Secret:
    if len(secret.reveal()) < SHORTEST_LINK_SECRET:
        raise ValueError(
            f"at least {SHORTEST_LINK_SECRET} characters are needed, these are {len(secret.reveal())}; "
            "`pirsch-bot token` makes one"
        )
    return secret


def _slack_token(secret: Secret) -> Secret:
    token = secret.reveal()
    if token.startswith(("https://", "http://")):
        raise ValueError("this is an address; an incoming webhook is written as hook of its channel")
    if token.startswith("xapp-"):
        raise ValueError("this is an app-level token; the bot token is needed, which begins with xoxb-")
    return _one_word(secret)


def _slack_hook(secret: Secret) -> Secret:
    if secret.reveal().startswith("xox"):
        raise ValueError("this is a token, which belongs into [slack]; a hook is an address")
    try:
        web_address(secret.reveal())
    except ValueError:
        raise ValueError("the address of an incoming webhook is needed: https://hooks.slack.com/…") from None
    return _one_word(secret)


def _one_word(secret: Secret) -> Secret:
    if not secret.reveal().isascii() or " " in secret.reveal():
        raise ValueError("one word of plain letters, digits and signs is needed")
    return secret


def _slack_channel(text: str) -> str:
    if _SLACK_ID.fullmatch(text):
        return text
    if not text.startswith("#") or not text[1:] or any(letter in " #.,/" for letter in text[1:]):
        raise ValueError('a channel such as "#sales" is needed, or its id such as "C0123456789"')
    if text != text.lower():
        raise ValueError(f'names of Slack channels have no capital letters: write "{text.lower()}"')
    return text


def _certificates(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ValueError):  # SSLError is an OSError
        raise ValueError("certificates in PEM form are needed, and none can be read from this file") from None
    return path


def _lease(length: timedelta) -> timedelta:
    if not SHORTEST_LEASE <= length <= LONGEST_LEASE:
        raise ValueError(
            f"a length of time from {spell(SHORTEST_LEASE)} to {spell(LONGEST_LEASE)} is needed: "
            "processes renew it every few seconds, and what a dead one held waits for so long"
        )
    return length


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one time of day to another, which may lie on the next day."""

    starts: time
    ends: time


def _quiet(value: object) -> QuietHours:
    found = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError('two times of day are needed, such as "22:00-07:00"')
    starts, ends = (time(int(found[hour]), int(found[minute])) for hour, minute in ((1, 2), (3, 4)))
    if starts == ends:
        raise ValueError("these hours are none, or all of them: a channel that is always quiet tells nobody")
    return QuietHours(starts=starts, ends=ends)


def _readings(length: timedelta) -> timedelta:
    if length < SHORTEST_READINGS:
        raise ValueError(
            f"{spell(SHORTEST_READINGS)} at least: what is usual is learnt from the last eight weeks"
        )
    return length


def _recipients(addresses: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(addresses) <= MOST_RECIPIENTS:
        raise ValueError(f"1 to {MOST_RECIPIENTS} addresses are needed, these are {len(addresses)}")
    return addresses


Quiet = Annotated[QuietHours, BeforeValidator(_quiet)]
PerDay = Annotated[Whole, Field(ge=1, le=1000)]
LinkSecret = Annotated[SecretText, AfterValidator(_link_secret)]
SlackToken = Annotated[SecretText, AfterValidator(_slack_token)]
SlackHook = Annotated[SecretText, AfterValidator(_slack_hook)]
SlackTo = Annotated[Text, AfterValidator(_slack_channel)]
CaFile = Annotated[ExistingFile, AfterValidator(_certificates)]
Recipients = Annotated[tuple[Address, ...], AfterValidator(_recipients)]
Reference = str
"""The name of a site or a channel that has to be there: whether it is, is looked at with the whole file."""
Lease = Annotated[Duration, AfterValidator(_lease)]


class Bot(Table):
    """[bot]: who we are."""

    public_url: WebAddress | None = None
    timezone: Zone = ZoneInfo("UTC")
    locale: LocaleName = INTERNATIONAL
    owner: Reference | None = None
    templates: Folder | None = None
    link_secret: LinkSecret | None = None


class Keep(Table):
    """[store.keep]: how long each table remembers."""

    events: Duration = timedelta(days=90)
    quarantined: Duration = timedelta(days=30)
    notices: Duration = timedelta(days=90)
    alerts: Duration = timedelta(days=400)
    told_once: Duration = timedelta(days=400)
    ledger: Duration = timedelta(days=1100)
    readings: Annotated[Duration, AfterValidator(_readings)] = timedelta(days=400)
    verdicts: Duration = timedelta(days=30)


class Store(Table):
    """[store]: where things are kept."""

    path: File = Path("pirsch-bot.sqlite3")
    keep: Keep = Keep()


class Delivery(Table):
    """[delivery]: how hard the outbox tries."""

    lease: Lease = timedelta(seconds=20)
    first_pause: Duration = timedelta(seconds=5)
    longest_pause: Duration = Field(default=timedelta(minutes=30), validate_default=True)

    @field_validator("longest_pause")
    @classmethod
    def _pauses_grow(cls, longest: timedelta, info: ValidationInfo) -> timedelta:
        first = info.data.get("first_pause", longest)
        if longest < first:
            raise ValueError(f"this is shorter than first_pause ({spell(longest)}, {spell(first)})")
        return longest


class Slack(Table):
    """[slack]: the app's bot token."""

    token: SlackToken
    charts: Literal["blocks", "pictures", "none"] = "blocks"
    url: WebAddress = "https://slack.com/api"


class Mail(Table):
    """[mail]: the SMTP server."""

    host: MailHost
    port: Annotated[Whole, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Login | None = None
    password: SecretText | None = Field(default=None, validate_default=True)
    sender: Address
    ca_file: CaFile | None = None

    @field_validator("security")
    @classmethod
    def _unread_on_the_way(cls, security: str, info: ValidationInfo) -> str:
        if security == "none" and not is_loopback(info.data.get("host", "localhost")):
            raise ValueError('"none" is for a server on this machine only; use "starttls" or "tls"')
        return security

    @field_validator("password")
    @classmethod
    def _both(cls, password: Secret | None, info: ValidationInfo) -> Secret | None:
        if "username" in info.data and (info.data["username"] is None) != (password is None):
            raise ValueError("username and password belong together")
        if password is not None and not password.reveal().isascii():
            raise ValueError("a login with other letters than ASCII's is not possible over SMTP here")
        return password


class SlackChannel(Table):
    """[channel.<name>] with type = "slack"."""

    type: Literal["slack"]
    to: SlackTo | None = None
    hook: SlackHook | None = Field(default=None, validate_default=True)
    mention: Text | None = None
    long_open: Duration = timedelta(hours=1)
    fallback: Reference | None = None
    quiet_hours: Quiet | None = None
    most_per_day: PerDay | None = None
    pace: Pause = timedelta(seconds=1)
    give_up_after: Duration = timedelta(hours=6)

    @field_validator("hook")
    @classmethod
    def _one_road(cls, hook: Secret | None, info: ValidationInfo) -> Secret | None:
        if "to" in info.data and (info.data["to"] is None) == (hook is None):
            raise ValueError('either to = "#channel" (with [slack] token) or hook = { env = "…" } is needed')
        return hook


class MailChannel(Table):
    """[channel.<name>] with type = "mail"."""

    type: Literal["mail"]
    to: Recipients
    unsubscribe: StrictBool = True
    fallback: Reference | None = None
    quiet_hours: Quiet | None = None
    most_per_day: PerDay | None = None
    pace: Pause = timedelta(0)
    give_up_after: Duration = timedelta(hours=24)


Channel = Annotated[SlackChannel | MailChannel, Field(discriminator="type")]


class Rule(Table):
    """[[rule]]: which events matter, and to whom."""

    name: Text
    event: Text
    site: Reference | None = None
    condition: Annotated[Expression | None, Field(alias="if")] = None
    at_least: Whole | None = None
    within: Duration | None = None
    none_within: Duration | None = None
    collect: Duration | None = None
    value: Expression | None = None
    once_per: Expression | None = None
    remind: tuple[Duration, ...] | None = None
    severity: Severity = Severity.NOTICE
    notify: tuple[Reference, ...]
    do: Doing | None = None


TABLES: dict[str, type[Table]] = {
    "bot": Bot,
    "store": Store,
    "delivery": Delivery,
    "slack": Slack,
    "mail": Mail,
    "pirsch": Pirsch,
    "umami": Umami,
}
"""The tables that stand alone."""

NAMED = {"site": "[site.<name>]", "channel": "[channel.<name>]", "manage": "[manage.<site>]"}
"""The tables that each have a name, and how they are written."""
