"""What went over the wire between the shop, Pirsch and the bot, and how Pirsch's side stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.sandbox.pirsch import Simulator
from bot.sandbox.shop import Delivery, Shop

_WORDS = 80  # characters of a name; a stranger's may be long


class Tone(StrEnum):
    """How a line looks."""

    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"  # nothing was sent, and nothing is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log: who did what, and what came of it. `key` is its own."""

    key: str
    at: datetime
    who: str
    what: str
    came: str
    tone: Tone
    took: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Pirsch's side in figures. `sent` and `answered` count webhooks, and rubbish that strangers sent."""

    sent: int
    answered: int
    waiting: int
    failed: int
    webhooks: int
    active: int
    visitors: int


class Journal:
    """Reads what the shop and Pirsch remember."""

    def __init__(self, shop: Shop, pirsch: Simulator, hostname: str) -> None:
        self._shop, self._pirsch, self.hostname = shop, pirsch, hostname
        self._domain = pirsch.domain_id(hostname)

    @property
    def version(self) -> tuple[int, int]:
        """Something that changes with the lines."""
        return self._pirsch.postman.sent, self._shop.figures.sent

    def lines(self, most: int) -> list[Line]:
        """Return the latest lines, newest first."""
        sent = [
            Line(
                key=f"pirsch-{one.number}",
                at=one.sent_at,
                who="Pirsch sent",
                what=one.event_name[:_WORDS],
                came="no answer" if one.status is None else str(one.status),
                tone=Tone.GOOD if one.arrived else Tone.BAD,
                took=None if one.status is None else one.took,
            )
            for one in list(self._pirsch.postman.deliveries)[-most:]
        ]
        hooked = {hook.text("event") for hook in self._pirsch.account.shelves["webhook"].of(self._domain)}
        tried = [line for one in self._shop.deliveries() if (line := _of_shop(one, hooked)) is not None]
        return sorted(sent + tried, key=lambda line: line.at, reverse=True)[:most]

    def standing(self) -> Standing:
        """Count."""
        postman, hooks = self._pirsch.postman, self._pirsch.account.shelves["webhook"].of(self._domain)
        figures = self._shop.figures
        return Standing(
            sent=postman.sent + figures.rubbish,
            answered=postman.sent - postman.failed + figures.rubbish_answered,
            waiting=figures.waiting + postman.waiting,
            failed=postman.failed,
            webhooks=len(hooks),
            active=sum(bool(hook.fields["active"]) for hook in hooks),
            visitors=self._visitors(),
        )

    def _visitors(self) -> int:
        """How many people came today, in the site's own time zone."""
        now = self._pirsch.clock()
        record = self._pirsch.account.records[self._domain]
        here = now.astimezone(ZoneInfo(record.rhythm.site.timezone))
        midnight = int(here.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
        until = int(now.timestamp())
        today = record.sessions(midnight, until + 1, until)
        return len({session.visitor.visitor_id for session in today})


def _of_shop(one: Delivery, hooked: set[str]) -> Line | None:
    """Say what came of an item; nothing for an event that Pirsch tells the bot, which has its own line."""
    event, came = one.item.event, one.error if one.status is None else str(one.status)
    tone, took = (Tone.GOOD if one.good else Tone.BAD), (None if one.status is None else one.took)
    if event is None:
        who = "Somebody sent"
    elif one.status is None:
        who = "The shop sent"
    elif not one.good:
        who = "Pirsch refused"
    elif event.name.strip() in hooked:
        return None
    else:
        who, came, tone, took = "Pirsch kept", "no webhook has this name", Tone.QUIET, None
    return Line(
        key=f"shop-{one.number}", at=one.at, who=who, what=one.item.what, came=came, tone=tone, took=took
    )
