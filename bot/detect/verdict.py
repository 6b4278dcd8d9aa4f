"""What a detector answers: a state, the reason for it, and the numbers that led to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.detect.spell import Spell, State


class Side(StrEnum):
    """Which way a number left what is usual."""

    UP = "up"
    DOWN = "down"


class Why(StrEnum):
    """Why a verdict is what it is. Stored, logged and shown."""

    USUAL = "usual"  # nothing that chance would not explain
    SPECIAL_DAY = "special_day"  # it would be trouble, were it a day like others
    UNUSUALLY_HIGH = "unusually_high"
    UNUSUALLY_LOW = "unusually_low"
    OVER_THE_LIMIT = "over_the_limit"
    UNDER_THE_LIMIT = "under_the_limit"
    INSIDE_THE_LIMIT = "inside_the_limit"
    ROSE = "rose"
    FELL = "fell"
    SILENT = "silent"
    HEARD = "heard"
    MIX_SHIFTED = "mix_shifted"
    NOT_YET_LONG_ENOUGH = "not_yet_long_enough"  # it holds, but not for as long as the rule asks
    STILL_THERE = "still_there"  # in trouble, and neither bad nor back
    COMING_BACK = "coming_back"  # in trouble, and back for less than it takes
    HISTORY_TOO_SHORT = "history_too_short"
    TOO_FEW = "too_few"  # too small a number for any statement
    SITE_TOO_SMALL = "site_too_small"  # the rule's window can never see what it is meant to see
    NOT_COMPLETE = "not_complete"  # no completed period, or too much of it is unknown
    UNREADABLE = "unreadable"  # the source did not answer, or with something that is no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The numbers behind a verdict. What a detector has nothing to say about is None.

    `value` of `expected` were counted within `window`; all but one in fifty usual counts fall between
    `plausible_low` and `plausible_high`; chance alone does it with probability `chance`, which at the
    rhythm of these looks happens once in `once_in`. For a share, `value` is the share and `trials` what
    it is a share of. `subject` is the step, page or channel that is meant.
    """

    value: float
    expected: float | None = None
    window: timedelta | None = None
    limit: float | None = None
    plausible_low: float | None = None
    plausible_high: float | None = None
    chance: float | None = None
    once_in: timedelta | None = None
    trials: int | None = None
    subject: str | None = None

    @property
    def ratio(self) -> float | None:
        """Return the value as a multiple of what was expected, None when nothing was."""
        return self.value / self.expected if self.expected else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a detector thinks of the numbers that were complete at `as_of_at`."""

    state: State
    why: Why
    as_of_at: datetime
    side: Side | None = None
    evidence: Evidence | None = None

    @property
    def holds(self) -> bool:
        """Whether there is trouble, also while it is coming back."""
        return self.state in (State.TROUBLE, State.RECOVERING)


class Weighed(NamedTuple):
    """A window that was looked at: what came, what was usual, by chance how seldom, and what would be news.

    `chance` and `alpha` are None for a window that does not matter: too near to the usual, or too few.
    """

    hours: int
    got: int
    expected: float
    chance: float | None = None
    alpha: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict, and what to remember until the next look. `weighed` shows the windows behind it, if any."""

    verdict: Verdict
    spell: Spell
    weighed: tuple[Weighed, ...] = ()


def unread(why: Why, as_of_at: datetime, spell: Spell) -> Judged:
    """Answer for numbers that are missing: the trouble neither begins nor ends while nothing is known."""
    state = _STATES_WITHOUT_NUMBERS[why]
    return Judged(verdict=Verdict(state=state, why=why, as_of_at=as_of_at), spell=spell)


def judged(
    spell: Spell,
    at: datetime,
    *,
    bad: Why,
    fine: Why,
    side: Side | None = None,
    evidence: Evidence | None = None,
) -> Judged:
    """Put the spell after a look into a verdict: `bad` is why it is trouble, `fine` why it is none."""
    why = {
        State.OK: fine,
        State.PENDING: Why.NOT_YET_LONG_ENOUGH,
        State.TROUBLE: bad if spell.bad_at == at else Why.STILL_THERE,
        State.RECOVERING: Why.COMING_BACK,
    }[spell.state]
    verdict = Verdict(
        state=spell.state,
        why=why,
        as_of_at=at,
        side=None if spell.state is State.OK else side,
        evidence=evidence,
    )
    return Judged(verdict=verdict, spell=spell)


_STATES_WITHOUT_NUMBERS = {
    Why.UNREADABLE: State.ERROR,
    Why.NOT_COMPLETE: State.NO_DATA,
    Why.HISTORY_TOO_SHORT: State.LEARNING,
    Why.TOO_FEW: State.TOO_SMALL,
    Why.SITE_TOO_SMALL: State.TOO_SMALL,
}
