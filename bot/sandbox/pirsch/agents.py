"""What a hit tells about its sender: device by user agent, place by address, channel by link."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from bot.sandbox.pirsch.live import fingerprint, identity
from bot.sandbox.pirsch.people import PLACES, Device, Place
from bot.sandbox.pirsch.rows import Source, Visitor

_BOT = re.compile(r"bot|crawl|spider|slurp|curl|wget|python|headless|monitor|preview", re.IGNORECASE)
_BROWSERS = (
    ("Edge", re.compile(r"Edg/(\d+\.\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+\.\d+)")),
    ("Firefox", re.compile(r"Firefox/(\d+\.\d+)")),
    ("Chrome", re.compile(r"Chrome/(\d+\.\d+)")),
    ("Safari", re.compile(r"Version/(\d+\.\d+).*Safari")),
)
_SYSTEMS = (
    ("iOS", "mobile", re.compile(r"(?:iPhone|iPad).*? OS (\d+[_.]\d+)")),
    ("Android", "mobile", re.compile(r"Android (\d+)")),
    ("Windows", "desktop", re.compile(r"Windows NT (\d+)")),
    ("Mac", "desktop", re.compile(r"Mac OS X (\d+[_.]\d+)")),
    ("Linux", "desktop", re.compile(r"Linux()")),
)
_CLASSES = ((3840, "UHD"), (2560, "WQHD"), (1920, "XXL"), (1440, "XL"), (1024, "L"), (800, "M"), (1, "S"))
_SEARCH = {"www.google.com": "Google", "www.bing.com": "Bing", "duckduckgo.com": "DuckDuckGo"}
_SOCIAL = {"www.instagram.com": "Instagram", "www.reddit.com": "Reddit", "t.co": "Twitter"}


def is_bot(user_agent: str) -> bool:
    """Say whether the bot filter would drop such a hit (with the answer 200)."""
    return len(user_agent) < 16 or _BOT.search(user_agent) is not None


def visitor(ip: str, user_agent: str, languages: str, width: int, at: int) -> Visitor:
    """Return who it is on this day. The place is drawn from the address, always the same for the same one."""
    place = place_of(ip)
    language = languages[:2].lower() if languages[:2].isalpha() else place.language
    device = device_of(user_agent, width)
    return Visitor(
        identity(ip, user_agent, at), ip, place.country, place.region, place.city, language, *device
    )


def place_of(ip: str) -> Place:
    """Return an invented place for an address."""
    return PLACES.at(fingerprint(ip) / 2**64)


def device_of(user_agent: str, width: int) -> Device:
    """Read a user agent, roughly."""
    system, version, platform = "", "", "unknown"
    for name, kind, pattern in _SYSTEMS:
        if found := pattern.search(user_agent):
            system, version, platform = name, found.group(1).replace("_", "."), kind
            break
    browser, browser_version = "", ""
    for name, pattern in _BROWSERS:
        if found := pattern.search(user_agent):
            browser, browser_version = name, found.group(1)
            break
    screen = next((label for least, label in _CLASSES if width >= least), "")
    return Device(system, version, browser, browser_version, platform, screen)


def source_of(referrer: str, parameters: Mapping[str, str]) -> Source:
    """Return where a hit came from: the referrer and the UTM parameters of its address."""
    host = split(referrer).hostname or ""
    name = _SEARCH.get(host) or _SOCIAL.get(host) or host
    medium = parameters.get("utm_medium", "").lower()
    return Source(
        referrer=referrer,
        name=name,
        icon=f"https://{host}/favicon.ico" if host in _SEARCH or host in _SOCIAL else "",
        channel=_channel(host, medium),
        utm_source=parameters.get("utm_source", ""),
        utm_medium=parameters.get("utm_medium", ""),
        utm_campaign=parameters.get("utm_campaign", ""),
        utm_content=parameters.get("utm_content", ""),
        utm_term=parameters.get("utm_term", ""),
    )


def split(url: str) -> SplitResult:
    """Take an address apart; one that is none has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _channel(host: str, medium: str) -> str:
    if medium in ("email", "e-mail"):
        return "Email"
    paid = medium in ("cpc", "ppc", "paid")
    if host in _SEARCH:
        return "Paid Search" if paid else "Organic Search"
    if host in _SOCIAL:
        return "Paid Social" if paid else "Organic Social"
    if paid:
        return "Paid Other"
    return "Referral" if host else "Direct"
