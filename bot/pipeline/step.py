"""One transaction's worth of thinking, and what the ways have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot import alerts, memories, outbox
from bot.alerts import Around, Noted, Policy
from bot.db import Tx
from bot.facts import Event, Finding, Notice, Reason, Vendor
from bot.memories import Place
from bot.pipeline import doing
from bot.pipeline.doing import BEGINS
from bot.rules.book import RuleBook
from bot.rules.judge import Judged, due_at
from bot.rules.memory import Memory
from bot.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """The rules, the sites they may speak of, and the channel that is told of the bot's own troubles.

    `channels` are all that there are; empty when whoever judges does not know them. `policy` is how people
    want to be told of what lasts. `reaching` are goals, by site and name, of which something follows when
    they are reached. `watches` are the names and sites of those who judge numbers. From `unheard` sites no
    webhook can come: there, nothing is waited for. `vendors` count the sites; where none is named, Pirsch.
    """

    book: RuleBook
    sites: tuple[str, ...] = ()
    told: str | None = None
    channels: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    reaching: frozenset[tuple[str, str]] = frozenset()
    watches: frozenset[Place] = frozenset()
    unheard: frozenset[str] = frozenset()
    vendors: Mapping[str, Vendor] = field(default_factory=dict)

    def vendor(self, site: str) -> Vendor:
        """Return who counts a site."""
        return self.vendors.get(site, Vendor.PIRSCH)

    def expecting(self, rule: Rule) -> tuple[str, ...]:
        """Return the sites at which a rule waits for an event that may not come."""
        if rule.none_within is None:
            return ()
        return (rule.site,) if rule.site else tuple(one for one in self.sites if one not in self.unheard)

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.book.rules}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What one step did: how many it took, and for which channels something waits now.

    `made` events of our own were kept meanwhile, and wait to be judged.
    """

    taken: int = 0
    channels: frozenset[str] = frozenset()
    made: int = 0


@dataclass(slots=True)
class Step:
    """One transaction's worth of thinking: what is remembered, and who has to be told."""

    tx: Tx
    judges: Judges
    now: datetime
    remembered: dict[Place, Memory] = field(default_factory=dict)
    changed: set[Place] = field(default_factory=set)
    news: list[tuple[Notice, tuple[str, ...]]] = field(default_factory=list)
    diverted_to: set[str] = field(default_factory=set)
    _around: Around | None = None

    @property
    def around(self) -> Around:
        """What counts for alerts besides themselves: looked up once, and anew when an alert changed it."""
        if self._around is None:
            self._around = alerts.look_around(self.tx, self.judges.policy, self.now)
        return self._around

    def recall(self, places: Iterable[Place]) -> None:
        """Lock memories and read them."""
        stored = memories.lock(self.tx, places, self.now)
        self.remembered = {place: Memory.from_json(text) for place, text in stored.items()}

    def take_in(self, place: Place, rule: Rule, judged: Judged, event: Event | None = None) -> Reason | None:
        """Remember what a rule remembers now, note its findings, and return why it told, or did not.

        What the rule wants done is asked for with what it says: `event` is the one that made it speak.
        """
        if place in self.remembered and judged.memory != self.remembered[place]:
            self.remembered[place] = judged.memory
            self.changed.add(place)
        reason = judged.reason
        for finding in judged.findings:
            noted = self.note(finding, rule.notify)
            reason = noted if finding.lasting else reason
        if rule.do is not None and reason in BEGINS:
            doing.ask(self.tx, rule.do, doing.cause(rule.name, place[1], event), self.now)
        return reason

    def note(self, finding: Finding, channels: Iterable[str]) -> Reason:
        """Decide whether a finding is news, and let it wait for people when it is."""
        noted = alerts.note(self.tx, finding, channels, self.around, self.now)
        self.tell(noted)
        if finding.inhibits is not None:
            self._around = None
        return noted.reason

    def tell(self, *noted: Noted) -> None:
        """Let what was decided wait for those who need to hear or see it."""
        self.news += [(one.notice, one.channels) for one in noted if one.channels]

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
