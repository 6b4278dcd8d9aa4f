"""Joins the stages; the only module that does. Read this second, after `facts`.

    kept event -> read -> the rules that ask for it -> finding -> is it news? -> notice in the outbox
    time passes -> the rules that wait for it ---------^

Each way is one transaction: a notice waits if and only if its cause is settled.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot import alerts, events, leases, memories, outbox
from bot.db import Tx
from bot.events import DONE, QUARANTINED, Kept, Settled, Unreadable
from bot.facts import Event, Finding, Notice, Reason
from bot.memories import Place
from bot.rules.book import RuleBook
from bot.rules.judge import Judged, due_at, hear, listen, tick
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.troubles import ephemeral, raised, unreadable

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=1)
"""An event that was received this long ago is in the store, if it was kept at all."""

DEAF_AFTER = timedelta(minutes=2)
"""Nothing was heard while the bot was down for longer; silence of that time proves nothing."""

DUE_TOGETHER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """The rules, the sites they may speak of, and the channel that is told of the bot's own troubles."""

    book: RuleBook
    sites: tuple[str, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What one step did: how many it took, and for which channels something waits now."""

    taken: int = 0
    channels: frozenset[str] = frozenset()


# ---------------------------------------------------------------- the ways


def judge_events(tx: Tx, judges: Judges, now: datetime, most: int) -> Progress:
    """Turn the oldest kept events into waiting notices, at most `most` of them.

    1. Take them, and read each: an `Event`, or a reason why it is none.
    2. Find the rules that ask for each, and lock what those remember.
    3. Judge event by event: note the findings, put the notices.
    4. Write the memories back and settle the events.
    """
    kept = events.take(tx, most)
    if not kept:
        return Progress()
    step = _Step(tx=tx, judges=judges, now=now)
    heard = [(one, _read(one)) for one in kept]
    asked = {
        one.id: judges.book.matching(one.site, event.name) for one, event in heard if isinstance(event, Event)
    }
    step.recall((rule.name, one.site) for one in kept for rule in asked.get(one.id, ()) if _takes_turns(rule))
    events.settle(tx, [_judge(step, one, event, asked.get(one.id, ())) for one, event in heard])
    return step.end(len(kept))


def judge_time(tx: Tx, judges: Judges, now: datetime) -> Progress:
    """Let the rules that wait for time to pass speak: absences, ends of frequencies, due collections.

    Time passes only up to what was judged: an event that still waits must not be taken for an absence.
    """
    until = min(now - GRACE, events.oldest_kept(tx) or now)
    due = memories.due(tx, until, DUE_TOGETHER)
    step = _Step(tx=tx, judges=judges, now=now)
    rules = {rule.name: rule for rule in judges.book.rules}
    memories.forget(tx, [place for place in due if place[0] not in rules])  # of a config that was
    step.remembered = {place: Memory.from_json(text) for place, text in due.items() if place[0] in rules}
    step.changed = set(step.remembered)  # also when nothing was due: another config's instants are not ours
    for place, memory in list(step.remembered.items()):
        name, site = place
        try:
            step.take_in(place, rules[name], tick(rules[name], site, memory, until))
        except SQLAlchemyError:  # the store's fault, not the rule's
            raise
        except Exception as bug:  # one rule's fault must not stop its neighbours
            log.exception("rule raised", extra={"rule": name, "site": site})
            step.trouble(raised(name, site, bug, now))
            step.changed.discard(place)
            memories.forget(tx, [place])
    return step.end(len(due))


def begin(tx: Tx, judges: Judges, now: datetime, warnings: Sequence[str]) -> Progress:
    """Before the first judgement of a process: bring what is remembered into line with today's rules.

    Rules and sites that are gone are forgotten with their alerts. Rules that wait for an event begin to wait,
    and begin anew after a time in which the bot could not hear.
    """
    step = _Step(tx=tx, judges=judges, now=now)
    rules = {rule.name: rule for rule in judges.book.rules}
    waiting = [
        (rule.name, site) for rule in rules.values() if rule.none_within for site in _sites(rule, judges)
    ]
    memories.lock(tx, waiting, now)
    stored = memories.everything(tx)
    gone = [place for place in stored if place[0] not in rules or place[1] not in judges.sites]
    memories.forget(tx, gone)
    alerts.forget(tx, rules, judges.sites, now)
    step.remembered = {place: Memory.from_json(text) for place, text in stored.items() if place not in gone}
    deaf = _deaf(tx, now)
    for place, memory in step.remembered.items():
        if rules[place[0]].none_within and (deaf or memory.watched_since_at is None):
            step.remembered[place] = listen(memory, now)
    step.changed = set(step.remembered)  # also the due instants: a rule may wait for another time now
    for warning in warnings:
        step.trouble(ephemeral(warning, now))
    return step.end(0)


def set_aside(tx: Tx, judges: Judges, now: datetime, bug: Exception) -> Progress:
    """Quarantine the oldest kept event, because judging it brings out a fault of ours."""
    step = _Step(tx=tx, judges=judges, now=now)
    kept = events.take(tx, 1)
    why = f"a fault in the bot ({type(bug).__name__}); the log has more"
    events.settle(tx, [_quarantined(step, one, why) for one in kept])
    return step.end(len(kept))


# ---------------------------------------------------------------- one step


@dataclass(slots=True)
class _Step:
    """One transaction's worth of thinking: what is remembered, and who has to be told."""

    tx: Tx
    judges: Judges
    now: datetime
    remembered: dict[Place, Memory] = field(default_factory=dict)
    changed: set[Place] = field(default_factory=set)
    news: list[tuple[Notice, tuple[str, ...]]] = field(default_factory=list)

    def recall(self, places: Iterable[Place]) -> None:
        """Lock memories and read them."""
        stored = memories.lock(self.tx, places, self.now)
        self.remembered = {place: Memory.from_json(text) for place, text in stored.items()}

    def take_in(self, place: Place, rule: Rule, judged: Judged) -> Reason | None:
        """Remember what a rule remembers now, note its findings, and return why it told, or did not."""
        if place in self.remembered and judged.memory != self.remembered[place]:
            self.remembered[place] = judged.memory
            self.changed.add(place)
        reason = judged.reason
        for finding in judged.findings:
            noted = self.note(finding, rule.notify)
            reason = noted if finding.lasting else reason
        return reason

    def note(self, finding: Finding, channels: Iterable[str]) -> Reason:
        """Decide whether a finding is news, and let it wait for people when it is."""
        reason, notice = alerts.note(self.tx, finding)
        if reason.speaks:
            self.news.append((notice, tuple(channels)))
        return reason

    def trouble(self, finding: Finding) -> None:
        """Tell the owner something about the bot itself."""
        self.note(finding, [self.judges.told] if self.judges.told is not None else [])

    def end(self, taken: int) -> Progress:
        """Write what changed in the memories, let the news wait for people, and say what this step did."""
        rules = {rule.name: rule for rule in self.judges.book.rules}
        written = {}
        for place in sorted(self.changed):
            memory = self.remembered[place]
            written[place] = (memory.to_json(), due_at(rules[place[0]], memory))
        memories.write(self.tx, written, self.now)
        outbox.put_all(self.tx, self.news, self.now)
        return Progress(
            taken=taken, channels=frozenset(name for _, channels in self.news for name in channels)
        )


def _read(kept: Kept) -> Event | Unreadable:
    try:
        return events.read(kept)
    except Unreadable as problem:
        return problem


def _judge(step: _Step, kept: Kept, event: Event | Unreadable, asked: Sequence[Rule]) -> Settled:
    if isinstance(event, Unreadable):
        return _quarantined(step, kept, str(event))
    verdicts = [(rule.name, reason) for rule in asked if (reason := _hear(step, rule, event)) is not None]
    return Settled(id=kept.id, state=DONE, name=event.name, verdicts=tuple(verdicts))


def _hear(step: _Step, rule: Rule, event: Event) -> Reason | None:
    place = (rule.name, event.site)

    def told_before(key: str) -> bool:
        return not alerts.first_time(step.tx, rule.name, event.site, key, step.now)

    try:
        judged = hear(rule, event, step.remembered.get(place, Memory()), told_before)
    except SQLAlchemyError:  # the store's fault, not the rule's
        raise
    except Exception as bug:  # one rule's fault must not stop its neighbours
        log.exception("rule raised", extra={"rule": rule.name, "event_id": event.id})
        step.trouble(raised(rule.name, event.site, bug, step.now))
        return Reason.RULE_RAISED
    return step.take_in(place, rule, judged)


def _quarantined(step: _Step, kept: Kept, why: str) -> Settled:
    log.warning("event unreadable", extra={"event_id": kept.id, "site": kept.site, "why": why})
    if alerts.first_today(step.tx, "unreadable", kept.site, step.now):
        step.trouble(unreadable(kept.id, kept.site, why, step.now))
    return Settled(id=kept.id, state=QUARANTINED, why=why)


def _remembers(rule: Rule) -> bool:
    return rule.at_least is not None or rule.none_within is not None or rule.collect is not None


def _takes_turns(rule: Rule) -> bool:
    # Keys that are told once, too: two processes that met the same keys in another order would wait for
    # each other.
    return _remembers(rule) or rule.once_per is not None


def _sites(rule: Rule, judges: Judges) -> Sequence[str]:
    return judges.sites if rule.site is None else [rule.site]


def _deaf(tx: Tx, now: datetime) -> bool:
    beaten_at = leases.beaten_at(tx, leases.SCHEDULE)
    return beaten_at is None or now - beaten_at > DEAF_AFTER
