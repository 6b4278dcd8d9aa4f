"""Visitors, views and sessions, hour by hour: the looks that know the rhythm of a week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect.verdict import Why, unread
from bot.facts import Line
from bot.sources.source import Source
from bot.watches import hourly
from bot.watches.drawing import last_hours
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Thought
from bot.watches.watch import Beyond, Changed, Condition, Silent, Unusual, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSeen:
    """Nothing was asked: the hours are kept. `number` is how a sentence names what they count."""

    number: str

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the last complete hour and those before it."""
        spell = memory.spell()
        if kept.hours is None:
            judged = unread(Why.NOT_COMPLETE, kept.now, spell)
            return Thought(opinions=(Opinion(judged=judged, number=self.number),))
        return Thought(opinions=(hourly.opinion(watch, kept, kept.hours, spell, self.number),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the last two days with what was expected."""
        return None if kept.hours is None else last_hours(self.number, kept.hours, kept.baseline, opinion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """A count of the whole site, judged by completed hours."""

    name: str
    conditions: tuple[type[Condition] | None, ...] = (Unusual, Silent, Beyond, Changed)
    reads: str = "the hours of today"
    every: timedelta = timedelta(minutes=20)
    calls: int = 0
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"within"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `within`."""
        return hourly.mistakes(watch)

    def part(self, watch: Watch) -> Part:
        """Return its own count of everything."""
        return Part(count=self.name)

    def read(self, watch: Watch, source: Source, now: datetime) -> HoursSeen:
        """Ask nothing more than the hours, which are kept."""
        return HoursSeen(number=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTraffic:
    """Nobody comes: told after the shortest time in which that is news on this site, or after the owner's."""

    name: str = "silence"
    conditions: tuple[type[Condition] | None, ...] = (Silent,)
    reads: str = "the hours of today"
    every: timedelta = timedelta(minutes=20)
    calls: int = 0
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `silent_for`."""
        return hourly.mistakes(watch)

    def part(self, watch: Watch) -> Part:
        """Return the visitors."""
        return Part()

    def read(self, watch: Watch, source: Source, now: datetime) -> HoursSeen:
        """Ask nothing more than the hours, which are kept."""
        return HoursSeen(number="visitors")
