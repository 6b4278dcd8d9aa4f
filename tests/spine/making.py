"""Short ways to make rules, judges and events."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from bot import events, outbox, pipeline
from bot.db import Database
from bot.events import Seen
from bot.facts import Event, Notice
from bot.pipeline import Judges, Progress
from bot.rules.book import RuleBook
from bot.rules.expression import Condition
from bot.rules.rule import Rule
from tests.stores.making import NOON, keep

MINUTE = timedelta(minutes=1)


def rule(name: str = "Orders", *, event: str = "purchase", **wanted: Any) -> Rule:
    """Return a rule that tells the channel `sales`."""
    return Rule(name=name, event=event, **({"notify": ("sales",)} | wanted))


def judges(
    *rules: Rule,
    sites: tuple[str, ...] = ("shop",),
    told: str | None = "owner",
    channels: tuple[str, ...] = (),
) -> Judges:
    """Return judges of these rules."""
    return Judges(book=RuleBook(rules), sites=sites, told=told, channels=channels)


def body(name: str = "purchase", **meta: str) -> bytes:
    """Return an event as Pirsch sends it."""
    return json.dumps({"event_name": name, "event_duration": 0, "event_meta": meta}).encode()


def hear(
    database: Database, judges: Judges, *bodies: bytes, at: datetime = NOON, site: str = "shop"
) -> Progress:
    """Keep events and judge them."""
    keep(database, *bodies, at=at, site=site)
    with database.transaction() as tx:
        return pipeline.judge_events(tx, judges, at, 100)


def tick(database: Database, judges: Judges, at: datetime) -> Progress:
    """Let time pass."""
    with database.transaction() as tx:
        return pipeline.judge_time(tx, judges, at)


def begin(database: Database, judges: Judges, at: datetime = NOON, *warnings: str) -> Progress:
    """Start a process."""
    with database.transaction() as tx:
        return pipeline.begin(tx, judges, at, warnings)


def told(database: Database, channel: str = "sales") -> list[Notice]:
    """Return what waits for a channel, the oldest first."""
    with database.reading() as tx:
        return [one.notice for one in reversed(outbox.entries(tx, channel=channel, most=1000))]


def seen(database: Database) -> list[Seen]:
    """Return all events, the oldest first."""
    with database.reading() as tx:
        return list(reversed(events.seen(tx, most=1000)))


class _OddAmount:
    """An amount that raises when it is read."""

    def of(self, event: Event) -> None:
        raise LookupError(event.name)


class _OddCondition:
    amount = _OddAmount()

    def holds(self, event: Event) -> bool:
        return True


def odd_amount() -> Condition:
    """Return a condition that holds, with a fault of ours behind it: it shows after the once-per key."""
    return cast(Condition, _OddCondition())


class _Raising:
    """A condition with a fault of ours in it."""

    amount = None

    def __init__(self, fault: Callable[[Event], bool]) -> None:
        self.holds = fault


def condition(fault: Callable[[Event], bool]) -> Condition:
    """Return a condition that is a function, to bring a fault of ours into a rule."""
    return cast(Condition, _Raising(fault))
