"""Every kind of number that can be watched, by the name that the file gives it."""

from collections.abc import Mapping

from bot.watches.active import Active, Spike
from bot.watches.daily import BounceRate, SessionDuration
from bot.watches.events import Events, Revenue
from bot.watches.growth import Growth
from bot.watches.look import Look
from bot.watches.traffic import NoTraffic, Traffic

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
)

LOOKS: Mapping[str, Look] = {look.name: look for look in _ALL}
