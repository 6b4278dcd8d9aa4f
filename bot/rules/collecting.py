"""`collect`: many events become one message."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.facts import Event, EventHeard, EventsCollected, Example, Finding, Reason
from bot.rules import examples
from bot.rules.amounts import EXACT
from bot.rules.memory import Collection, Memory
from bot.rules.rule import Rule
from bot.rules.speech import momentary


def collected(rule: Rule, event: Event, memory: Memory) -> tuple[Memory, Reason, tuple[Finding, ...]]:
    """Put an event to the others. A collection that was due before it is told, and a new one begins."""
    waiting = memory.collection
    findings: tuple[Finding, ...] = ()
    if waiting is not None and waiting.due_at <= event.received_at:
        findings = (told(rule, event.site, waiting, event.received_at),)
        waiting = None
    another = examples.example(rule, event)
    waiting = _begun(rule, event, another) if waiting is None else _joined(rule, waiting, another)
    return replace(memory, collection=waiting), Reason.COLLECTING, findings


def told(rule: Rule, site: str, collection: Collection, now: datetime) -> Finding:
    """Find what was collected. A single event is told as if it had not been collected."""
    if collection.count == 1:
        content = EventHeard(
            event=collection.examples[0], duration=timedelta(seconds=collection.first_seconds)
        )
        return momentary(rule, site, collection.first_id, content, now)
    many = EventsCollected(
        count=collection.count,
        first_at=collection.first_at,
        last_at=collection.last_at,
        examples=collection.examples,
        total=collection.total,
        largest=collection.largest,
        unreadable=collection.unreadable,
    )
    return momentary(rule, site, collection.first_id, many, now, Reason.COLLECTED)


def _begun(rule: Rule, event: Event, first: Example) -> Collection:
    return Collection(
        first_id=event.id,
        first_seconds=int(event.duration.total_seconds()),
        first_at=event.received_at,
        last_at=event.received_at,
        due_at=event.received_at + (rule.collect or timedelta(0)),
        count=1,
        examples=(first,),
        total=first.value,
        largest=first.value,
        unreadable=_unreadable(rule, first),
    )


def _joined(rule: Rule, waiting: Collection, another: Example) -> Collection:
    value, keep = another.value, examples.latest if rule.amount is None else examples.largest
    return replace(
        waiting,
        first_at=min(waiting.first_at, another.received_at),
        last_at=max(waiting.last_at, another.received_at),
        count=waiting.count + 1,
        examples=keep(waiting.examples, another),
        total=_added(waiting.total, value),
        largest=max((each for each in (waiting.largest, value) if each is not None), default=None),
        unreadable=waiting.unreadable + _unreadable(rule, another),
    )


def _added(total: Decimal | None, value: Decimal | None) -> Decimal | None:
    if total is None or value is None:
        return value if total is None else total
    return EXACT.add(total, value)


def _unreadable(rule: Rule, quoted: Example) -> int:
    return int(rule.amount is not None and quoted.value is None)
