"""Folds what happens into what a rule remembers, and answers with findings. Pure.

`hear` takes an event that `RuleBook.matching` gave for the rule, `tick` the passing of time; both answer
with the memory to keep. The caller keeps one memory for each rule and site and sees to three things:

- `tick` is called with an instant up to which everything received has been heard, or an event that
  still waits would be taken for an absence.
- `listen` is called when a site's rule is first seen, and after a time in which nothing could be heard.
- An exception is a bug in one rule. It is not caught here, and the memory did not change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts import Event, EventHeard, Finding, Reason
from bot.rules import absence, collecting, frequency
from bot.rules.examples import example
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.rules.speech import momentary


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of an event or of time passing.

    `reason` is None when the event was not meant, or nothing was due. `once_key` is set when the caller
    has to remember that this key was told.
    """

    memory: Memory
    reason: Reason | None = None
    findings: tuple[Finding, ...] = ()
    once_key: str | None = None


def hear(rule: Rule, event: Event, memory: Memory, told_before: Callable[[str], bool]) -> Judged:
    """Judge one event. `told_before` is asked at most once, about the event's once-per key.

    An event without its once-per key is told: rather twice than never. Events may come in any order;
    what counts is when they were received.
    """
    if rule.condition is not None and not rule.condition.holds(event):
        return Judged(memory=memory)
    once_key = rule.once_per.of(event) if rule.once_per is not None else None
    if once_key is not None and told_before(once_key):
        return Judged(memory=memory, reason=Reason.TOLD_ONCE)
    memory, reason, findings = _fold(rule, event, memory)
    return Judged(memory=memory, reason=reason, findings=findings, once_key=once_key)


def tick(rule: Rule, site: str, memory: Memory, now: datetime) -> Judged:
    """Judge the passing of time on a site. Harmless when nothing is due."""
    due = due_at(rule, memory)
    if due is None or due > now:
        return Judged(memory=memory)
    if memory.collection is not None and memory.collection.due_at <= now:
        finding = collecting.told(rule, site, memory.collection, now)
        return Judged(memory=replace(memory, collection=None), reason=finding.reason, findings=(finding,))
    if rule.none_within is not None:
        memory, finding = absence.missed(rule, site, memory, now)
        return Judged(memory=memory, reason=Reason.OPENED, findings=(finding,))
    memory, finding = frequency.ended(rule, site, memory, now)
    return Judged(memory=memory, reason=Reason.RESOLVED, findings=(finding,))


def due_at(rule: Rule, memory: Memory) -> datetime | None:
    """Return when `tick` has to be called next, None when only an event can change anything."""
    if memory.collection is not None:
        return memory.collection.due_at
    if rule.none_within is not None:
        return absence.due_at(rule, memory)
    return frequency.due_at(rule, memory)


def listen(memory: Memory, since_at: datetime) -> Memory:
    """Remember that nothing could be heard before `since_at`, so that silence before it means nothing."""
    if memory.watched_since_at is not None and memory.watched_since_at >= since_at:
        return memory
    return replace(memory, watched_since_at=since_at)


def _fold(rule: Rule, event: Event, memory: Memory) -> tuple[Memory, Reason, tuple[Finding, ...]]:
    if rule.none_within is not None:
        return absence.heard(rule, event, memory)
    if rule.at_least is not None:
        return frequency.counted(rule, event, memory)
    if rule.collect is not None:
        return collecting.collected(rule, event, memory)
    content = EventHeard(event=example(rule, event), duration=event.duration)
    return memory, Reason.TOLD, (momentary(rule, event.site, event.id, content, event.received_at),)
