"""What every call needs: which version and database it is, what is asked for, and how answers are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.pirsch.record import Record
from bot.sandbox.umami import counting
from bot.sandbox.umami.counting import Part, Seen, Test
from bot.sandbox.umami.settings import SavedReport, Settings, Store

MOST_ROWS = 500
NAMES = {2: {"url": "path", "host": "hostname"}, 3: {"path": "path", "hostname": "hostname"}}
SAME = ("referrer", "country", "region", "city", "browser", "os", "device")


class No(Exception):
    """The call is refused with a status. Version 2 says what is wrong as a list, version 3 as an object."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Asked(NamedTuple):
    """A call: the path behind the website's id, or the name of a report, its query and its body."""

    what: str
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """A website: its id, its domain, its rows and its saved reports."""

    id: str
    domain: str
    record: Record
    reports: tuple[SavedReport, ...]

    def row(self) -> dict[str, object]:
        """Return it as a list shows it."""
        return {"id": self.id, "name": self.domain, "domain": self.domain, "resetAt": None, "teamId": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One version on one database, at any moment."""

    settings: Settings
    now: Callable[[], datetime]

    @property
    def old(self) -> bool:
        """Whether it is version 2."""
        return self.settings.version == 2

    @property
    def texts(self) -> bool:
        """Whether decimals are written as texts."""
        return self.settings.store is Store.POSTGRESQL

    # ------------------------------------------------------------ what is asked

    def part(self, site: Website, query: Mapping[str, str]) -> Part:
        """Return what a GET asks for."""
        try:
            since, until = int(query["startAt"]), int(query["endAt"])
        except (KeyError, ValueError):
            raise No(400, "startAt: Expected number, received nan") from None
        tests = [test for name, value in query.items() if (test := self.test(name, value))]
        return self._made(site, since // 1000, until // 1000, tests)

    def dated(self, site: Website, told: Mapping[str, Any], tests: list[Test]) -> Part:
        """Return what a report asks for."""
        try:
            since, until = (datetime.fromisoformat(told[name]) for name in ("startDate", "endDate"))
        except (KeyError, TypeError, ValueError):
            raise No(400, "startDate: Invalid date") from None
        return self._made(site, int(since.timestamp()), int(until.timestamp()), tests)

    def _made(self, site: Website, since: int, until: int, tests: list[Test]) -> Part:
        now = int(self.now().timestamp())
        return Part(record=site.record, since=since, until=until, now=now, tests=tuple(tests))

    def test(self, name: str, told: str) -> Test | None:
        """Return the test of a filter. Names that this version does not know are passed over."""
        field = NAMES[self.settings.version].get(name, name if name in SAME else "")
        if not field:
            return None
        operator, wanted = _read_v2(told) if self.old else _read_v3(told)
        return lambda seen: fits(value(seen, field), operator, wanted)

    def unit(self, query: Mapping[str, str]) -> tuple[str, ZoneInfo]:
        """Return unit and zone of a series. More than two days are never told by the hour."""
        if query.get("unit") not in ("hour", "day"):
            raise No(400, "unit: Invalid unit")
        try:
            zone = ZoneInfo(query.get("timezone", ""))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise No(400, "timezone: Invalid timezone") from None
        hours = (int(query["endAt"]) - int(query["startAt"])) / 3_600_000
        return ("day" if hours > 48 else query["unit"]), zone

    # ------------------------------------------------------------ how it is written

    def bucket(self, at: int, unit: str, zone: ZoneInfo) -> str:
        """Write the bucket of an instant."""
        return counting.bucket(at, unit, zone, instants=self.settings.store is Store.CLICKHOUSE)

    def number(self, count: int) -> object:
        """Write a count that the database makes a decimal of."""
        return str(count) if self.texts else count

    def decimal(self, text: str) -> str:
        """Return a value as it is kept: numbers with four places, where they have any."""
        try:
            value = float(text)
        except ValueError:
            return text
        return f"{value:.4f}" if value != int(value) and self.texts else text


def largest(counts: Mapping[str, int], most: int) -> list[dict[str, Any]]:
    """Write the largest counts; a name that is empty is null."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"x": name or None, "y": count} for name, count in ranked[:most]]


def value(seen: Seen, field: str) -> str:
    """Return what a page view has of a field, in the words of either version."""
    if field in ("path", "url"):
        return seen.view.page.path
    return counting.OF_SESSION[{"host": "hostname"}.get(field, field)](seen.session)


def _read_v2(text: str) -> tuple[str, str]:
    for sign, operator in (("!~", "dnc"), ("!", "neq"), ("~", "c")):
        if text.startswith(sign):
            return operator, text.removeprefix(sign)
    return "eq", text


def _read_v3(text: str) -> tuple[str, str]:
    head, dot, rest = text.partition(".")
    return (head, rest) if dot and head in ("eq", "neq", "c", "dnc") else ("eq", text)


def fits(value: str, operator: str, wanted: str) -> bool:
    """Whether a value is as an operator wants it."""
    match operator:
        case "eq":
            return value in wanted.split(",")
        case "neq":
            return value not in wanted.split(",")
        case "c":
            return wanted in value
        case _:
            return wanted not in value
