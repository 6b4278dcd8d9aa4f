"""Events and what they are worth: visitors with an event by the hour, revenue by day, week and month."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detect import amount, gaps, silence, threshold
from bot.detect.amount import Sum
from bot.detect.expected import WEEKS, Baseline
from bot.detect.gaps import Gaps
from bot.detect.hours import Hours
from bot.detect.spell import Pace, Spell
from bot.detect.verdict import Judged, Why, unread
from bot.facts import Line
from bot.sources.growth import comparable
from bot.sources.periods import Days, stretch
from bot.sources.source import Amount, Dimension, EventsBy, MetaCount, Source, Where
from bot.watches import hourly
from bot.watches.drawing import last_hours
from bot.watches.growth import last_whole
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.rare import heard
from bot.watches.watch import Beyond, Changed, Condition, Silent, Unusual, Watch

MOST_VALUES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The visitors of each hour to whom an event happened."""

    name: str = "event"
    conditions: tuple[type[Condition] | None, ...] = (Unusual, Silent, Beyond, Changed)
    reads: str = "the hours of today with the event"
    every: timedelta = timedelta(minutes=20)
    calls: int = 0
    needs: frozenset[str] = frozenset({"event"})
    takes: frozenset[str] = frozenset({"within"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with lengths of time."""
        return hourly.mistakes(watch)

    def part(self, watch: Watch) -> Part:
        """Return the visitors with the event; what is rare is judged by all the gaps of eight weeks."""
        days = WEEKS * 7 + 1 if isinstance(watch.condition, Silent) else hourly.KEPT_DAYS
        return Part(where=(Where(dimension=Dimension.EVENT, value=watch.event),), days=days)

    def read(self, watch: Watch, source: Source, now: datetime) -> "EventsSeen":
        """Ask nothing more than the hours, which are kept."""
        return EventsSeen(event=watch.event or "", by=source.events_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsSeen:
    """The hours are kept: how many visitors an event happened to, or how often."""

    event: str
    by: EventsBy = EventsBy.VISITORS

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the hours up to the last complete one; what is rare, by the time since it last happened."""
        spell, number = memory.spell(), self._number()
        if kept.hours is None:
            unknown = unread(Why.TOO_FEW, kept.now, spell)
            return Thought(opinions=(Opinion(judged=unknown, number=number),))
        where = (Where(dimension=Dimension.EVENT, value=self.event),)
        if isinstance(watch.condition, Silent) and rare(watch.condition, kept.baseline):
            judged = by_gaps(watch.condition, kept.calendar.awaited(kept.hours), watch.hold, spell)
            over = hourly.stretch(judged.verdict)
            return Thought(opinions=(Opinion(judged=judged, number=number, over=over, where=where),))
        return Thought(opinions=(hourly.opinion(watch, kept, kept.hours, spell, number, where),))

    def _number(self) -> str:
        return f"visitors with “{self.event}”" if self.by is EventsBy.VISITORS else f"“{self.event}” events"

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the last two days with what was expected."""
        if kept.hours is None:
            return None
        return last_hours(opinion.number, kept.hours, kept.baseline, opinion)


def rare(wanted: Silent, baseline: Baseline | None) -> bool:
    """Whether it comes so seldom that empty hours tell nothing, and only the time since the last one does."""
    if baseline is None:
        return True
    return silence.outlook(baseline, hourly.silence_rule(wanted).alpha).usual is None


def by_gaps(wanted: Silent, hours: Hours, hold: timedelta, spell: Spell) -> Judged:
    """Judge the time since the last event by all the times between events that are known."""
    gap = heard(hours)
    days = (gap.time + gap.quiet) / 24
    if wanted.within is not None and gap.lasted < wanted.within:
        gap = replace(gap, time=max(gap.time, 1.0), quiet=0.0)
    looks = max(gap.events / max(days, 1.0) * 365.25 / 12, 1e-6)  # gaps a month
    alpha = min(0.01, wanted.budget.per_month / looks)
    return gaps.look(Gaps(alpha=alpha, pace=Pace(hold=hold)), gap, hours.end_at, spell, days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """What the values of an event's meta key add up to in a whole day, week or month."""

    name: str = "revenue"
    conditions: tuple[type[Condition] | None, ...] = (Changed, Beyond)
    reads: str = "the sums of one or two periods, and of what they are made"
    every: timedelta = timedelta(hours=6)
    calls: int = 4
    needs: frozenset[str] = frozenset({"event", "meta"})
    takes: frozenset[str] = frozenset({"period"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: the keys say it all."""
        return []

    def part(self, watch: Watch) -> Part | None:
        """Return none: sums have no hours."""
        return None

    def read(self, watch: Watch, source: Source, now: datetime) -> "Earned":
        """Ask for the sum, and where it is to be compared, for the one before and the orders of both."""
        event, meta = watch.event or "", watch.meta or ""
        comparison = comparable(last_whole(watch.period or "day", source.today()))
        total = source.amount(comparison.now, event, meta)
        if not isinstance(watch.condition, Changed):
            return Earned(period=comparison.now, now=total)
        return Earned(
            period=comparison.now,
            now=total,
            before_period=comparison.before,
            before=source.amount(comparison.before, event, meta),
            orders=source.event_meta(comparison.now, event, meta, MOST_VALUES),
            orders_before=source.event_meta(comparison.before, event, meta, MOST_VALUES),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """The sum of a period, and of the one before where that was asked for, with their orders by value."""

    period: Days
    now: Amount
    before_period: Days | None = None
    before: Amount | None = None
    orders: tuple[MetaCount, ...] = ()
    orders_before: tuple[MetaCount, ...] = ()

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the sum."""
        over = Stretch.of(self.period, kept.zone)
        before = None if self.before_period is None else Stretch.of(self.before_period, kept.zone)
        opinion = Opinion(
            judged=self._judged(watch, kept, memory.spell(), over.until_at),
            number=f"{watch.meta} of “{watch.event}”",
            over=over,
            against=before,
        )
        return Thought(opinions=(opinion,))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none: one or two sums are no picture."""
        return None

    def _judged(self, watch: Watch, kept: Kept, spell: Spell, at: datetime) -> Judged:
        if not self.now.complete:
            return unread(Why.NOT_COMPLETE, at, spell)
        match watch.condition:
            case Beyond() as wanted:
                rule = hourly.threshold_rule(wanted, watch.hold)
                return threshold.look(rule, float(self.now.total), at, spell)
            case Changed() as wanted if self.before is not None and self.before_period is not None:
                now = _sum(self.now, self.orders, self.period, kept)
                before = _sum(self.before, self.orders_before, self.before_period, kept)
                return amount.look(hourly.change_rule(wanted, watch.hold), now, before, at, spell)
        raise ValueError(f"revenue is not judged by {watch.condition}")


def _sum(told: Amount, orders: Iterable[MetaCount], period: Days, kept: Kept) -> Sum:
    """Return a sum as it is told, with the scatter of its orders."""
    since_at, until_at = stretch(period, kept.zone)
    found = Sum.of(_values(orders), until_at - since_at)
    return Sum(total=float(told.total), orders=found.orders, worth=found.worth, within=found.within)


def _values(orders: Iterable[MetaCount]) -> Iterable[tuple[float, int]]:
    """Give the values that are numbers: strangers write them."""
    for one in orders:
        try:
            value = float(one.value)
        except ValueError:
            continue
        if 0 < value < 1e12:
            yield value, one.times
