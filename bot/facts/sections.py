"""The sections of a digest. Each says whether it is loud: what is not folds into one line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from bot.facts.causes import Explanation
from bot.facts.figures import Figure, Form, Says
from bot.facts.pictures import Funnel, Picture

Of = Literal["summary", "pages", "referrers", "channels", "countries", "campaigns", "events", "revenue"]
"""What numbers can be told of. A summary is of the whole site; its first figure is the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Figures of one sort: the whole site's, or the traffic by one of its dimensions.

    `figures` are those that are told, first the loud ones; `more` is how many values there are besides.
    """

    of: Of
    figures: tuple[Figure, ...]
    unit: str = ""
    more: int = 0
    picture: Picture | None = None
    kind: Literal["numbers"] = "numbers"

    @property
    def loud(self) -> bool:
        """Whether one of them is."""
        return any(one.loud for one in self.figures)

    @property
    def told(self) -> tuple[Figure, ...]:
        """What is said aloud."""
        return tuple(one for one in self.figures if one.loud)

    @property
    def edge(self) -> tuple[Figure, ...]:
        """What may be chance: a word, not a line."""
        return tuple(one for one in self.figures if one.says is Says.EDGE)

    @property
    def usual(self) -> tuple[Figure, ...]:
        """What folds into one line."""
        return tuple(one for one in self.figures if one.says in (Says.USUAL, Says.UNKNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The period as a picture. It decorates what others say, and is never loud by itself."""

    picture: Picture
    kind: Literal["chart"] = "chart"

    @property
    def loud(self) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something left its usual: the whole period, one day of it, or how the traffic is mixed.

    `figure` is what was counted; for a mix, the value of it that moved most. `dimension` is what is mixed.
    """

    what: Literal["period", "day", "mix"]
    figure: Figure
    day: date | None = None
    dimension: str | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """What left its usual, the most surprising first; `more` is how many are not told."""

    oddities: tuple[Oddity, ...]
    more: int = 0
    kind: Literal["unusual"] = "unusual"

    @property
    def loud(self) -> bool:
        """Whether there is anything."""
        return bool(self.oddities)


class Pace(StrEnum):
    """Where a goal is on its way to what was wished for."""

    NO_TARGET = "no target"
    REACHED = "reached"
    ON_PACE = "on pace"
    OPEN = "open"  # it may be met or missed
    BEHIND = "behind"  # it will be missed, unless something changes


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """A goal: who reached it, and how far its target is.

    The target is counted over a calendar month, week or year up to `ends`: `present` of `target` so far, and
    `ahead` at its end if it goes on like this; `ended` when its time is over.
    """

    figure: Figure
    pace: Pace = Pace.NO_TARGET
    target: Decimal | None = None
    present: Decimal | None = None
    ahead: Decimal | None = None
    form: Form = Form.COUNT
    ends: date | None = None
    ended: bool = False

    @property
    def loud(self) -> bool:
        """Whether people must see it without looking for it."""
        return self.figure.loud or self.pace in (Pace.REACHED, Pace.BEHIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalList:
    """The goals of a site; `more` is how many are not told."""

    goals: tuple[GoalLine, ...]
    more: int = 0
    kind: Literal["goals"] = "goals"

    @property
    def loud(self) -> bool:
        """Whether one of them is."""
        return any(one.loud for one in self.goals)

    @property
    def told(self) -> tuple[GoalLine, ...]:
        """What is said aloud."""
        return tuple(one for one in self.goals if one.loud)

    @property
    def usual(self) -> tuple[GoalLine, ...]:
        """What folds into one line."""
        return tuple(one for one in self.goals if not one.loud)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """A funnel: the share of those who began it that came to its end, and the step that changed most."""

    figure: Figure
    picture: Funnel
    step: Figure | None = None

    @property
    def loud(self) -> bool:
        """Whether its end or one of its steps is."""
        return self.figure.loud or (self.step is not None and self.step.loud)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelList:
    """The funnels of a site; `more` is how many are not told."""

    funnels: tuple[FunnelLine, ...]
    more: int = 0
    kind: Literal["funnels"] = "funnels"

    @property
    def loud(self) -> bool:
        """Whether one of them is."""
        return any(one.loud for one in self.funnels)

    @property
    def told(self) -> tuple[FunnelLine, ...]:
        """What is said aloud."""
        return tuple(one for one in self.funnels if one.loud)

    @property
    def usual(self) -> tuple[FunnelLine, ...]:
        """What folds into one line."""
        return tuple(one for one in self.funnels if not one.loud)


Section = Numbers | Chart | Unusual | GoalList | FunnelList
