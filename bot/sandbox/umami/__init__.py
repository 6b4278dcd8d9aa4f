"""An Umami to try clients on: over real HTTP, with the traffic of a sandbox site, in every dialect there is.

`start(Settings(...))` gives a running `Simulator`. It answers what the bot asks, with the traps of real
servers: filters that are not known are passed over, bodies of another version are refused, hours that the
wall clock shows twice are one. Nothing can be sent to it.
"""

from bot.sandbox.umami.settings import FunnelStep, Kind, SavedReport, Settings, Store
from bot.sandbox.umami.simulator import Simulator, start

__all__ = ["FunnelStep", "Kind", "SavedReport", "Settings", "Simulator", "Store", "start"]
