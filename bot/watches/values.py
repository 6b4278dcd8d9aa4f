"""Pages, referrers, campaigns, countries: values that are new, gone or out of the usual, and their mix.

The total may be as usual all the while. Five hundred pages are not five hundred lotteries: see
`detect.breakdown`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detect import breakdown
from bot.detect.breakdown import Kind, Odd, Value
from bot.detect.spell import Pace, Sign, Spell, State, step
from bot.detect.verdict import Evidence, Side, Why, judged, unread
from bot.facts import Line
from bot.sources.periods import Days, completed, one_day
from bot.sources.source import Breakdown, Dimension, Source, Where
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Condition, Watch

BEFORE = 28
"""How many days lie before those that are judged."""

DAYS = 7
"""How many days a mix is taken over: a week, so that no weekend shifts it."""

MOST_NOW, MOST_BEFORE = 100, 1000
MOST_KNOWN = 500
DIMENSIONS = tuple(sorted(one.value for one in Dimension if one is not Dimension.EVENT))
_ALPHA, _LEAST_DIVERGENCE = 0.001, 0.02
_GONE = frozenset({Kind.GONE, Kind.LESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A dimension in the days that are judged, and in the four weeks before."""

    dimension: Dimension
    values: tuple[Value, ...]
    periods: float  # how many times as long the days before are
    over: Stretch
    day: str

    def where(self, name: str) -> tuple[Where, ...]:
        """Return the part of the traffic that a value is."""
        return (Where(dimension=self.dimension, value=name or None),)

    def shown(self, name: str) -> str:
        """Return a value for people."""
        return name or f"no {self.dimension.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeen:
    """What nobody came from, or to, in four weeks."""

    seen: Values

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Tell each new value once. `note` holds those that were told, the latest last."""
        told: list[str] = json.loads(memory.note) if memory.note else []
        rule = breakdown.Breakdown(periods=self.seen.periods)
        odd = [one for one in breakdown.odd_values(rule, self.seen.values) if one.kind is Kind.NEW]
        fresh = [one for one in odd if one.evidence.subject and one.evidence.subject not in told]
        opinions = tuple(_opinion(watch, self.seen, one, memory, lasting=False) for one in fresh)
        told = [*told, *(str(one.evidence.subject) for one in fresh)][-MOST_KNOWN:]
        return Thought(opinions=opinions, note=json.dumps(told) if told else "")

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OddSeen:
    """What is out of the usual; `kinds` says in which way it has to be."""

    seen: Values
    kinds: frozenset[Kind]

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Open a trouble for each odd value, and end those that are odd no longer."""
        rule = breakdown.Breakdown(periods=self.seen.periods)
        odd = [one for one in breakdown.odd_values(rule, self.seen.values) if one.kind in self.kinds]
        opinions = [_opinion(watch, self.seen, one, memory) for one in odd]
        still = {opinion.subject for opinion in opinions}
        known = {self.seen.shown(one.name): one for one in self.seen.values}
        opinions += [
            _over(watch, self.seen, subject, known.get(subject), memory)
            for subject, spell in memory.spells.items()
            if subject not in still and spell.state is not State.OK
        ]
        return Thought(opinions=tuple(opinions), note=memory.note)

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixSeen:
    """Of what the traffic is made up."""

    seen: Values

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the shift of the mix, whatever the total did. The value that moved most is named."""
        seen, spell = self.seen, memory.spell()
        now, before = [one.now for one in seen.values], [one.before for one in seen.values]
        number = f"shift in the mix of {seen.dimension.value} values"
        if min(sum(now), sum(before)) < breakdown.Breakdown().least_count * DAYS:
            few = unread(Why.TOO_FEW, seen.over.until_at, spell)
            return Thought(opinions=(Opinion(judged=few, number=number, unit="%", over=seen.over),))
        mix = breakdown.mix(now, before, alpha=_ALPHA, least=_LEAST_DIVERGENCE)
        evidence = Evidence(
            value=mix.divergence,
            limit=_LEAST_DIVERGENCE,
            chance=mix.chance,
            subject=seen.shown(_mover(seen.values)),
        )
        spell = step(spell, Sign.BAD if mix.shifted else Sign.BACK, seen.over.until_at, Pace(hold=watch.hold))
        answer = judged(
            spell, seen.over.until_at, bad=Why.MIX_SHIFTED, fine=Why.USUAL, side=None, evidence=evidence
        )
        return Thought(opinions=(Opinion(judged=answer, number=number, unit="%", over=seen.over),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none."""
        return None


def _mover(values: Sequence[Value]) -> str:
    now, before = sum(one.now for one in values), sum(one.before for one in values)
    return max(values, key=lambda one: abs(one.now / now - one.before / before)).name


def _opinion(watch: Watch, seen: Values, odd: Odd, memory: Memory, *, lasting: bool = True) -> Opinion:
    name = odd.evidence.subject or ""
    subject = seen.shown(name)
    spell = step(memory.spell(subject), Sign.BAD, seen.over.until_at, Pace(hold=watch.hold))
    bad = Why.ROSE if odd.side is Side.UP else Why.FELL
    answer = judged(spell, seen.over.until_at, bad=bad, fine=Why.USUAL, side=odd.side, evidence=odd.evidence)
    return Opinion(
        judged=answer if lasting else replace(answer, spell=Spell()),  # `note` remembers what was told
        number="visitors",
        subject=subject,
        over=seen.over,
        where=seen.where(name),
        lasting=lasting,
    )


def _over(watch: Watch, seen: Values, subject: str, value: Value | None, memory: Memory) -> Opinion:
    """A value that was odd is not any more: it is as usual again, or what is usual has become another."""
    spell = step(memory.spell(subject), Sign.BACK, seen.over.until_at, Pace(hold=watch.hold))
    evidence = None
    if value is not None:
        evidence = Evidence(value=value.now, expected=value.before / seen.periods, subject=subject)
    answer = judged(spell, seen.over.until_at, bad=Why.STILL_THERE, fine=Why.USUAL, evidence=evidence)
    if not answer.spell.open:
        answer = replace(answer, spell=Spell())  # or every value that was ever odd would be remembered
    return Opinion(judged=answer, number="visitors", subject=subject, over=seen.over)


# ---------------------------------------------------------------- the looks


def _read(watch: Watch, source: Source, dimension: Dimension, days: Days) -> Values:
    """Ask for the days that are judged, and for four weeks before: two calls, more where lists are long."""
    before = Days(first=days.first - timedelta(days=BEFORE), last=days.first - timedelta(days=1))
    mine = source.breakdown(dimension, days, most=MOST_NOW)
    theirs = source.breakdown(dimension, before, most=MOST_BEFORE)
    return Values(
        dimension=dimension,
        values=values(mine, theirs),
        periods=BEFORE / len(days),
        over=Stretch.of(days, source.zone),
        day=str(days),
    )


def values(now: Breakdown, before: Breakdown) -> tuple[Value, ...]:
    """Put two lists together. What a cut list does not name may have had as many as its last one has."""
    mine, theirs = _counts(now), _counts(before)
    cut_at = 0 if before.whole else min(theirs.values(), default=0)
    there = [Value(name=name, now=count, before=theirs.get(name, cut_at)) for name, count in mine.items()]
    unseen = theirs.keys() - mine.keys() if now.whole else set()
    gone = [Value(name=name, now=0, before=theirs[name]) for name in sorted(unseen)]
    return (*there, *gone)


def _counts(found: Breakdown) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for row in found.rows:
        counts[row.value] = counts.get(row.value, 0) + row.traffic.visitors
    return counts


def _mistakes(watch: Watch) -> list[tuple[str, str]]:
    if watch.dimension is None or watch.dimension in DIMENSIONS:
        return []
    return [("dimension", f"one of these is needed: {', '.join(DIMENSIONS)}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """New referrers, or pages, or whatever is asked for: today so far, beside four weeks."""

    name: str = "new"
    usual: Dimension = Dimension.REFERRER
    conditions: tuple[type[Condition] | None, ...] = (None,)
    reads: str = "one list of values, of today and of the four weeks before"
    every: timedelta = timedelta(hours=1)
    calls: int = 2
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"dimension"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `dimension`."""
        return _mistakes(watch)

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> NewSeen:
        """Ask for today: what is new is news while it begins."""
        dimension = Dimension(watch.dimension) if watch.dimension else self.usual
        return NewSeen(seen=_read(watch, source, dimension, one_day(source.today())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """Values that are gone, or out of the usual: yesterday, beside four weeks."""

    name: str
    usual: Dimension
    kinds: frozenset[Kind]
    conditions: tuple[type[Condition] | None, ...] = (None,)
    reads: str = "one list of values, of yesterday and of the four weeks before"
    every: timedelta = timedelta(hours=6)
    calls: int = 2
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"dimension"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `dimension`."""
        return _mistakes(watch)

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> OddSeen:
        """Ask for the last whole day."""
        dimension = Dimension(watch.dimension) if watch.dimension else self.usual
        return OddSeen(seen=_read(watch, source, dimension, completed(source.today(), 1)), kinds=self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The mix of channels, or of another dimension: the last week, beside the four before."""

    name: str = "mix"
    usual: Dimension = Dimension.CHANNEL
    conditions: tuple[type[Condition] | None, ...] = (None,)
    reads: str = "one list of values, of the last seven whole days and of the four weeks before"
    every: timedelta = timedelta(hours=6)
    calls: int = 2
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"dimension"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `dimension`."""
        return _mistakes(watch)

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> MixSeen:
        """Ask for the last seven whole days."""
        dimension = Dimension(watch.dimension) if watch.dimension else self.usual
        return MixSeen(seen=_read(watch, source, dimension, completed(source.today(), DAYS)))


VANISHED = Odds(name="vanished", usual=Dimension.ENTRY_PAGE, kinds=_GONE)
BREAKDOWN = Odds(name="breakdown", usual=Dimension.PAGE, kinds=frozenset(Kind))
