"""What is not wrong with the settings, but hardly meant: said by `check`, and never in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.facts import Vendor
from bot.settings import tables
from bot.settings.load import Settings
from bot.settings.words import is_loopback

_USUAL_PORTS = {465: "tls", 587: "starttls"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A place of the file, and a sentence about it."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def advice(settings: Settings) -> list[Advice]:
    """Return what a friend would say who read the file."""
    return [
        *_about_the_bot(settings),
        *_about_addresses(settings),
        *_about_sites(settings),
        *_about_channels(settings),
    ]


def _about_the_bot(settings: Settings) -> Iterator[Advice]:
    if settings.bot.owner is None and settings.channels:
        what = "name a channel, so that somebody hears of the bot's own troubles"
        yield Advice(place="bot.owner", what=what)
    if settings.bot.public_url is None and Vendor.PIRSCH in settings.vendors.values():
        what = "set it, and `pirsch-bot check` can spell the addresses for Pirsch's webhooks"
        yield Advice(place="bot.public_url", what=what)


def _about_addresses(settings: Settings) -> Iterator[Advice]:
    addresses = {
        "bot.public_url": settings.bot.public_url,
        "slack.url": settings.slack and settings.slack.url,
        "pirsch.url": settings.pirsch and settings.pirsch.url,
    }
    for place, url in addresses.items():
        if url and url.startswith("http://") and not is_loopback(urlsplit(url).hostname or ""):
            yield Advice(place=place, what="http:// can be read on the way, with the secrets: use https://")
    mail = settings.mail
    if mail is not None and mail.security not in ("none", _USUAL_PORTS.get(mail.port, mail.security)):
        what = f'port {mail.port} usually takes security = "{_USUAL_PORTS[mail.port]}"'
        yield Advice(place="mail.port", what=what)


def _about_sites(settings: Settings) -> Iterator[Advice]:
    meant = {rule.site for rule in settings.book.rules}
    for name, site in settings.sites.items():
        if site.vendor is not Vendor.PIRSCH:
            continue
        if site.hook_token is None:
            yield Advice(place=f"site.{name}", what="without hook_token nothing can be heard from it")
        elif None not in meant and name not in meant:
            what = "no rule concerns it: its events are kept, and nobody is told"
            yield Advice(place=f"site.{name}", what=what)
        if site.hook_token_old is not None:
            what = "take it out as soon as the webhook at Pirsch has the new address"
            yield Advice(place=f"site.{name}.hook_token_old", what=what)


def _about_channels(settings: Settings) -> Iterator[Advice]:
    used = {settings.bot.owner, *(name for rule in settings.book.rules for name in rule.notify)}
    used |= {channel.fallback for channel in settings.channels.values()}
    used |= {name for one in settings.managed.values() for name in one.notify or ()}
    first: dict[object, str] = {}
    for name, channel in settings.channels.items():
        if name not in used:
            yield Advice(place=f"channel.{name}", what="nobody is told here: no rule names it")
        road = (channel.to, channel.hook) if isinstance(channel, tables.SlackChannel) else channel.to
        if (other := first.setdefault(road, name)) != name:
            what = f"this is the same place as channel.{other}; one channel keeps order and pace there"
            yield Advice(place=f"channel.{name}", what=what)
