"""Addresses of Pirsch's own pages. Pure.

What is known of them: `https://dashboard.pirsch.io/?domain=<hostname>&interval=30d&scale=day`, with the same
parameters at the dashboard's own subdomain (docs.pirsch.io, "Embedding the Dashboard", says that they may be
copied to add a filter). Days and filters are named here as the API names them; an address that a dashboard
does not understand shows it with its usual period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

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
    """One dashboard, by the hostname of its site."""

    hostname: str
    url: str = EVERYBODYS


def link(board: Dashboard, days: tuple[date, date], where: Sequence[Where] = ()) -> str:
    """Return the address of a dashboard with these days, both included, and only this part of the traffic."""
    first, last = days
    asked = [
        ("domain", board.hostname),
        ("from", first.isoformat()),
        ("to", last.isoformat()),
        ("scale", "day"),
        *((_NAMES[one.dimension], _SIGNS[one.match] + (one.value or _UNKNOWN)) for one in where),
    ]
    return f"{board.url}?{urlencode(asked)}"
