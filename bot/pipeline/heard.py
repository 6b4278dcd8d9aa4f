"""Kept events become waiting notices."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import alerts, events
from bot.db import Tx
from bot.events import DONE, QUARANTINED, Kept, Settled, Unreadable
from bot.facts import Event, Reason
from bot.pipeline import doing
from bot.pipeline.goals import keep_progress
from bot.pipeline.step import Judges, Progress, Step
from bot.rules.judge import hear
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.troubles import raised, unreadable

log = logging.getLogger(__name__)


def judge_events(tx: Tx, judges: Judges, now: datetime, most: int) -> Progress:
    """Turn the oldest kept events into waiting notices, at most `most` of them.

    1. Take them, and read each: an `Event`, or a reason why it is none.
    2. Find the rules that ask for each, and lock what those remember.
    3. Judge event by event: note the findings, put the notices.
    4. Write the memories back, settle the events, and keep those of our own that follow from them.
    """
    return _judge_all(tx, judges, now, events.take(tx, most))


def judge_event(tx: Tx, judges: Judges, now: datetime, event_id: int) -> Progress:
    """Judge one kept event. Nothing happens when it was judged meanwhile, or is being judged elsewhere."""
    return _judge_all(tx, judges, now, events.take(tx, 1, event_id))


def set_aside(tx: Tx, judges: Judges, now: datetime, event_id: int, bug: Exception) -> Progress:
    """Quarantine a kept event, because judging it brings out a fault of ours.

    Nothing happens when it was judged meanwhile, or is being judged elsewhere.
    """
    step = Step(tx=tx, judges=judges, now=now)
    kept = events.take(tx, 1, event_id)
    why = f"a fault in the bot ({type(bug).__name__}); the log has more"
    events.settle(tx, [_quarantined(step, one, why) for one in kept])
    return step.end(len(kept))


def _judge_all(tx: Tx, judges: Judges, now: datetime, kept: Sequence[Kept]) -> Progress:
    if not kept:
        return Progress()
    step = Step(tx=tx, judges=judges, now=now)
    heard = [(one, _read(one)) for one in kept]
    asked = {one.id: judges.book.asking_for(event) for one, event in heard if isinstance(event, Event)}
    step.recall((rule.name, one.site) for one in kept for rule in asked.get(one.id, ()) if _takes_turns(rule))
    events.settle(tx, [_judge(step, one, event, asked.get(one.id, ())) for one, event in heard])
    made = keep_progress(tx, judges.book, (event for _, event in heard if isinstance(event, Event)))
    return replace(step.end(len(kept)), made=made)


def _read(kept: Kept) -> Event | Unreadable:
    try:
        return events.read(kept)
    except Unreadable as problem:
        return problem


def _judge(step: Step, kept: Kept, event: Event | Unreadable, asked: Sequence[Rule]) -> Settled:
    if isinstance(event, Unreadable):
        return _quarantined(step, kept, str(event))
    verdicts = [(rule.name, reason) for rule in asked if (reason := _hear(step, rule, event)) is not None]
    doing.reached(step.tx, event, step.judges.reaching, step.now)
    return Settled(id=kept.id, state=DONE, name=event.name, verdicts=tuple(verdicts))


def _hear(step: Step, rule: Rule, event: Event) -> Reason | None:
    place = (rule.name, event.site)

    def told_before(key: str) -> bool:
        return alerts.told_before(step.tx, rule.name, event.site, key)

    try:
        judged = hear(rule, event, step.remembered.get(place, Memory()), told_before)
    except SQLAlchemyError:  # the store's fault, not the rule's
        raise
    except Exception as bug:  # one rule's fault must not stop its neighbours
        log.exception("rule raised", extra={"rule": rule.name, "event_id": event.id})
        step.trouble(raised(rule.name, event.site, bug, step.now))
        return Reason.RULE_RAISED
    key = judged.once_key
    if key is not None and not alerts.first_time(step.tx, rule.name, event.site, key, step.now):
        return Reason.TOLD_ONCE  # another process was quicker
    return step.take_in(place, rule, judged, event)


def _quarantined(step: Step, kept: Kept, why: str) -> Settled:
    log.warning("event unreadable", extra={"event_id": kept.id, "site": kept.site, "why": why})
    if alerts.first_today(step.tx, "unreadable", kept.site, step.now):
        step.trouble(unreadable(kept.id, kept.site, why, step.now))
    return Settled(id=kept.id, state=QUARANTINED, why=why)


def _takes_turns(rule: Rule) -> bool:
    # Keys that are told once, too: two processes that met the same keys in another order would wait for
    # each other.
    return _remembers(rule) or rule.once_per is not None


def _remembers(rule: Rule) -> bool:
    return rule.at_least is not None or rule.none_within is not None or rule.collect is not None
