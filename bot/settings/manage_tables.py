"""[manage.<site>] and the tables below it, one class each."""

import ipaddress
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationInfo, field_validator

from bot.manage.marks import LONGEST_NOTE
from bot.manage.wishes import AUTO, FROM_RULES, Mode, Then, WhenReached
from bot.settings.table import Table
from bot.settings.tables import Recipients, Reference
from bot.settings.words import Address, Text, Whole

DNS, URL = "dns:", "url:"
FEWEST_STEPS, MOST_STEPS = 2, 8


def _or_auto(least: int) -> Callable[[object], object]:
    def read(value: object) -> object:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value != AUTO and not (whole and isinstance(value, int) and value >= least):
            raise ValueError(f'a whole number from {least} on is needed, or "{AUTO}"')
        return value

    return read


def _share(value: object) -> float:
    """Read "5%" or 0.05. Raise ValueError beyond nothing and everything."""
    text = value.strip() if isinstance(value, str) else value
    try:
        number = float(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else float(str(text))
    except ValueError:
        number = -1.0
    if isinstance(value, bool) or not 0 <= number <= 1:
        raise ValueError('a share is needed, such as "5%"')
    return number


def _events(value: object) -> object:
    if value == FROM_RULES or isinstance(value, list):
        return value
    raise ValueError(f'"{FROM_RULES}" is needed, or a list of names of events: ["signup"]')


def _filter_type(value: object) -> object:
    if value == "hostname":
        raise ValueError("filters on hostnames are not made: the first one drops the traffic of all others")
    return value


def _day(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a date without quotes is needed, such as 2026-12-31")  # noqa: TRY004
    return value


def _when_reached(value: object) -> WhenReached:
    """Read "re-arm", "archive", "tell", or { raise_by = "20%" }."""
    if isinstance(value, dict) and set(value) == {"raise_by"}:
        by = _share(value["raise_by"])
        if by > 0:
            return WhenReached(then=Then.RAISE, by=by)
    elif value in (Then.REARM, Then.ARCHIVE, Then.TELL):
        return WhenReached(then=Then(str(value)))
    raise ValueError('"re-arm", "archive", "tell" or { raise_by = "20%" } is needed')


Share = Annotated[float, BeforeValidator(_share)]
Visitors = Annotated[int | str, BeforeValidator(_or_auto(1))]
Note = Annotated[Text, Field(max_length=LONGEST_NOTE)]
Count = Annotated[Whole, Field(ge=1)]
Target = Annotated[Whole, Field(ge=0)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]


class Caps(Table):
    """[manage.<site>.caps]: how much may change."""

    a_run: Count = 20
    a_day: Count = 50
    traffic: Share = 0.05
    deleted: Share = 0.5
    widest_ipv4: Annotated[Whole, Field(ge=8, le=32)] = 16
    widest_ipv6: Annotated[Whole, Field(ge=24, le=128)] = 48


class Filter(Table):
    """[[manage.<site>.filter]]: whose visits do not count."""

    type: Annotated[Literal["ip", "page", "country"], BeforeValidator(_filter_type)] = "ip"
    source: Annotated[Text, Field(alias="from")]
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    until: Annotated[date | None, BeforeValidator(_day)] = None

    @field_validator("note")
    @classmethod
    def _without_a_mark(cls, note: str) -> str:
        if "by pirsch-bot" in note or not note.isprintable():
            raise ValueError('one line is needed, without "by pirsch-bot": the bot writes that itself')
        return note.strip()

    @field_validator("source")
    @classmethod
    def _fits(cls, source: str, info: ValidationInfo) -> str:
        type = info.data.get("type")
        if type == "ip":
            return _address(source)
        if type == "country" and not (len(source) == 2 and source.isascii() and source.isalpha()):
            raise ValueError('a country is needed as two letters, such as "DE"')
        if type == "page" and not source.startswith("/"):
            raise ValueError('a page is needed, such as "/admin/**"')
        return source


def _address(source: str) -> str:
    if source.startswith(DNS):
        host = source.removeprefix(DNS)
        if not host or any(letter in host for letter in " /:@") or "." not in host:
            raise ValueError('a name is needed behind dns:, such as "dns:office.example.net"')
        return source
    if source.startswith(URL):
        return _list(source)
    try:
        ipaddress.ip_network(source)
    except ValueError:
        raise ValueError(
            'an address or network is needed ("203.0.113.7", "203.0.113.0/24"), or dns:… or url:…'
        ) from None
    return source


def _host(name: str) -> str:
    if name != name.lower() or any(letter in name for letter in " /:@*"):
        raise ValueError('a bare host in small letters is needed, such as "lists.corp.example"')
    return name


def _any_list(source: str) -> str:
    if not source.startswith(URL):
        raise ValueError('a list is needed, such as "url:https://example.net/spammers.txt"')
    return _list(source)


def _list(source: str) -> str:
    parts = urlsplit(source.removeprefix(URL))
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or " " in source:
        raise ValueError('an address is needed behind url:, such as "url:https://example.net/ranges.txt"')
    return source


class Goal(Table):
    """[[manage.<site>.goal]]: what visitors should do. What is left out of it stays as it is."""

    name: Text
    path: Annotated[Text, AfterValidator(lambda path: _glob(path))] | None = None
    tags: tuple[Text, ...] | None = None
    event: Text | None = None
    event_meta_key: Text | None = None
    event_meta_value: Text | None = None
    metric_key: Text | None = None
    metric_type: Literal["integer", "float"] | None = None
    visitors: Target | None = None
    cr_percent: Annotated[Number, Field(le=100)] | None = None
    total: Number | None = None
    average: Number | None = None
    delete_reached: Flag | None = None
    email_reached: Flag | None = None
    when_reached: Annotated[WhenReached | None, BeforeValidator(_when_reached)] = None


def _glob(path: str) -> str:
    if path.startswith(("(?i)", "^")) or path.endswith("$"):
        raise ValueError("a path with * and ** is needed; regular expressions stay in the dashboard")
    if not path.startswith("/"):
        raise ValueError('a path is needed, such as "/thanks" or "/docs/**"')
    return path


class FunnelStep(Table):
    """One of the steps of a funnel. `filter` is in Pirsch's own words."""

    name: Text
    path: Annotated[Text, AfterValidator(_glob)] | None = None
    event: Text | None = None
    filter: dict[str, Any] | None = Field(default=None, validate_default=True)

    @field_validator("filter")
    @classmethod
    def _asks_for_something(
        cls, filter: dict[str, Any] | None, info: ValidationInfo
    ) -> dict[str, Any] | None:
        if {"path", "event"} <= set(info.data) and not any((filter, info.data["path"], info.data["event"])):
            raise ValueError("path, event or filter is needed: what visitors must do in this step")
        return filter


class Funnel(Table):
    """[[manage.<site>.funnel]]."""

    name: Text
    step: Annotated[tuple[FunnelStep, ...], AfterValidator(lambda steps: _two_to_eight(steps))]


def _two_to_eight(steps: tuple[FunnelStep, ...]) -> tuple[FunnelStep, ...]:
    if not FEWEST_STEPS <= len(steps) <= MOST_STEPS:
        raise ValueError(f"{FEWEST_STEPS} to {MOST_STEPS} steps are needed, these are {len(steps)}")
    return steps


Every = Literal["day", "week", "2 weeks", "3 weeks", "4 weeks"]
EVERY: tuple[str, ...] = ("day", "week", "2 weeks", "3 weeks", "4 weeks")
"""As Pirsch counts them."""


class Report(Table):
    """[[manage.<site>.report]]: Pirsch's own mails with numbers, one for each address."""

    to: Recipients
    every: Every
    reply_to: Address | None = None
    link_to: str | None = None
    visitor_graph: Flag | None = None
    summary: Flag | None = None
    top_pages: Flag | None = None
    top_referrer: Flag | None = None
    top_events: Flag | None = None
    hide_dashboard_button: Flag | None = None


class Modes(Table):
    """[manage.<site>.modes]: how far the bot goes by itself with single kinds of objects."""

    filter: Mode | None = None
    goal: Mode | None = None
    funnel: Mode | None = None
    report: Mode | None = None
    webhook: Mode | None = None
    spike_threshold: Mode | None = None
    warning_days: Mode | None = None


class Manage(Table):
    """[manage.<site>]: the account as its owner wants it. What is not named is left alone."""

    mode: Mode = Mode.PLAN
    modes: Modes = Modes()
    spike_threshold: Visitors | None = None
    warning_days: Visitors | None = None
    webhooks: Annotated[str | tuple[Text, ...], BeforeValidator(_events)] | None = None
    filter_types: tuple[Literal["page", "country"], ...] = ()
    spam_hosts: Annotated[Text, AfterValidator(_any_list)] | None = None
    list_hosts: tuple[Annotated[Text, AfterValidator(_host)], ...] = ()
    notify: tuple[Reference, ...] | None = None
    approvers: tuple[Reference, ...] | None = None
    caps: Caps = Caps()
    filter: tuple[Filter, ...] | None = None
    goal: tuple[Goal, ...] | None = None
    funnel: tuple[Funnel, ...] | None = None
    report: tuple[Report, ...] | None = None


ITEMS: dict[str, type[Table]] = {"filter": Filter, "goal": Goal, "funnel": Funnel, "report": Report}
"""Tables of which there may be many: each is read by itself, so that one mistake hides no other."""
