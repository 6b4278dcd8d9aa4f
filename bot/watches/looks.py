"""Every kind of number that can be watched, by the name that the file gives it."""

from collections.abc import Mapping

from bot.facts import Vendor
from bot.watches.account import Usage, Webhooks
from bot.watches.active import Active, Spike
from bot.watches.daily import BounceRate, SessionDuration
from bot.watches.events import Events, Revenue
from bot.watches.funnels import Funnel
from bot.watches.goals import Goal
from bot.watches.growth import Growth
from bot.watches.look import Look
from bot.watches.rare import Rare
from bot.watches.traffic import NoTraffic, Traffic
from bot.watches.values import BREAKDOWN, VANISHED, Mixture, New

_ALL: tuple[Look, ...] = (
    Traffic(name="visitors"),
    Traffic(name="views"),
    Traffic(name="sessions"),
    NoTraffic(),
    Spike(),
    Active(),
    BounceRate(),
    SessionDuration(),
    Growth(),
    Events(),
    Revenue(),
    Rare(),
    Goal(),
    Funnel(),
    New(),
    VANISHED,
    BREAKDOWN,
    Mixture(),
    Webhooks(),
    Usage(),
)

LOOKS: Mapping[str, Look] = {look.name: look for look in _ALL}

_UNTOLD: Mapping[Vendor, Mapping[str, str]] = {
    Vendor.UMAMI: {
        "sessions": "Umami does not tell visits by the hour",
        "webhooks": "Umami has no webhooks",
        "usage": "Umami does not tell what is billed",
    },
}


def untold(vendor: Vendor, look: str) -> str | None:
    """Return why a vendor cannot be asked for a kind of number; None where it can."""
    return _UNTOLD.get(vendor, {}).get(look)
