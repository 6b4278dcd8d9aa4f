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
from bot.alerts import Alert
from bot.db import Tx
from bot.events import DONE, QUARANTINED, Kept, Settled, Unreadable
from bot.facts import Absence, Event, Finding, Frequency, Notice, Reason, Trouble
from bot.memories import Place
from bot.rules.book import RuleBook
from bot.rules.judge import Judged, due_at, hear, listen, tick
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.troubles import CLOSED, RAISED, closed_key, ephemeral, raised, unreadable

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=1)
"""An event that was received this long ago is in the store, if it was kept at all."""

DEAF_AFTER = timedelta(minutes=2)
"""Nothing was heard while the bot was down for longer; silence of that time proves nothing."""

DUE_TOGETHER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """The rules, the sites they may speak of, and the channel that is told of the bot's own troubles.

    `channels` are all that there are; empty when whoever judges does not know them.
    """

    book: RuleBook
    sites: tuple[str, ...] = ()
    told: str | None = None
    channels: tuple[str, ...] = ()

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.book.rules}


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
    return _judge_all(tx, judges, now, events.take(tx, most))


def judge_event(tx: Tx, judges: Judges, now: datetime, event_id: int) -> Progress:
    """Judge one kept event. Nothing happens when it was judged meanwhile, or is being judged elsewhere."""
    return _judge_all(tx, judges, now, events.take(tx, 1, event_id))


def _judge_all(tx: Tx, judges: Judges, now: datetime, kept: Sequence[Kept]) -> Progress:
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
    What a process with another config remembers is left to it.
    """
    until = min(now - GRACE, events.oldest_kept(tx) or now)
    step = _Step(tx=tx, judges=judges, now=now)
    rules = judges.rules
    due = memories.due(tx, until, DUE_TOGETHER, rules)
    step.remembered = {place: Memory.from_json(text) for place, text in due.items()}
    taken = 0
    for place, memory in list(step.remembered.items()):
        name, site = place
        try:
            at = due_at(rules[name], memory)
            if at is None or at > until:  # due for a rule of the same name in another config
                continue
            taken += 1
            step.take_in(place, rules[name], tick(rules[name], site, memory, until))
        except SQLAlchemyError:  # the store's fault, not the rule's
            raise
        except Exception as bug:  # one rule's fault must not stop its neighbours
            log.exception("rule raised", extra={"rule": name, "site": site})
            step.trouble(raised(name, site, bug, now))
            step.changed.discard(place)
            memories.forget(tx, [place])
    return step.end(taken)


def begin(tx: Tx, judges: Judges, now: datetime, warnings: Sequence[str]) -> Progress:
    """Before the first judgement of a process: bring what is remembered into line with today's config.

    Rules and sites that are gone are forgotten with their alerts, and so is what a rule remembers of another
    kind that it was. Rules that broke down may be reported again. Rules that wait for an event begin to wait,
    and begin anew after a time in which the bot could not hear. What waits for a channel that is gone goes to
    the owner.
    """
    step = _Step(tx=tx, judges=judges, now=now)
    rules = judges.rules
    memories.lock(tx, _waiting(judges), now)
    stored = memories.everything(tx)
    gone = [place for place in stored if place[0] not in rules or place[1] not in judges.sites]
    memories.forget(tx, gone)
    step.remembered = {place: Memory.from_json(text) for place, text in stored.items() if place not in gone}
    step.close_outdated()
    step.listen(anew=deaf(tx, now))
    step.changed = set(step.remembered)  # also the due instants: a rule may wait for another time now
    if judges.channels:
        step.divert_strays()
    for warning in warnings:
        step.trouble(ephemeral(warning, now))
    return step.end(0)


def deaf(tx: Tx, now: datetime) -> bool:
    """Whether the bot could not hear for long, until now: no process showed that it lives."""
    beaten_at = leases.beaten_at(tx, leases.SCHEDULE)
    return beaten_at is None or now - beaten_at > DEAF_AFTER


def listen_anew(tx: Tx, judges: Judges, now: datetime) -> None:
    """Let every rule that waits for an event wait from now on: the silence before proves nothing."""
    step = _Step(tx=tx, judges=judges, now=now)
    step.recall(_waiting(judges))
    step.listen(anew=True)
    step.end(0)


def set_aside(tx: Tx, judges: Judges, now: datetime, event_id: int, bug: Exception) -> Progress:
    """Quarantine a kept event, because judging it brings out a fault of ours.

    Nothing happens when it was judged meanwhile, or is being judged elsewhere.
    """
    step = _Step(tx=tx, judges=judges, now=now)
    kept = events.take(tx, 1, event_id)
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
    diverted_to: set[str] = field(default_factory=set)

    def recall(self, places: Iterable[Place]) -> None:
        """Lock memories and read them."""
        stored = memories.lock(self.tx, places, self.now)
        self.remembered = {place: Memory.from_json(text) for place, text in stored.items()}

    def listen(self, *, anew: bool) -> None:
        """Let the rules that wait for an event begin to wait: those that do not yet, or all of them anew."""
        rules = self.judges.rules
        for place, memory in self.remembered.items():
            if rules[place[0]].none_within and (anew or memory.watched_since_at is None):
                self.remembered[place] = listen(memory, self.now)
                self.changed.add(place)

    def close_outdated(self) -> None:
        """Close without a word the alerts that today's config cannot end, or has to open again."""
        outdated = [alert for alert in alerts.standing(self.tx) if _outdated(alert, self.judges)]
        for alert in outdated:
            place = (alert.rule or "", alert.site or "")
            if not isinstance(alert.content, Trouble) and place in self.remembered:
                self.remembered[place] = Memory(collection=self.remembered[place].collection)
        alerts.close(self.tx, [alert.key for alert in outdated], self.now)

    def divert_strays(self) -> None:
        """Move what waits for channels that are gone to the owner's: nobody else would ever take it."""
        owner = self.judges.told
        for channel, waiting in outbox.waiting(self.tx).items():
            if channel in self.judges.channels:
                continue
            if owner is None:
                log.error("channel gone, its messages wait", extra={"channel": channel, "waiting": waiting})
                continue
            outbox.divert(self.tx, channel, owner, self.now)
            self.diverted_to.add(owner)
            log.warning(
                "channel gone, its messages diverted",
                extra={"channel": channel, "owner": owner, "moved": waiting},
            )

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
        rules = self.judges.rules
        written = {}
        for place in sorted(self.changed):
            memory = self.remembered[place]
            written[place] = (memory.to_json(), due_at(rules[place[0]], memory))
        memories.write(self.tx, written, self.now)
        outbox.put_all(self.tx, self.news, self.now)
        told = {name for _, channels in self.news for name in channels}
        return Progress(taken=taken, channels=frozenset(told | self.diverted_to))


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


def _waiting(judges: Judges) -> list[Place]:
    return [
        (rule.name, site) for rule in judges.book.rules if rule.none_within for site in _sites(rule, judges)
    ]


def _outdated(alert: Alert, judges: Judges) -> bool:
    if alert.key.startswith(RAISED):
        return True  # this program may be another one: each start reports once
    if alert.key.startswith(CLOSED) and judges.channels:
        return alert.key not in {closed_key(channel) for channel in judges.channels}
    if alert.rule is None:
        return False
    rule = judges.rules.get(alert.rule)
    if rule is None or alert.site not in judges.sites:
        return True
    # The rule was of another kind under this name. A frequency that nobody counts any longer ends by itself.
    return isinstance(alert.content, Frequency if rule.none_within else Absence)
