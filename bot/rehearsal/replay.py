"""Events that were heard, judged once more: the pipeline's thinking with memories in dicts."""

import hashlib
import heapq
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import alerts, events
from bot.alerts import Around, Life, Subject
from bot.events import Kept, Unreadable
from bot.facts import Content, Event, Finding, Notice, Reason
from bot.memories import Place
from bot.pipeline import GRACE, Judges
from bot.rules.judge import Judged, due_at, hear, listen, tick
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from bot.troubles import raised, unreadable

log = logging.getLogger(__name__)

_NOTHING = Memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice that would have waited in the outbox, and for which channels."""

    notice: Notice
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of one event: what each rule said, or why nobody can read it; and what people heard."""

    told: tuple[Told, ...]
    verdicts: tuple[tuple[str, Reason], ...] = ()
    why: str | None = None


@dataclass(slots=True)
class Tally:
    """What came of everything so far. `verdicts` counts by rule and reason, `messages` by channel."""

    events: int = 0
    unreadable: int = 0
    concerned_nobody: int = 0
    verdicts: Counter[tuple[str, Reason]] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Alert:
    """A lasting trouble, where it is told, and when time alone may change something about it."""

    life: Life
    content: Content
    channels: tuple[str, ...]
    due_at: datetime | None = None


class Replay:
    """One run of the rules. Begins at `since_at` with nothing remembered.

    It is as if the bot had listened all the time and had judged everything at once: events at the instant at
    which they came, time as soon as the pipeline lets it pass, `GRACE` later. Memory grows with the rules,
    their sites and the keys that are told once, not with the events.
    """

    def __init__(self, judges: Judges, since_at: datetime) -> None:
        self.tally = Tally()
        self._judges = judges
        self._rules = {rule.name: rule for rule in judges.book.rules}
        self._remembered: dict[Place, Memory] = {}
        self._around = Around(policy=judges.policy)
        self._lives: dict[str, _Alert] = {}
        self._keys: set[bytes] = set()
        # Which alerts wait for time to pass, and until when; an entry that is outdated is passed over.
        self._due: list[tuple[datetime, str]] = []
        # Who waits for time to pass: one entry a place, not later than the instant at which it is due. What
        # is heard can only put that instant off.
        self._queue: list[tuple[datetime, Place]] = []
        self._queued: set[Place] = set()
        for rule in judges.book.rules:
            for site in judges.expecting(rule):
                self._remember((rule.name, site), listen(_NOTHING, since_at))

    def hear(self, kept: Kept) -> Heard:
        """Let time pass up to an event, then judge it. Events come in the order in which they were kept."""
        told = self.pass_time(kept.received_at - GRACE)
        self.tally.events += 1
        try:
            event = events.read(kept)
        except Unreadable as problem:
            self.tally.unreadable += 1
            return Heard(told=(*told, *self._quarantined(kept, str(problem))), why=str(problem))
        asked = self._judges.book.asking_for(event)
        verdicts = []
        for rule in asked:
            reason, messages = self._hear(rule, event)
            told += messages
            if reason is not None:
                verdicts.append((rule.name, reason))
        self.tally.verdicts.update(verdicts)
        self.tally.concerned_nobody += not verdicts
        return Heard(told=tuple(told), verdicts=tuple(verdicts))

    def pass_time(self, until_at: datetime) -> list[Told]:
        """Let those speak that wait for time to pass, up to an instant; who is due first speaks first.

        Rules wait `GRACE` longer than alerts, whom no event on its way can surprise.
        """
        told = []
        while self._queue and self._queue[0][0] <= until_at:
            at, place = heapq.heappop(self._queue)
            self._queued.discard(place)
            due = due_at(self._rules[place[0]], self._remembered[place])
            if due is not None and due > at:
                self._queue_up(place, due)
            elif due is not None:
                told += self._attend(at + GRACE, before=True)
                told += self._tick(place, at)
        return told + self._attend(until_at + GRACE)

    @property
    def waiting(self) -> list[Place]:
        """Whose collections wait for more events: they would be told later than the replay looked."""
        return sorted(place for place, memory in self._remembered.items() if memory.collection is not None)

    def _hear(self, rule: Rule, event: Event) -> tuple[Reason | None, list[Told]]:
        place = (rule.name, event.site)
        try:
            judged = hear(
                rule,
                event,
                self._remembered.get(place, _NOTHING),
                lambda key: _digest(rule.name, event.site, key) in self._keys,
            )
        except Exception as bug:  # as in the pipeline: one rule's fault must not stop its neighbours
            log.exception("rule raised", extra={"rule": rule.name, "event_id": event.id})
            finding = raised(rule.name, event.site, bug, event.received_at)
            return Reason.RULE_RAISED, self._note(finding, self._owner(), event.received_at)[1]
        if judged.once_key is not None:
            self._keys.add(_digest(rule.name, event.site, judged.once_key))
        return self._take_in(place, rule, judged, event.received_at)

    def _tick(self, place: Place, at: datetime) -> list[Told]:
        name, site = place
        try:
            judged = tick(self._rules[name], site, self._remembered[place], at)
        except Exception as bug:  # as in the pipeline
            log.exception("rule raised", extra={"rule": name, "site": site})
            del self._remembered[place]
            return self._note(raised(name, site, bug, at), self._owner(), at + GRACE)[1]
        reason, told = self._take_in(place, self._rules[name], judged, at + GRACE)
        if reason is not None:
            self.tally.verdicts[name, reason] += 1
        return told

    def _take_in(
        self, place: Place, rule: Rule, judged: Judged, now: datetime
    ) -> tuple[Reason | None, list[Told]]:
        if judged.memory != _NOTHING or place in self._remembered:
            self._remember(place, judged.memory)
        reason, told = judged.reason, list[Told]()
        for finding in judged.findings:
            noted, messages = self._note(finding, rule.notify, now)
            told += messages
            reason = noted if finding.lasting else reason
        return reason, told

    def _note(self, finding: Finding, channels: Sequence[str], now: datetime) -> tuple[Reason, list[Told]]:
        known = self._lives.get(finding.key)
        reason = alerts.decide(known.life if known else None, finding, self._around, now)
        if not finding.lasting:
            notice = alerts.notice_of(Subject.of(finding), finding.content, reason, finding.seen_at)
            return reason, self._told(notice, channels)
        if reason is Reason.WAS_NOT_OPEN and known is None:
            return reason, []
        life = alerts.after(known.life if known else None, reason, finding, self._around, now)
        here = _Alert(life, finding.content, tuple(channels))
        return reason, self._live(known.life if known else life, here, reason, finding.seen_at, now)

    def _attend(self, until_at: datetime, *, before: bool = False) -> list[Told]:
        """Decide about the alerts that time alone may have changed, as the pipeline does at its ticks."""
        told = []
        while self._due and (self._due[0][0] < until_at or (self._due[0][0] == until_at and not before)):
            at, key = heapq.heappop(self._due)
            known = self._lives[key]
            if known.due_at == at:
                reason = alerts.decide(known.life, None, self._around, at)
                life = alerts.after(known.life, reason, None, self._around, at)
                if life.subject.rule is not None and reason is not Reason.STILL_OPEN:
                    self.tally.verdicts[life.subject.rule, reason] += 1
                told += self._live(known.life, replace(known, life=life), reason, at, at)
        return told

    def _live(self, before: Life, here: _Alert, reason: Reason, at: datetime, now: datetime) -> list[Told]:
        """Let an alert go on, or begin, and tell it."""
        life = here.life
        due = alerts.due_at(life, self._around, now)
        self._lives[life.subject.key] = replace(here, due_at=due)
        if due is not None:
            heapq.heappush(self._due, (due, life.subject.key))
        name = f"{life.subject.key}/{life.opened_at.isoformat()}"
        standing = alerts.standing_of(name, before, life, reason, self._around)
        return self._told(alerts.notice_of(life.subject, here.content, reason, at, standing), here.channels)

    def _told(self, notice: Notice, channels: Sequence[str]) -> list[Told]:
        if not notice.reason.speaks or not channels:
            return []
        self.tally.messages.update(channels)
        return [Told(notice=notice, channels=tuple(channels))]

    def _quarantined(self, kept: Kept, why: str) -> list[Told]:
        today = _digest("bot/unreadable", kept.site, kept.received_at.date().isoformat())
        if today in self._keys:
            return []
        self._keys.add(today)
        finding = unreadable(kept.id, kept.site, why, kept.received_at)
        return self._note(finding, self._owner(), kept.received_at)[1]

    def _owner(self) -> tuple[str, ...]:
        return () if self._judges.told is None else (self._judges.told,)

    def _remember(self, place: Place, memory: Memory) -> None:
        self._remembered[place] = memory
        due = due_at(self._rules[place[0]], memory)
        if due is not None and place not in self._queued:
            self._queue_up(place, due)

    def _queue_up(self, place: Place, at: datetime) -> None:
        self._queued.add(place)
        heapq.heappush(self._queue, (at, place))


def _digest(rule: str, site: str, key: str) -> bytes:
    # Keys are written by strangers and may be long and many.
    parts = "\x00".join((rule, site, key)).encode(errors="replace")
    return hashlib.blake2b(parts, digest_size=16).digest()
