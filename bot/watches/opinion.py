"""What a look thinks of the numbers it saw."""

from dataclasses import dataclass
from datetime import datetime

from bot.detect.verdict import Judged
from bot.facts import Content
from bot.facts.measured import Unit
from bot.sources.source import EVERYTHING, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The instants [since_at, until_at) in which a number was counted."""

    since_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one look thinks of one subject: "" is the number itself, else a page, a step, a goal.

    `number` names what was counted, as a sentence does. `over` and `where` say what it was counted in, for
    whoever asks for the reasons. A `lasting` opinion opens and ends an alert; another one is told each time
    that its verdict holds. `content` is told in place of `facts.Measured`, by looks that say something else.
    """

    judged: Judged
    number: str
    subject: str = ""
    unit: Unit = ""
    over: Stretch | None = None
    where: tuple[Where, ...] = EVERYTHING
    missing: float | None = None
    lasting: bool = True
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """All that a look thinks, and what it wants to remember besides the spells: text of its own."""

    opinions: tuple[Opinion, ...]
    note: str = ""
