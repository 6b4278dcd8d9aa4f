"""What was sent to us and did not come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The bot was not there: no process of it showed that it lives."""

    since_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LostEvents:
    """One event of a day: how often it happened by the vendor's count, and how many of those were received.

    `lost` is what is missing for certain: an event close to midnight may belong to either day.
    """

    name: str
    sent: int
    received: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesLost:
    """On a day of the site, events happened that never came through their webhooks.

    `away` is when we know that we were not there to take them; empty where we know of no reason. `unreadable`
    bodies came and are counted nowhere, because nobody could read their names. `switched_off` names the
    events whose webhook is off by now.
    """

    day: date
    events: tuple[LostEvents, ...]
    away: tuple[Away, ...] = ()
    unreadable: int = 0
    switched_off: tuple[str, ...] = ()
    kind: Literal["losses"] = "losses"

    @property
    def lost(self) -> int:
        """How many are missing in all."""
        return sum(event.lost for event in self.events)
