"""Growth as we compute it: the last whole day, week or month beside the period it may be compared with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.detect import change
from bot.detect.change import Total
from bot.facts import Line
from bot.sources.growth import Comparison, comparable
from bot.sources.periods import DAY, Days, one_day, stretch
from bot.sources.source import Source, Totals
from bot.watches.hourly import change_rule
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Changed, Condition, Watch

EVERY = timedelta(hours=6)
_UNKNOWN_SPREAD = 0.05


def last_whole(period: str, today: date) -> Days:
    """Return the last day, week (from Monday on) or calendar month that is over."""
    if period == "week":
        monday = today - (today.weekday() + 7) * DAY
        return Days(first=monday, last=monday + 6 * DAY)
    if period == "month":
        last = today.replace(day=1) - DAY
        return Days(first=last.replace(day=1), last=last)
    return one_day(today - DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Visitors of a period beside the comparable one before: a day beside the same weekday of last week."""

    name: str = "growth"
    conditions: tuple[type[Condition] | None, ...] = (Changed,)
    reads: str = "the totals of two periods, and the hours of today for how much the site swings"
    every: timedelta = EVERY
    calls: int = 2
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"period"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: the keys say it all."""
        return []

    def part(self, watch: Watch) -> Part:
        """Return the visitors: from them it is known how much days scatter."""
        return Part(days=2)

    def read(self, watch: Watch, source: Source, now: datetime) -> "Compared":
        """Ask for both totals."""
        comparison = comparable(last_whole(watch.period or "day", source.today()))
        return Compared(
            comparison=comparison,
            now=source.totals(comparison.now),
            before=source.totals(comparison.before),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The totals of a period and of the one before."""

    comparison: Comparison
    now: Totals
    before: Totals

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the change."""
        if not isinstance(watch.condition, Changed):
            raise TypeError(f"growth is not judged by {watch.condition}")
        over = Stretch.of(self.comparison.now, kept.zone)
        rule, spell = change_rule(watch.condition, watch.hold), memory.spell()
        spread = _UNKNOWN_SPREAD if kept.baseline is None else kept.baseline.spread(48)
        now, before = self._total(self.now, kept), self._total(self.before, kept)
        judged = change.look(rule, now, before, over.until_at, spell, spread)
        opinion = Opinion(
            judged=judged,
            number="visitors",
            over=over,
            against=Stretch.of(self.comparison.before, kept.zone),
        )
        return Thought(opinions=(opinion,))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none: two numbers are no picture."""
        return None

    def _total(self, totals: Totals, kept: Kept) -> Total | None:
        if not totals.complete:
            return None
        since_at, until_at = stretch(totals.period, kept.zone)
        return Total(count=totals.traffic.visitors, within=until_at - since_at)
