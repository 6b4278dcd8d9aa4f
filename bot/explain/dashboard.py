"""Addresses of a vendor's own pages. Pure.

Of Pirsch is known: `https://dashboard.pirsch.io/?domain=<hostname>&interval=30d&scale=day`, with the same
parameters at the dashboard's own subdomain (docs.pirsch.io, "Embedding the Dashboard", says that they may be
copied to add a filter). Days and filters are named here as the API names them; an address that a dashboard
does not understand shows it with its usual period.

A website at a server of one's own has its page at `/websites/<id>`, and from version 3 on it takes
`date=range:<since>:<until>` in milliseconds (umami-software/umami, `src/lib/date.ts`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.sources.periods import Days, stretch
from bot.sources.source import Dimension, Match, Where

EVERYBODYS = "https://dashboard.pirsch.io/"

_NAMES: Mapping[Dimension, str] = {
    Dimension.PAGE: "path",
    Dimension.ENTRY_PAGE: "entry_path",
    Dimension.EXIT_PAGE: "exit_path",
    Dimension.HOSTNAME: "hostname",
    Dimension.REFERRER: "referrer",
    Dimension.CHANNEL: "channel",
    Dimension.COUNTRY: "country",
    Dimension.REGION: "region",
    Dimension.CITY: "city",
    Dimension.LANGUAGE: "language",
    Dimension.BROWSER: "browser",
    Dimension.SYSTEM: "os",
    Dimension.DEVICE: "platform",
    Dimension.SCREEN: "screen_class",
    Dimension.UTM_SOURCE: "utm_source",
    Dimension.UTM_MEDIUM: "utm_medium",
    Dimension.UTM_CAMPAIGN: "utm_campaign",
    Dimension.UTM_CONTENT: "utm_content",
    Dimension.UTM_TERM: "utm_term",
    Dimension.TAG: "tag",
    Dimension.EVENT: "event",
}
_SIGNS = {Match.IS: "", Match.IS_NOT: "!", Match.CONTAINS: "~", Match.LACKS: "^"}
_UNKNOWN = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One dashboard at Pirsch, by the hostname of its site."""

    hostname: str
    url: str = EVERYBODYS


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsitePage:
    """The page of one website at Umami, and the zone of the days it is asked for."""

    url: str
    zone: ZoneInfo


Board = Dashboard | WebsitePage


def link(board: Board, days: tuple[date, date], where: Sequence[Where] = ()) -> str:
    """Return the address of a dashboard with these days, both included, and only this part of the traffic."""
    first, last = days
    if isinstance(board, WebsitePage):
        since, until = stretch(Days(first=first, last=last), board.zone)
        return f"{board.url}?date=range:{_milliseconds(since)}:{_milliseconds(until) - 1}"
    asked = [
        ("domain", board.hostname),
        ("from", first.isoformat()),
        ("to", last.isoformat()),
        ("scale", "day"),
        *((_NAMES[one.dimension], _SIGNS[one.match] + (one.value or _UNKNOWN)) for one in where),
    ]
    return f"{board.url}?{urlencode(asked)}"


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
