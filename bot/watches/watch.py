"""A watch: one number of one site, and what is trouble about it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bot.detect.chance import Budget
from bot.detect.verdict import Side
from bot.facts import Do, Severity

LEAST = 20
WATCH = "watch/"
"""How the keys of what watches find begin."""

QUARTERLY = Budget.read("1 per quarter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """`unusual = { budget = "1 per quarter" }`: chance explains the number less often than the budget allows.

    `side` None: either way. `ratio` and `least` are how much it has to differ at all; None: the look's own.
    """

    budget: Budget = QUARTERLY
    side: Side | None = None
    ratio: float | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """`above = 500` or `below = 20`: over when it is back at `recovery`, or at the limit itself."""

    side: Side
    limit: float
    recovery: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`change = "50%"`: so much more or less than in the period before; `side` None: either way.

    Of two numbers below `least` nothing can be said.
    """

    share: float
    side: Side | None = None
    least: int = LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """`silent_for = "9h"`: nothing came for so long; None: for as long as is news on this site."""

    within: timedelta | None = None
    budget: Budget = QUARTERLY


Condition = Unusual | Beyond | Changed | Silent


@dataclass(frozen=True, kw_only=True)  # no slots: its meaning is found once
class Watch:
    """One number of one site. A [[watch]] without `site` is one watch for each.

    `condition` None: the look itself knows what is trouble. `hold` is `for`, how long it must last. The keys
    below `do` say which number is meant; a look takes those that it names in `keys`. `do` is asked for when
    an alert opens.
    """

    name: str
    site: str
    look: str
    condition: Condition | None
    every: timedelta
    notify: tuple[str, ...]
    hold: timedelta = timedelta(0)
    severity: Severity = Severity.NOTICE
    remind: tuple[timedelta, ...] | None = None  # None: as everywhere else
    do: Do | None = None
    event: str | None = None
    meta: str | None = None  # the key of an event's meta: what is added up
    goal: str | None = None
    funnel: str | None = None
    dimension: str | None = None
    period: str | None = None  # "day", "week" or "month"
    within: timedelta | None = None

    @property
    def place(self) -> tuple[str, str]:
        """What it is remembered under."""
        return self.name, self.site

    @cached_property
    def meaning(self) -> str:
        """What is remembered holds for: with another meaning it is another watch under the same name."""
        what = (self.look, self.condition, self.hold, self.event, self.meta, self.goal, self.funnel)
        said = repr((*what, self.dimension, self.period, self.within))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def key(self) -> str:
        """How the keys of its findings begin."""
        return f"{WATCH}{self.site}/{self.name}"
