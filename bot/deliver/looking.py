"""Looks whether every channel would take a message, before there is one that matters."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from bot import alerts, outbox, troubles
from bot.db import Tx
from bot.deliver.channel import Closed, Looked, Undelivered
from bot.deliver.decide import PROBE_EVERY
from bot.deliver.road import Road
from bot.deliver.worker import Deliverer
from bot.record import clean

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How many channels would take a message, which are closed, and who has news."""

    well: int
    closed: tuple[str, ...]
    channels: frozenset[str]


def look_around(deliverer: Deliverer, stopping: threading.Event | None = None) -> Seen:
    """Look at each channel in turn: with no transaction open while a far side is asked.

    What a look finds closed is closed as if a message had been refused: its owner hears the remedy on another
    road, and what comes for it goes round. What a look finds well is tried again at once.
    """
    well, closed = 0, []
    news: set[str] = set()
    for name, road in deliverer.roads.items():
        if stopping is not None and stopping.is_set():
            break
        found = _looked(deliverer, name, road)
        with deliverer.database.transaction() as tx:
            news |= _record(tx, deliverer, name, road, found)
        well += isinstance(found, Looked)
        closed += [name] if isinstance(found, Closed) else []
    return Seen(well=well, closed=tuple(closed), channels=frozenset(news))


def _looked(deliverer: Deliverer, name: str, road: Road) -> Looked | Undelivered:
    with deliverer.database.reading() as tx:
        place = outbox.place(tx, name, road.leads_to)
    try:
        return road.channel.look(place)
    except Undelivered as trouble:
        log.warning("channel looked at", extra={"channel": name, "why": trouble.why})
        return trouble


def _record(
    tx: Tx, deliverer: Deliverer, name: str, road: Road, found: Looked | Undelivered
) -> frozenset[str]:
    """Write down what was seen, and tell what needs a person. Return who has news."""
    now = deliverer.clock()
    if isinstance(found, Closed):
        why, remedy = clean(found.why), clean(found.remedy)
        outbox.shut(tx, name, why, remedy, now, probe_at=now + PROBE_EVERY, has_fallback=bool(road.fallback))
        if road.fallback is not None:
            outbox.divert(tx, name, road.fallback, now)
        told = deliverer.told_of_troubles.tell(tx, troubles.closed(name, why, remedy, now), road.fallback)
        return told | ({road.fallback} if road.fallback is not None else set())
    if not isinstance(found, Looked):
        return frozenset()
    if found.place is not None and found.leads_to is not None:
        outbox.found(tx, name, found.leads_to, found.place, now)
    again = frozenset({name} if outbox.try_again(tx, name, now) else ())
    return again | _elsewhere(tx, deliverer, name, found, now)


def _elsewhere(tx: Tx, deliverer: Deliverer, name: str, found: Looked, now: datetime) -> frozenset[str]:
    """Tell once a day that a place is no longer what the config calls it."""
    moved = [lack for lack in found.lacks if lack.is_news]
    if not moved or not alerts.first_today(tx, "elsewhere", name, now):
        return frozenset()
    what, remedy = clean(moved[0].what), clean(moved[0].remedy)
    return deliverer.told_of_troubles.tell(tx, troubles.elsewhere(name, what, remedy, now))
