"""A Pirsch to try clients on: stateful, over real HTTP, with a shop's traffic and the vendor's oddities.

`start(Settings(...))` gives a running `Simulator`. The calls that the vendor documents act as documented,
except those of REFUSED in `calls/user.py` (deleting the account, passwords, making clients, starting
imports), which answer 403.
"""

from bot.sandbox.pirsch.faults import Cut, Fault, Wait
from bot.sandbox.pirsch.settings import Incident, Limits, Settings, Site, Trouble
from bot.sandbox.pirsch.simulator import Simulator, run, start

__all__ = [
    "Cut",
    "Fault",
    "Incident",
    "Limits",
    "Settings",
    "Simulator",
    "Site",
    "Trouble",
    "Wait",
    "run",
    "start",
]
