"""Who comes, from where, with what: weighted lists to draw from. Invented, shaped like a small shop."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

from bot.sandbox.pirsch.rows import Source

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to draw from, some more often than others."""

    def __init__(self, rows: Sequence[tuple[float, T]]) -> None:
        self._things = [thing for _, thing in rows]
        self._sums = list(accumulate(weight for weight, _ in rows))

    def draw(self, rng: Random) -> T:
        """Draw one."""
        return self.at(rng.random())

    def at(self, luck: float) -> T:
        """Return the one at a point in [0, 1)."""
        return self._things[bisect(self._sums, luck * self._sums[-1])]


class Place(NamedTuple):
    """Where a visitor is. `net` is the first half of the addresses there (documentation and test ranges)."""

    country: str
    region: str
    city: str
    language: str
    net: str


class Device(NamedTuple):
    """What a visitor looks through."""

    os: str
    os_version: str
    browser: str
    browser_version: str
    platform: str
    screen_class: str


PLACES = Weighted(
    [
        (14, Place("de", "Land Berlin", "Berlin", "de", "198.18")),
        (9, Place("de", "Hamburg", "Hamburg", "de", "198.18")),
        (9, Place("de", "Bavaria", "Munich", "de", "198.18")),
        (8, Place("de", "North Rhine-Westphalia", "Cologne", "de", "198.18")),
        (6, Place("at", "Vienna", "Vienna", "de", "198.19")),
        (4, Place("ch", "Zurich", "Zürich", "de", "198.19")),
        (9, Place("us", "California", "San Francisco", "en", "203.0")),
        (7, Place("us", "New York", "New York", "en", "203.0")),
        (8, Place("gb", "England", "London", "en", "192.0")),
        (5, Place("fr", "Île-de-France", "Paris", "fr", "192.0")),
        (5, Place("nl", "North Holland", "Amsterdam", "nl", "192.0")),
        (3, Place("es", "Madrid", "Madrid", "es", "192.0")),
        (3, Place("pl", "Mazovia", "Warsaw", "pl", "192.0")),
        (2, Place("jp", "Tokyo", "Tokyo", "ja", "203.0")),
        (2, Place("in", "Karnataka", "Bengaluru", "en", "203.0")),
        (1, Place("br", "São Paulo", "São Paulo", "pt", "203.0")),
        (2, Place("", "", "", "", "203.0")),
    ]
)

DEVICES = Weighted(
    [
        (22, Device("Windows", "11", "Chrome", "141.0", "desktop", "XL")),
        (8, Device("Windows", "10", "Edge", "141.0", "desktop", "L")),
        (7, Device("Windows", "11", "Firefox", "144.0", "desktop", "XXL")),
        (12, Device("Mac", "15.6", "Safari", "18.6", "desktop", "XL")),
        (5, Device("Mac", "15.6", "Chrome", "141.0", "desktop", "XXL")),
        (4, Device("Linux", "", "Firefox", "144.0", "desktop", "XXL")),
        (20, Device("iOS", "18.6", "Safari", "18.6", "mobile", "S")),
        (4, Device("iOS", "17.7", "Safari", "17.7", "mobile", "M")),
        (16, Device("Android", "15", "Chrome", "141.0", "mobile", "S")),
        (3, Device("Android", "14", "Samsung Internet", "28.0", "mobile", "S")),
        (1, Device("", "", "", "", "unknown", "")),
    ]
)

BOT_DEVICE = Device("Linux", "", "Chrome", "103.0", "desktop", "M")
BOT_PLACE = Place("us", "Virginia", "Ashburn", "en", "100.64")


def _search(url: str, name: str) -> Source:
    return Source(referrer=url, name=name, icon=f"{url}/favicon.ico", channel="Organic Search")


def _social(url: str, name: str) -> Source:
    return Source(referrer=url, name=name, icon=f"{url}/favicon.ico", channel="Organic Social")


def _referral(url: str, name: str) -> Source:
    return Source(referrer=url, name=name, icon="", channel="Referral")


NEWSLETTER = Source(
    channel="Email",
    utm_source="newsletter",
    utm_medium="email",
    utm_campaign="weekly",
    utm_content="top-button",
)
ADS = Source(
    referrer="https://www.google.com",
    name="Google",
    icon="https://www.google.com/favicon.ico",
    channel="Paid Search",
    utm_source="google",
    utm_medium="cpc",
    utm_campaign="brand",
    utm_term="paper kite",
)

SOURCES = Weighted(
    [
        (34, Source()),
        (30, _search("https://www.google.com", "Google")),
        (4, _search("https://www.bing.com", "Bing")),
        (4, _search("https://duckduckgo.com", "DuckDuckGo")),
        (5, _social("https://www.instagram.com", "Instagram")),
        (3, _social("https://www.reddit.com", "Reddit")),
        (4, _referral("https://magazine.example.org/ten-shops", "magazine.example.org")),
        (3, _referral("https://partner.example.net", "partner.example.net")),
        (2, Source(referrer="https://chatgpt.com", name="ChatGPT", channel="AI")),
        (5, NEWSLETTER),
        (6, ADS),
    ]
)

SPAM = tuple(
    _referral(url, url.removeprefix("https://"))
    for url in ("https://free-traffic.example", "https://seo-rank.example", "https://buttons-4-you.example")
)


def campaign(label: str) -> Source:
    """Return the source of a campaign: mails and posts that carry its name."""
    return Source(channel="Email", utm_source="newsletter", utm_medium="email", utm_campaign=label)


def link(url: str) -> Source:
    """Return the source of a link that spreads."""
    return _referral(url, url.split("/")[2] if "//" in url else url)
