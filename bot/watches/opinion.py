"""What a look thinks of the numbers it saw."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.detect.verdict import Judged
from bot.facts import Content
from bot.facts.measured import Unit
from bot.sources.periods import Period, stretch
from bot.sources.source import EVERYTHING, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The instants [since_at, until_at) in which a number was counted."""

    since_at: datetime
    until_at: datetime

    @classmethod
    def of(cls, period: Period, zone: ZoneInfo) -> "Stretch":
        """Return the instants of days, or of a part of one."""
        since_at, until_at = stretch(period, zone)
        return cls(since_at=since_at, until_at=until_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one look thinks of one subject: "" is the number itself, else a page, a step, a goal.

    `number` names what was counted, as a sentence does. `over` and `where` say what it was counted in, for
    whoever asks for the reasons; `against` is the stretch that it was compared with, where it was one of the
    same length. `occasion` names what makes these days unlike others.

    A `lasting` opinion opens and ends an alert; another one is told each time that its verdict holds.
    `content` is told in place of `facts.Measured`, by looks that say something else.
    """

    judged: Judged
    number: str
    subject: str = ""
    unit: Unit = ""
    over: Stretch | None = None
    against: Stretch | None = None
    occasion: str | None = None
    where: tuple[Where, ...] = EVERYTHING
    missing: float | None = None
    lasting: bool = True
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """All that a look thinks, and what it wants to remember besides the spells: text of its own."""

    opinions: tuple[Opinion, ...]
    note: str = ""
