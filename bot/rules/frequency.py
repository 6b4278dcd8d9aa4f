"""`at_least … within …`: an event comes too often, for as long as it does.

The window is half open: a hit counts from the instant it was received until `within` later, and not at
that instant any more. Two hits 59 seconds apart are within a minute, two that are 60 seconds apart are not.
The state after any event is exactly what counting all events in the window before the latest known
instant would say, in whichever order they were heard.
"""

from bisect import insort
from dataclasses import replace
from datetime import datetime, timedelta

from bot.facts import Event, Finding, Frequency, Reason
from bot.rules import examples
from bot.rules.memory import Burst, Memory
from bot.rules.rule import Rule
from bot.rules.speech import lasting


def counted(rule: Rule, event: Event, memory: Memory) -> tuple[Memory, Reason, tuple[Finding, ...]]:
    """Count an event. It may begin the trouble, belong to it, or show that it was over."""
    at_least, _ = _wanted(rule)
    end_at = _end_at(rule, memory)
    hits = [*memory.hits]
    insort(hits, event.received_at)
    as_of_at = max(memory.as_of_at or event.received_at, event.received_at)
    memory = replace(
        memory,
        as_of_at=as_of_at,
        hits=tuple(hits[-at_least:]),
        examples=examples.latest(memory.examples, examples.example(rule, event)),
    )
    reached = _count(rule, memory) >= at_least
    burst = memory.burst
    if burst is None:
        return _begun(rule, event.site, memory) if reached else (memory, Reason.COUNTED, ())
    if not reached:
        memory, finding = _over(rule, event.site, memory, end_at or as_of_at)
        return memory, Reason.RESOLVED, (finding,)
    total = burst.total + (event.received_at >= burst.since_at)
    return replace(memory, burst=replace(burst, total=total)), Reason.STILL_OPEN, ()


def ended(rule: Rule, site: str, memory: Memory, now: datetime) -> tuple[Memory, Finding]:
    """End the trouble: time went by and hits fell out of the window."""
    end_at = _end_at(rule, memory) or now
    as_of_at = max(memory.as_of_at or now, now)
    return _over(rule, site, replace(memory, as_of_at=as_of_at), end_at)


def due_at(rule: Rule, memory: Memory) -> datetime | None:
    """Return when the window falls below `at_least`, if no more events come."""
    return _end_at(rule, memory) if memory.burst is not None else None


def _begun(rule: Rule, site: str, memory: Memory) -> tuple[Memory, Reason, tuple[Finding, ...]]:
    burst = Burst(since_at=memory.hits[0], total=len(memory.hits))
    content = _content(rule, memory, burst, ended_at=None)
    finding = lasting(rule, site, content, memory.as_of_at or memory.hits[-1], holds=True)
    return replace(memory, burst=burst), Reason.OPENED, (finding,)


def _over(rule: Rule, site: str, memory: Memory, ended_at: datetime) -> tuple[Memory, Finding]:
    burst = memory.burst or Burst(since_at=ended_at, total=0)
    content = _content(rule, memory, burst, ended_at)
    finding = lasting(rule, site, content, memory.as_of_at or ended_at, holds=False)
    return replace(memory, burst=None), finding


def _content(rule: Rule, memory: Memory, burst: Burst, ended_at: datetime | None) -> Frequency:
    at_least, within = _wanted(rule)
    return Frequency(
        state="firing" if ended_at is None else "resolved",
        at_least=at_least,
        within=within,
        count=_count(rule, memory),
        total=burst.total,
        since_at=burst.since_at,
        ended_at=ended_at,
        examples=memory.examples,
    )


def _count(rule: Rule, memory: Memory) -> int:
    _, within = _wanted(rule)
    return sum(memory.as_of_at is not None and memory.as_of_at - hit < within for hit in memory.hits)


def _end_at(rule: Rule, memory: Memory) -> datetime | None:
    at_least, within = _wanted(rule)
    if len(memory.hits) < at_least:  # the owner raised at_least: it is over at once
        return memory.as_of_at
    return memory.hits[-at_least] + within


def _wanted(rule: Rule) -> tuple[int, timedelta]:
    # Without them, the owner took the condition out of the rule while it held: it is over at once.
    return rule.at_least or 1, rule.within or timedelta(0)
