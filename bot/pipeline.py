"""Joins the stages; the only module that does. Read this second, after `facts`.

    kept event -> read -> rules that ask for it -> finding -> is it news? -> notice in the outbox
    time passes -> rules that wait for it -----------^

Each way is one transaction: a notice waits if and only if its cause is settled.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from bot import alerts, db, events, outbox
from bot.db import Tx
from bot.events import DONE, QUARANTINED, Kept, Settled, Unreadable
from bot.facts import Event, Finding, Reason, Severity, Trouble
from bot.rules import Judged, Memory, Rule, RuleBook, due_at, hear, tick

log = logging.getLogger(__name__)

Place = tuple[str, str]
"""A rule's name and a site's: what a memory belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested:
    """What one step did: how many it took, and for which channels something waits now."""

    taken: int = 0
    channels: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Step:
    """One transaction's worth of thinking: what is remembered, and who has to be told."""

    tx: Tx
    book: RuleBook
    now: datetime
    told: str | None
    memories: dict[Place, Memory] = field(default_factory=dict)
    changed: set[Place] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)

    def note(self, finding: Finding, channels: Iterable[str]) -> Reason:
        """Decide whether a finding is news, and let it wait for people when it is."""
        reason, notice = alerts.note(self.tx, finding)
        if reason.speaks:
            told = list(channels)
            outbox.put(self.tx, told, notice, self.now)
            self.channels.update(told)
        return reason

    def trouble(self, finding: Finding) -> None:
        """Tell the owner something about the bot itself."""
        self.note(finding, [self.told] if self.told is not None else [])

    def take_in(self, place: Place, rule: Rule, judged: Judged) -> Reason:
        """Remember what a rule remembers now and note its findings; return why it told, or did not."""
        if judged.memory != self.memories.get(place):
            self.memories[place] = judged.memory
            self.changed.add(place)
        reason = judged.reason
        for finding in judged.findings:
            reason = self.note(finding, rule.notify)
        return reason


def digest(tx: Tx, book: RuleBook, now: datetime, told: str | None, most: int) -> Digested:
    """Turn the oldest kept events into waiting notices, at most `most` of them.

    1. Take them, and read each: an `Event`, or a reason why not.
    2. Find the rules that ask for each, and lock what those remember, in one order for everybody.
    3. Judge event by event; note findings; put notices.
    4. Write the memories back and settle the events.
    """
    kept = events.take(tx, most)
    if not kept:
        return Digested()
    step = _Step(tx=tx, book=book, now=now, told=told)
    heard = [(one, _read(one)) for one in kept]
    asked = {one.id: book.matching(event.site, event.name) for one, event in heard if isinstance(event, Event)}
    _remember(
        step, {(rule.name, one.site) for one, _ in heard for rule in asked.get(one.id, ()) if rule.remembers}
    )
    events.settle(tx, [_judge(step, one, event, asked.get(one.id, ())) for one, event in heard])
    _write_back(step)
    return Digested(taken=len(kept), channels=frozenset(step.channels))


def _read(kept: Kept) -> Event | Unreadable:
    try:
        return events.read(kept)
    except Unreadable as problem:
        return problem


def _judge(step: _Step, kept: Kept, event: Event | Unreadable, asked: Sequence[Rule]) -> Settled:
    if isinstance(event, Unreadable):
        return quarantine(step.tx, kept, str(event), step)
    verdicts = [(rule.name, verdict) for rule in asked if (verdict := _hear(step, rule, event)) is not None]
    return Settled(id=kept.id, state=DONE, name=event.name, verdicts=tuple(verdicts))


def _hear(step: _Step, rule: Rule, event: Event) -> Reason | None:
    place = (rule.name, event.site)
    try:
        judged = hear(rule, event, step.memories.get(place, Memory()), lambda key: _told_before(step, place, key))
    except Exception as bug:  # one rule's fault must not stop its neighbours
        log.exception("rule raised", extra={"rule": rule.name, "event_id": event.id})
        step.trouble(_raised(rule, bug, step.now))
        return Reason.RULE_RAISED
    return step.take_in(place, rule, judged) if judged is not None else None
