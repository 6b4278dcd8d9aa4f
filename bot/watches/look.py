"""What every kind of number promises: what it reads, how often, and how it is judged.

To add a kind:

1. A module here with a class that is a `Look`, and a frozen class that is a `Seen`: what was read, and the
   pure judgement of it with a detector of `bot.detect`.
2. Its line in `looks.LOOKS`. Settings, jobs, `why`, `doctor` and the docs know it from there.
3. A key of [[watch]] that nobody had before: its field in `watch.Watch` and in `settings.watches.Table`.
4. Its section in docs/watches.md: what it reads, how often, what it can miss. A test names what is missing.
5. Its test in tests/watches/, against the simulated Pirsch.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.detect.expected import Baseline
from bot.detect.hours import Hours
from bot.facts import Line
from bot.sources.source import EVERYTHING, Source, Where
from bot.watches.calendar import PLAIN, Calendar
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Thought
from bot.watches.watch import Condition, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Hours that are kept: those of a part of the site's traffic, and which of their counts is meant.

    Parts with the same `where` are read once and kept once, whatever is counted. `days` is how many days of
    them, with today, the look wants to see.
    """

    count: str = "visitors"
    where: tuple[Where, ...] = EVERYTHING
    days: int = 15

    @property
    def key(self) -> str:
        """What its hours are kept under."""
        return "&".join(f"{one.dimension}{one.match}{one.value}" for one in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store knows of a look's `Part`: its hours up to the last complete one, and what is usual.

    Both are None for a look without a part; the baseline is None while too little is known. `calendar` has
    the site's days that are not like others.
    """

    now: datetime
    zone: ZoneInfo
    hours: Hours | None = None
    baseline: Baseline | None = None
    calendar: Calendar = PLAIN


class Seen(Protocol):
    """What one look read. Pure from here on."""

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge it with a detector. A subject that is not spoken of stays as it was."""

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return what shows an opinion to people; asked for only when it is told."""


class Look(Protocol):
    """A kind of number. All of it is known before anything is read."""

    @property
    def name(self) -> str:
        """How the file calls it: `look = "visitors"`."""

    @property
    def reads(self) -> str:
        """What it asks for, for `jobs` and the docs: "the hours of today"."""

    @property
    def every(self) -> timedelta:
        """How often it looks, where the owner says nothing."""

    @property
    def calls(self) -> int:
        """How many calls `read` makes; the hours of its part are counted elsewhere."""

    @property
    def needs(self) -> frozenset[str]:
        """The keys of [[watch]] that it cannot do without, such as "event"."""

    @property
    def takes(self) -> frozenset[str]:
        """The keys that it can do without."""

    @property
    def conditions(self) -> tuple[type[Condition] | None, ...]:
        """The conditions that it can judge. The first holds where the owner names none; None: its own."""

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with a watch beyond its keys: (key, sentence) pairs."""

    def part(self, watch: Watch) -> Part | None:
        """Return which hours are to be kept for it; None: it needs none."""

    def read(self, watch: Watch, source: Source, now: datetime) -> Seen:
        """Ask what there is to ask. Raises SourceError; the verdict is then ERROR, and no opinion changes.

        Watches of a site that look together share the source: the same question is asked once.
        """
