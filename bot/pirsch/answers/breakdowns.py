"""One dimension of the traffic, row by row (docs.pirsch.io, API v1, "Statistics")."""

from dataclasses import dataclass
from typing import Annotated

from bot.http.decoding import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Traffic of a page. `relative_views` is the share of all views."""

    path: str
    title: str = ""
    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None
    relative_visitors: float | None = None
    relative_views: float | None = None
    bounce_rate: float | None = None
    average_time_spent_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """How often sessions began on a page."""

    path: Annotated[str, Keys("path", "entry_path")]
    title: str = ""
    visitors: int
    sessions: int | None = None
    entries: int
    entry_rate: float | None = None
    average_time_spent_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPage:
    """How often sessions ended on a page."""

    path: Annotated[str, Keys("path", "exit_path")]
    title: str = ""
    visitors: int
    sessions: int | None = None
    exits: int
    exit_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostname:
    """Traffic of a hostname of the dashboard."""

    hostname: str
    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None
    relative_visitors: float | None = None
    relative_views: float | None = None
    bounce_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrer:
    """Traffic that a link brought. An empty `referrer` is direct traffic."""

    referrer: str = ""
    name: Annotated[str, Keys("referrer_name")] = ""
    icon: Annotated[str, Keys("referrer_icon")] = ""
    visitors: int
    sessions: int | None = None
    relative_visitors: float | None = None
    bounces: int | None = None
    bounce_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Traffic of a channel, such as "Paid Search"."""

    channel: str = ""
    visitors: int
    views: int | None = None
    sessions: int | None = None
    relative_visitors: float | None = None
    relative_views: float | None = None
    bounces: int | None = None
    bounce_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Visitors by language, in two letters."""

    language: str = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Visitors by country, in two lower-case letters; older documents call the key `country`."""

    country: Annotated[str, Keys("country_code", "country")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Visitors by region of a country."""

    region: str = ""
    country: Annotated[str, Keys("country_code", "country")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Visitors by city; older answers tell the city alone."""

    city: str = ""
    region: str = ""
    country: Annotated[str, Keys("country_code", "country")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Visitors by operating system; `version` is empty unless versions were asked for."""

    name: Annotated[str, Keys("os")] = ""
    version: Annotated[str, Keys("os_version")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Visitors by browser; `version` is empty unless versions were asked for."""

    name: Annotated[str, Keys("browser")] = ""
    version: Annotated[str, Keys("browser_version")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """Visitors by kind of device: the one breakdown that is a single object."""

    desktop: Annotated[int, Keys("platform_desktop")]
    mobile: Annotated[int, Keys("platform_mobile")]
    unknown: Annotated[int, Keys("platform_unknown")] = 0
    relative_desktop: Annotated[float | None, Keys("relative_platform_desktop")] = None
    relative_mobile: Annotated[float | None, Keys("relative_platform_mobile")] = None
    relative_unknown: Annotated[float | None, Keys("relative_platform_unknown")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Visitors by class of screen width, such as "XXL"."""

    screen_class: str = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Utm:
    """Visitors by the value of one UTM parameter."""

    value: Annotated[str, Keys("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")] = ""
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Traffic of the pages with a tag; `value` is empty unless one tag's values were asked for."""

    key: str
    value: str = ""
    visitors: int
    views: int | None = None
    relative_visitors: float | None = None
    relative_views: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """A row of the Google Search Console: a keyword, or a keyword and a page, in `keys`."""

    keys: tuple[str, ...]
    clicks: int
    impressions: int
    ctr: float | None = None
    position: float | None = None
