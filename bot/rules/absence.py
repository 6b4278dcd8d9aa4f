"""`none_within`: an expected event does not come."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.facts import Absence, Event, Finding, Reason
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.rules.speech import lasting


def heard(rule: Rule, event: Event, memory: Memory) -> tuple[Memory, Reason, tuple[Finding, ...]]:
    """Note that the event still comes. An open absence ends, unless the event is itself too old for that."""
    last_at = max(memory.last_at or event.received_at, event.received_at)
    as_of_at = max(memory.as_of_at or event.received_at, event.received_at)
    watched_since_at = memory.watched_since_at or event.received_at
    before = memory
    memory = replace(memory, last_at=last_at, as_of_at=as_of_at, watched_since_at=watched_since_at)
    if memory.missed_since_at is None:
        return memory, Reason.SEEN, ()
    if as_of_at - last_at >= (rule.none_within or timedelta(0)):
        return memory, Reason.STILL_OPEN, ()
    content = _content(rule, before, watched_since_at, ended_at=last_at)
    finding = lasting(rule, event.site, content, event.received_at, holds=False)
    return replace(memory, missed_since_at=None), Reason.RESOLVED, (finding,)


def missed(rule: Rule, site: str, memory: Memory, now: datetime) -> tuple[Memory, Finding]:
    """Find that the event is missing since it was due."""
    content = _content(rule, memory, memory.watched_since_at or memory.last_at or now, ended_at=None)
    finding = lasting(rule, site, content, now, holds=True)
    as_of_at = max(memory.as_of_at or now, now)
    return replace(memory, missed_since_at=due_at(rule, memory) or now, as_of_at=as_of_at), finding


def due_at(rule: Rule, memory: Memory) -> datetime | None:
    """Return when silence becomes an absence: None when it is one, or nobody listens yet."""
    if memory.missed_since_at is not None:
        return None
    heard_at = [at for at in (memory.last_at, memory.watched_since_at) if at is not None]
    return max(heard_at) + (rule.none_within or timedelta(0)) if heard_at else None


def _content(rule: Rule, memory: Memory, watched_since_at: datetime, ended_at: datetime | None) -> Absence:
    return Absence(
        state="firing" if ended_at is None else "resolved",
        expected=rule.event,
        none_within=rule.none_within or timedelta(0),
        watched_since_at=watched_since_at,
        last_at=memory.last_at,
        ended_at=ended_at,
    )
