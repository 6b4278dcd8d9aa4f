"""What the major versions of Umami call things, and how they want to be asked. Pure.

Version 3 answers no report that is asked in the words of version 2, and the other way round. Of filters, both
pass over what they do not know without a word, and answer for everybody: so only these names are ever sent.
(Recorded of 2.18.1, 2.19.0, 3.0.3 and 3.1.0; api routes of umami-software/umami at these tags.)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.http.transport import Pairs
from bot.umami.errors import Unaskable

MILLISECOND = timedelta(milliseconds=1)


class Dialect(StrEnum):
    """A major version, as far as its words go. Within one, answers still differ: see `answers`."""

    V2 = "2"
    V3 = "3"


class Field(StrEnum):
    """What traffic can be told apart by, in the words of version 3."""

    PATH = "path"
    ENTRY = "entry"
    EXIT = "exit"
    HOSTNAME = "hostname"
    REFERRER = "referrer"
    CHANNEL = "channel"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    LANGUAGE = "language"
    BROWSER = "browser"
    SYSTEM = "os"
    DEVICE = "device"
    SCREEN = "screen"
    TAG = "tag"
    EVENT = "event"


_IN_V2: Mapping[Field, str] = {Field.PATH: "url", Field.HOSTNAME: "host"}
FILTERS = frozenset(
    {
        Field.PATH,
        Field.HOSTNAME,
        Field.REFERRER,
        Field.COUNTRY,
        Field.REGION,
        Field.CITY,
        Field.BROWSER,
        Field.SYSTEM,
        Field.DEVICE,
        Field.TAG,
    }
)
"""What both versions can be asked for a part by. `event` is not among them: it finds nothing (recorded)."""


class Operator(StrEnum):
    """How a value must relate to what was counted."""

    IS = "eq"
    IS_NOT = "neq"
    CONTAINS = "c"
    LACKS = "dnc"


_SIGNS: Mapping[Operator, str] = {
    Operator.IS: "",
    Operator.IS_NOT: "!",
    Operator.CONTAINS: "~",
    Operator.LACKS: "!~",
}


_LIKE_A_SIGN = re.compile(r"[a-z]{1,4}\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Only this part of the traffic."""

    field: Field
    value: str
    operator: Operator = Operator.IS


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The instants [since, until)."""

    since: datetime
    until: datetime

    @property
    def pairs(self) -> Pairs:
        """Return the span for a GET: milliseconds since 1970, both included. Seconds would find nothing."""
        ends = self.until - MILLISECOND
        return ("startAt", _milliseconds(self.since)), ("endAt", _milliseconds(ends))

    @property
    def dates(self) -> Mapping[str, str]:
        """Return the span for a report."""
        ends = self.until - MILLISECOND
        return {"startDate": _iso(self.since), "endDate": _iso(ends)}


def _milliseconds(at: datetime) -> str:
    return str(round(at.timestamp() * 1000))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def called(field: Field, dialect: Dialect) -> str:
    """Return how a version calls a field."""
    return _IN_V2.get(field, field.value) if dialect is Dialect.V2 else field.value


def filters(conditions: Sequence[Condition], dialect: Dialect) -> Mapping[str, str]:
    """Return conditions as a version reads them. Raise Unaskable for what it would read otherwise."""
    found: dict[str, str] = {}
    for one in conditions:
        if one.field not in FILTERS:
            raise Unaskable(f"Umami cannot tell the part of the traffic by {one.field}")
        name = called(one.field, dialect)
        if name in found:
            raise Unaskable(f"Umami takes one demand on {one.field}")
        found[name] = _signed(one, dialect)
    return found


def _signed(one: Condition, dialect: Dialect) -> str:
    if not one.value:
        raise Unaskable(f"Umami cannot be asked for those without a {one.field}")
    if dialect is Dialect.V2:
        if one.operator is Operator.IS and one.value[0] in "!~":
            raise Unaskable("Umami 2 reads a value that begins with ! or ~ as a sign")
        return _SIGNS[one.operator] + one.value
    if "," in one.value:
        raise Unaskable("Umami 3 reads a comma as “or”")
    plain = one.operator is Operator.IS and not _LIKE_A_SIGN.match(one.value)
    return one.value if plain else f"{one.operator}.{one.value}"


# ---------------------------------------------------------------- reports


def report(
    dialect: Dialect, name: str, website: str, span: Span, asked: Mapping[str, object]
) -> dict[str, object]:
    """Return the body of a report. Version 3 has what is asked in `parameters`, and wants `filters`."""
    if dialect is Dialect.V2:
        return {"websiteId": website, "dateRange": dict(span.dates), **asked}
    kept = {key: value for key, value in asked.items() if key != "filters"}
    return {
        "websiteId": website,
        "type": name,
        "filters": asked.get("filters", {}),
        "parameters": {**span.dates, **kept},
    }


def pages_report(
    dialect: Dialect, website: str, span: Span, conditions: Sequence[Condition]
) -> tuple[str, dict[str, object]]:
    """Return name and body of the report that counts visitors by page.

    `/metrics` of version 2 counts page views there (recorded: 109 for 71 visitors), so it is not asked.
    """
    if dialect is Dialect.V3:
        told = filters(conditions, dialect)
        return "breakdown", report(dialect, "breakdown", website, span, {"fields": ["path"], "filters": told})
    filters(conditions, dialect)  # the same values are refused
    listed = [
        {
            "name": called(one.field, dialect),
            "type": "string",
            "operator": str(one.operator),
            "value": one.value,
        }
        for one in conditions
    ]
    asked = {
        "fields": [{"name": "url", "type": "string", "label": "Url"}],
        "filters": listed,
    }
    return "insights", report(dialect, "insights", website, span, asked)


def step_type(told: str, dialect: Dialect) -> str:
    """Return the kind of a funnel's step or of a goal. The wrong word for a page is taken for an event's."""
    if told in ("url", "path"):
        return "url" if dialect is Dialect.V2 else "path"
    return told


def goal_of_v2(kind: str, value: str, target: float, operator: str, of: str) -> dict[str, object]:
    """Return a goal as version 2 is asked for it."""
    told: dict[str, object] = {"type": step_type(kind, Dialect.V2), "value": value, "goal": target}
    return {**told, "operator": operator, "property": of} if kind == "event-data" else told
