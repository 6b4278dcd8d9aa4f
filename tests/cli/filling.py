"""Ways to fill the store of a place, as time and strangers do."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import clock, events, pipeline
from bot.db import Database
from bot.events import Arrival
from bot.pipeline import Judges
from bot.settings import load
from tests.cli.conftest import SECRETS, Place

# Everything that a terminal obeys, in the ways in which it can be written: escape sequences with 7 and with
# 8 bits, cursor and title, marks that turn the line around, line ends of all kinds, and half characters.
HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07\x9b2J\x9d0;t\x9c\r\n\x0b\x0c\x85"
    "\u2028\u202eevil\u2066 \x00\b\x7f \ud800 🎉 中文"
)


def body(name: str, **meta: str) -> bytes:
    """Return an event as Pirsch sends it."""
    return json.dumps({"event_name": name, "event_duration": 0, "event_meta": meta}).encode()


def order(amount: int, number: int) -> bytes:
    """Return an order that the rule for big orders may mean."""
    return body("purchase", amount=str(amount), currency="USD", order_id=str(number))


def keep(place: Place, sent: Sequence[tuple[timedelta, bytes]], *, site: str = "shop") -> None:
    """Keep bodies that were received so long ago each."""
    database = place.store()
    shelf = events.shelf(database)
    now = clock.now()
    arrivals = [
        Arrival(site=site, body=each, size=len(each), received_at=now - before) for before, each in sent
    ]
    events.keep(shelf, arrivals)
    shelf.close()


def judge(place: Place, at: datetime | None = None) -> Database:
    """Judge what was kept, and let time pass."""
    settings = load(place.folder / "config.toml", SECRETS | place.environ)
    judges = Judges(book=settings.book, sites=tuple(settings.sites), told=settings.bot.owner)
    database = place.store()
    with database.transaction() as tx:
        pipeline.judge_events(tx, judges, clock.now(), 10_000)
    with database.transaction() as tx:
        pipeline.judge_time(tx, judges, at or clock.now() + timedelta(hours=1))
    return database
