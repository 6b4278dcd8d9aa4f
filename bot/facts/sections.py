"""The sections of a digest. Each says whether it is loud: what is not folds into one line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from bot.facts.figures import Figure
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
    def usual(self) -> tuple[Figure, ...]:
        """What folds into one line."""
        return tuple(one for one in self.figures if not one.loud)


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
    """Something left its usual: a day, a value that is new or gone, a mix that shifted.

    `drivers` are what made the difference, in words, the largest first; `doubt` is what speaks against it.
    """

    figure: Figure
    what: str
    day: date | None = None
    drivers: tuple[str, ...] = ()
    doubt: str | None = None


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
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """A goal: who reached it, and how far its targets are. `progress` 1 is there, and more is beyond.

    `pace` judges the target by the days that have gone of those it is counted over; `ahead` is where it
    would end at this pace, in the unit of the target.
    """

    figure: Figure
    pace: Pace = Pace.NO_TARGET
    progress: float | None = None
    target: Decimal | None = None
    present: Decimal | None = None
    ahead: Decimal | None = None
    ends: date | None = None

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
