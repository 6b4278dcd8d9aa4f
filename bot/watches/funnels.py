"""A funnel against its usual: of which step do fewer go on than in the weeks before?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.detect import proportion
from bot.detect.proportion import Proportion, Step
from bot.detect.rates import Part
from bot.detect.spell import Pace
from bot.facts import Line
from bot.sources.errors import Gone
from bot.sources.periods import Days, completed
from bot.sources.source import FunnelState, Source
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Changed, Condition, Watch

LENGTHS = {"day": 1, "week": 7}
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelSeen:
    """A funnel in its last days, and in four weeks before them."""

    now: FunnelState
    usual: FunnelState
    over: Stretch

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge each step; the one that chance explains least answers for the funnel."""
        rule = Proportion(pace=Pace(hold=watch.hold))
        if isinstance(watch.condition, Changed):
            wanted = watch.condition
            rule = Proportion(
                side=wanted.side, share=wanted.share, least_trials=wanted.least, pace=Pace(hold=watch.hold)
            )
        judged = proportion.funnel(rule, steps(self.now, self.usual), self.over.until_at, memory.spell())
        number = f"of “{watch.funnel}” going on"
        return Thought(
            opinions=(Opinion(judged=judged, number=number, unit="%", over=self.over),), note=memory.note
        )

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none: a funnel is no course of hours."""
        return None


def steps(now: FunnelState, usual: FunnelState) -> Sequence[Step]:
    """Return each step after the first with those who came that far and those who came one less far.

    Where the funnel has got more or fewer steps in between, none can be compared.
    """
    if len(now.steps) != len(usual.steps):
        return ()
    pairs = list(zip(now.steps, usual.steps, strict=True))
    return tuple(
        Step(
            name=mine.name or f"step {mine.number}",
            now=_part(mine.visitors, before_mine.visitors),
            usual=_part(theirs.visitors, before_theirs.visitors),
        )
        for (before_mine, before_theirs), (mine, theirs) in pairwise(pairs)
    )


def _part(hits: int, trials: int) -> Part:
    return Part(hits=min(hits, trials), trials=trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """One funnel, by whole days."""

    name: str = "funnel"
    conditions: tuple[type[Condition] | None, ...] = (None, Changed)
    reads: str = "the funnel in its last seven whole days, and in the four weeks before"
    every: timedelta = timedelta(hours=6)
    calls: int = 3
    needs: frozenset[str] = frozenset({"funnel"})
    takes: frozenset[str] = frozenset({"period"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `period`."""
        return [("period", "a funnel is judged by the day or the week")] if watch.period == "month" else []

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> FunnelSeen:
        """Ask for both periods. Raise Gone when there is no such funnel."""
        found = next((one for one in source.funnels() if watch.funnel in (one.name, one.id)), None)
        if found is None:
            raise Gone(f"there is no funnel called {watch.funnel}")
        days = completed(source.today(), LENGTHS[watch.period or "week"])
        before = Days(first=days.first - timedelta(days=USUAL_DAYS), last=days.first - timedelta(days=1))
        return FunnelSeen(
            now=source.funnel(found.id, days),
            usual=source.funnel(found.id, before),
            over=Stretch.of(days, source.zone),
        )
