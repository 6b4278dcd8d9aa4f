"""More or fewer visitors than usual, with a written budget of false alarms.

Each look sums the last 1 to 48 hours and asks of every window how seldom chance brings such a sum to this
site at these hours of the week. Short windows see an outage soon, long ones see a slow loss. How improbable
a sum has to be depends on what its window is for, see `_DOUBTS`.

A surprise is told only if it matters: by a ratio, and by a number of visitors. While there is trouble, the
last hours alone decide whether it is over: they have to fit what is usual and no longer the trouble. Hours
of a trouble that is over are not counted again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.detect.chance import Budget, once_in
from bot.detect.expected import LENGTHS, WEEKS, Baseline
from bot.detect.hours import HOUR, Hours
from bot.detect.spell import Pace, Sign, Spell, step
from bot.detect.swings import swinging
from bot.detect.tails import mean_where_zero_is_news, plausible
from bot.detect.verdict import Evidence, Judged, Side, Weighed, Why, judged, unread

LOOKS_PER_DAY = 24
UNHURRIED = Pace(calm=2 * HOUR, quiet=6 * HOUR)
_KNOWN_SHARE = 0.5  # of a window's hours: less and it says nothing
_LEAST_MEAN = 0.01  # keeps ratios finite where nobody ever came
_STAYS = 30.0  # times alpha: trouble stays until it is clearly gone, or it would open and close all day
_BACK_HOURS = (3, 6)
_BACK_RANGE = (0.8, 1.25)
_FITS, _FITS_NOT = 0.05, 0.01


class _Doubt(NamedTuple):
    """How improbable a sum has to be: `first` in one hour, and hours ** `grows` times that in a window."""

    first: float
    grows: float

    def at(self, hours: int) -> float:
        return float(self.first * hours**self.grows)


# A rush is high and short: it shows at once or not at all, and what a long window adds are real days that
# nobody announced. A loss is bounded by nobody at all, and half the visitors need a day or two to be missed;
# of the long windows few are independent, so they may doubt more.
#
# Measured (benchmarks/detection.py): with these there is about one false alarm in a quarter of a year on the
# sites that make most of them. They grow as a power of alpha, because the model is a model: from 0.6 to 1, by
# the size of the site and the budget. Away from the measured point each side takes the power that tells less.
_DOUBTS = {Side.UP: _Doubt(1e-4, -0.3), Side.DOWN: _Doubt(2.5e-6, 1.25)}
_ALARMS_AT = 1 / 3
_POWER_BELOW, _POWER_ABOVE = 0.7, 0.8
_LEARNT = 1.5  # measured too: half the history takes a third of the alpha for the same false alarms
_TIMES = (1e-3, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """Trouble when a window is this improbable and at least `ratio` times more (or less) than usual.

    `side` None: either way. Raises ValueError for a ratio that is none.
    """

    budget: Budget
    side: Side | None = None
    ratio: float = 1.5
    least_difference: int = 8
    pace: Pace = UNHURRIED

    def __post_init__(self) -> None:
        if self.ratio <= 1:
            raise ValueError("a ratio above one is needed")

    def alpha(self, side: Side, hours: int, days: int = WEEKS * 7) -> float:
        """Return how improbable a window of so many hours must be; less is believed that less taught."""
        wanted = self.budget.per_month / _ALARMS_AT
        times = wanted ** (1 / (_POWER_BELOW if wanted < 1 else _POWER_ABOVE))
        times = min(max(times, _TIMES[0]), _TIMES[1])
        learnt = min(1.0, days / (WEEKS * 7)) ** _LEARNT
        return float(times * learnt * _DOUBTS[side].at(hours))


class Window(NamedTuple):
    """The last so many hours: what came, what is usual, and how far sums like it scatter."""

    hours: int
    got: int
    mean: float
    spread: float

    @property
    def side(self) -> Side:
        """Return on which side of the usual the count is."""
        return Side.UP if self.got >= self.mean else Side.DOWN


class Surprise(NamedTuple):
    """A window that matters, with its chance and the alpha it is held against."""

    window: Window
    chance: float
    alpha: float


def look(rule: Unusual, recent: Hours, baseline: Baseline | None, spell: Spell) -> Judged:
    """Judge the hours up to the last one; the last 48 are read, fewer are enough."""
    at = recent.end_at
    if baseline is None:
        return unread(Why.HISTORY_TOO_SHORT, at, spell)
    if not recent.counts or recent.counts[-1] is None:
        return unread(Why.NOT_COMPLETE, at, spell)
    seen = list(windows(recent, baseline, spell.ended_at))
    if not seen:
        return unread(Why.NOT_COMPLETE, at, spell)
    if rule.side is Side.DOWN and not sees_outages(rule, baseline):
        return unread(Why.SITE_TOO_SMALL, at, spell)
    side = _side(spell) or rule.side
    surprises = [_surprise(rule, window, baseline.days) for window in seen if _matters(rule, window, side)]
    worst = min(surprises, key=lambda each: each.chance / each.alpha, default=None)
    bad = worst is not None and worst.chance < worst.alpha * (_STAYS if spell.open else 1.0)
    spell = _stepped(rule, spell, seen, worst if bad else None, at)
    return replace(_answer(spell, worst, seen, at), weighed=_weighed(seen, surprises))


def windows(recent: Hours, baseline: Baseline, since_at: datetime | None = None) -> Iterator[Window]:
    """Return the windows that end with the last hour, shortest first.

    Unknown hours and those before `since_at` are left out of both sides; a window of which less than half
    is left is none.
    """
    recent = recent.last(LENGTHS[-1])
    dropped = 0 if since_at is None else max(0, -((recent.first_at - since_at) // HOUR))
    means = baseline.expectations(recent)
    count, mean, known, place = 0, 0.0, 0, len(means)
    for hours, spread in zip(LENGTHS, baseline.spreads, strict=True):
        while place > max(dropped, len(means) - hours):
            place -= 1
            got = recent.counts[place]
            if got is not None:
                count, mean, known = count + got, mean + means[place], known + 1
        if known >= _KNOWN_SHARE * hours:
            yield Window(hours, count, mean, spread)


def sees_outages(rule: Unusual, baseline: Baseline) -> bool:
    """Return whether two days without anybody would be news on this site."""
    hours = LENGTHS[-1]
    mean = sum(baseline.cells) * baseline.level * hours / len(baseline.cells)
    news = mean_where_zero_is_news(rule.alpha(Side.DOWN, hours, baseline.days), baseline.spread(hours))
    return mean >= max(news, rule.least_difference)


def _matters(rule: Unusual, window: Window, side: Side | None) -> bool:
    if side not in (None, window.side) or abs(window.got - window.mean) < rule.least_difference:
        return False
    if window.side is Side.UP:
        return window.got >= rule.ratio * window.mean
    return window.got * rule.ratio <= window.mean


def _surprise(rule: Unusual, window: Window, days: int) -> Surprise:
    tails = swinging(window.got, window.mean, window.spread)
    chance = tails.high if window.side is Side.UP else tails.low
    return Surprise(window, chance, rule.alpha(window.side, window.hours, days))


def _weighed(seen: Sequence[Window], surprises: Sequence[Surprise]) -> tuple[Weighed, ...]:
    mattered = {one.window.hours: one for one in surprises}
    return tuple(
        Weighed(
            window.hours,
            window.got,
            window.mean,
            *(mattered[window.hours][1:] if window.hours in mattered else ()),
        )
        for window in seen
    )


def _side(spell: Spell) -> Side | None:
    """Return on which side the present trouble is: the other side waits until it is over."""
    if spell.strength is None:
        return None
    return Side.UP if spell.strength > 1 else Side.DOWN


def _stepped(
    rule: Unusual, spell: Spell, seen: Sequence[Window], worst: Surprise | None, at: datetime
) -> Spell:
    if (
        spell.strength is not None
        and spell.open
        and any(_back(spell.strength, window) for window in seen if window.hours in _BACK_HOURS)
    ):
        return step(spell, Sign.BACK, at, rule.pace)
    if worst is None:
        return step(spell, Sign.BETWEEN if spell.open else Sign.BACK, at, rule.pace)
    spell = step(spell, Sign.BAD, at, rule.pace)
    ratio = worst.window.got / max(worst.window.mean, _LEAST_MEAN)
    known = ratio if spell.strength is None else spell.strength
    farthest = max(known, ratio) if worst.window.side is Side.UP else min(known, ratio)
    return replace(spell, strength=farthest)


def _back(strength: float, window: Window) -> bool:
    """Return whether these hours fit the usual and no longer the trouble."""
    if window.mean <= 0:
        return window.got == 0
    low, high = _BACK_RANGE
    near = low <= window.got / window.mean <= high
    if not near and min(swinging(window.got, window.mean, window.spread)) < _FITS:
        return False
    in_trouble = swinging(window.got, window.mean * strength, window.spread)
    return (in_trouble.low if strength > 1 else in_trouble.high) < _FITS_NOT


def _answer(spell: Spell, worst: Surprise | None, seen: Sequence[Window], at: datetime) -> Judged:
    if worst is None:
        day = seen[-1]
        evidence = Evidence(value=day.got, expected=day.mean, window=timedelta(hours=day.hours))
        return judged(spell, at, bad=Why.STILL_THERE, fine=Why.USUAL, side=_side(spell), evidence=evidence)
    window = worst.window
    low, high = plausible(window.mean, window.spread) if spell.open else (None, None)
    evidence = Evidence(
        value=window.got,
        expected=window.mean,
        window=timedelta(hours=window.hours),
        plausible_low=low,
        plausible_high=high,
        chance=worst.chance,
        once_in=once_in(worst.chance, LOOKS_PER_DAY),
    )
    bad = Why.UNUSUALLY_HIGH if window.side is Side.UP else Why.UNUSUALLY_LOW
    return judged(spell, at, bad=bad, fine=Why.USUAL, side=window.side, evidence=evidence)
