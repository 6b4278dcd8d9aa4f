"""An event that comes less than once a day: is the time since the last one longer than chance makes it?

Judged by kept hours, so that a watch of years costs no more than one of weeks. Within an hour an event counts
once for each visitor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect import gaps
from bot.detect.gaps import Gaps, Heard
from bot.detect.hours import HOUR, Hours
from bot.detect.spell import Pace
from bot.detect.verdict import Why, unread
from bot.facts import Line
from bot.sources.source import Dimension, Source, Where
from bot.watches.drawing import last_hours
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Condition, Watch

LEARNT_DAYS = 57
"""Days of hours that are looked at: eight weeks, and today."""

_DAY = timedelta(days=1)


def heard(hours: Hours) -> Heard:
    """Return how often it came within these hours, and how long it has not. Unknown hours are no time."""
    known = [count for count in hours.counts if count is not None]
    quiet = next((place for place, count in enumerate(reversed(known)) if count), len(known))
    return Heard(events=sum(known), time=len(known) - quiet, quiet=quiet, lasted=quiet * HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class RareSeen:
    """Nothing was asked: the hours are kept."""

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the time since the last one."""
        spell, number = memory.spell(), f"“{watch.event}” events"
        if kept.hours is None or not kept.hours.counts or kept.hours.counts[-1] is None:
            unknown = unread(Why.NOT_COMPLETE, kept.now, spell)
            return Thought(opinions=(Opinion(judged=unknown, number=number),))
        found, at = heard(kept.calendar.awaited(kept.hours)), kept.hours.end_at
        rule = Gaps(pace=Pace(hold=watch.hold))
        judged = gaps.look(rule, found, at, spell, days=found.time * HOUR / _DAY)
        over = Stretch(since_at=at - found.lasted, until_at=at) if found.lasted else None
        return Thought(opinions=(Opinion(judged=judged, number=number, over=over),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the last two days."""
        if kept.hours is None:
            return None
        return last_hours(opinion.number, kept.hours, kept.baseline, opinion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """An event by the time between two of it: orders, signups, whatever comes seldom."""

    name: str = "gap"
    conditions: tuple[type[Condition] | None, ...] = (None,)
    reads: str = "the hours of today in which the event came"
    every: timedelta = timedelta(hours=1)
    calls: int = 0
    needs: frozenset[str] = frozenset({"event"})
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: an event has any name."""
        return []

    def part(self, watch: Watch) -> Part:
        """Keep the hours of the event."""
        return Part(where=(Where(dimension=Dimension.EVENT, value=watch.event),), days=LEARNT_DAYS)

    def read(self, watch: Watch, source: Source, now: datetime) -> RareSeen:
        """Ask nothing more than the hours, which are kept."""
        return RareSeen()
