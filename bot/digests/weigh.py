"""What a number says beside the comparable one: chance, and the swings that this site is known to have. Pure.

Counts: given their sum, the first of two counts is binomial (Przyborowski & Wilenski 1940), widened by the
spread of earlier comparable periods. Shares: the pooled normal deviate, or Fisher on few, widened likewise.
Money: a compound Poisson sum, whose variance is the sum of the squared values.

A chance is no verdict yet: all numbers of a digest are one family (`settle`), or fifty sites would be fifty
lotteries.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from statistics import NormalDist

from bot.detect import rates
from bot.detect.breakdown import Breakdown, Value, chance_of
from bot.detect.integrals import normal_above
from bot.detect.rates import Part
from bot.detect.tails import plausible
from bot.facts import Figure, Form, Says

EDGE = 0.05
"""Rarer than one time in twenty, by itself: worth a word, not worth a line."""

_LEAST_COUNT = 20
_LEAST_DIFFERENCE = 8
_WHOLE_RATIO = 1.1  # of a whole site's numbers
_PART_RATIO = 1.5  # of one page or referrer
_LEAST_POINTS = 0.02
_LEAST_TRIALS = 30
_PRIOR_SPREAD = 0.01  # of weeks and longer
_DAY_ADDS = 0.02  # of a day alone; of several together, as much less
_PRIOR_WEIGHS = 3.0  # pairs of periods
_WILDEST = 25.0  # times the median, to which the squared difference of two periods is clipped
_UNSURE = 1.3  # a spread known from seven pairs is itself uncertain
_SPREADS = (0.002, 1.0)
_PRIOR_SWING = 0.05  # of a share


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A count now and before. `exposure` is the length of now as a multiple of the other's."""

    now: int
    before: int
    exposure: float = 1.0
    spread: float = _PRIOR_SPREAD

    @property
    def expected(self) -> float:
        """What now would be at the rate of before."""
        return self.before * self.exposure


def spread_of(totals: Sequence[int], days: int = 7) -> float:
    """Return by how much earlier periods of so many days differ beyond chance, squared, as a share.

    From differences of neighbours, so that a trend is no spread; a wild one is clipped, and with few periods
    it is mostly what sites usually have.
    """
    prior = _PRIOR_SPREAD + _DAY_ADDS / days
    pairs = [(a, b) for a, b in pairwise(totals) if a + b > 0]
    if not pairs:
        return prior * _UNSURE
    squares = [((a - b) / (a + b) * 2) ** 2 for a, b in pairs]
    clip = _WILDEST * sorted(squares)[len(squares) // 2]
    by_chance = (4 / (a + b) for a, b in pairs)
    excess = sum(min(one, clip) - chance for one, chance in zip(squares, by_chance, strict=True))
    mean = (excess / 2 + _PRIOR_WEIGHS * prior) / (len(pairs) + _PRIOR_WEIGHS)
    return min(max(mean * _UNSURE, _SPREADS[0]), _SPREADS[1])


def count(name: str, counted: Counted, good: bool | None = None) -> Figure:
    """Weigh a count of the whole site."""
    figure = _figure(name, Decimal(counted.now), Decimal(counted.before), Form.COUNT, good, counted.exposure)
    if max(counted.now, counted.before) < _LEAST_COUNT or counted.before == 0:
        return figure  # too few; or a site that was not counted yet
    sides = rates.two_periods(counted.now, counted.before, counted.exposure, counted.spread)
    low, high = plausible(counted.expected, 2 * counted.spread + 1 / max(1, counted.before), outside=0.05)
    return _weighed(figure, 2 * min(sides), low, high, _matters(counted, _WHOLE_RATIO))


def value(name: str, counted: Counted, good: bool | None = None) -> Figure:
    """Weigh one value of a dimension: a page, a referrer. What was never there has its own law."""
    figure = _figure(name, Decimal(counted.now), Decimal(counted.before), Form.COUNT, good, counted.exposure)
    if max(counted.now, counted.before) < _LEAST_DIFFERENCE:
        return figure
    rule = Breakdown(periods=1 / counted.exposure, spread=2 * counted.spread + 0.05)
    chance = 2 * chance_of(rule, Value(name=name, now=counted.now, before=counted.before))
    low, high = plausible(counted.expected, rule.spread + 1 / max(1, counted.before), outside=0.05)
    return _weighed(figure, chance, low, high, _matters(counted, _PART_RATIO))


def share(name: str, now: Part, before: Part, good: bool | None = None, swing: float | None = None) -> Figure:
    """Weigh a share. `swing` is by how much it differs from period to period beyond chance, in points."""
    mine, other = Decimal(str(round(now.share, 6))), Decimal(str(round(before.share, 6)))
    figure = _figure(name, mine, other if before.trials else None, Form.SHARE, good)
    if min(now.trials, before.trials) < _LEAST_TRIALS:
        return figure
    pooled = (now.hits + before.hits) / (now.trials + before.trials)
    swing = _PRIOR_SWING * pooled if swing is None else swing
    error = math.hypot(
        math.sqrt(pooled * (1 - pooled) * (1 / now.trials + 1 / before.trials)), math.sqrt(2) * swing
    )
    half = 1.96 * error
    low, high = max(0.0, before.share - half), min(1.0, before.share + half)
    difference = abs(now.share - before.share)
    matters = difference >= _LEAST_POINTS and difference >= (_WHOLE_RATIO - 1) * before.share
    return _weighed(figure, _chance_of_shares(now, before, error), low, high, matters)


def swing_of(parts: Sequence[Part]) -> float | None:
    """Return by how much a share differed between earlier periods beyond chance, in points; None: unknown."""
    large = [one for one in parts if one.trials >= _LEAST_TRIALS]
    pairs = list(pairwise(large))
    if len(pairs) < 2:
        return None
    excess = 0.0
    for a, b in pairs:
        pooled = (a.hits + b.hits) / (a.trials + b.trials)
        excess += (a.share - b.share) ** 2 - pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials)
    prior = (_PRIOR_SWING * sum(one.share for one in large) / len(large)) ** 2
    return math.sqrt(max(0.0, (excess / 2 + _PRIOR_WEIGHS * prior) / (len(pairs) + _PRIOR_WEIGHS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What values add up to, how many they are, and the sum of their squares."""

    total: Decimal
    number: int
    squares: float


def amount(
    name: str,
    now: Sum,
    before: Sum,
    exposure: float = 1.0,
    spread: float = _PRIOR_SPREAD,
    unit: str = "",
) -> Figure:
    """Weigh money: so many orders by chance, each of a size by chance."""
    plain = _figure(name, now.total, before.total, Form.AMOUNT, True, exposure)
    figure = replace(plain, unit=unit)
    if min(now.number, before.number) < _LEAST_DIFFERENCE:
        return figure
    expected = float(before.total) * exposure
    middle = (float(now.total) + expected) / 2
    variance = now.squares + before.squares * exposure**2 + 2 * spread * middle**2
    if variance <= 0:
        return figure
    error = math.sqrt(variance)
    half = NormalDist().inv_cdf(0.975) * error
    chance = 2 * normal_above(abs(float(now.total) - expected) / error)
    matters = abs(float(now.total) - expected) >= (_WHOLE_RATIO - 1) * abs(expected)
    return _weighed(figure, chance, max(0.0, expected - half), expected + half, matters)


def _chance_of_shares(now: Part, before: Part, error: float) -> float:
    """Fisher where few are expected on one side and nothing widens it; the deviate otherwise."""
    hits, trials = now.hits + before.hits, now.trials + before.trials
    if min(hits, trials - hits) * min(now.trials, before.trials) < 5 * trials:
        return min(1.0, 2 * min(rates.fisher(now, before)))
    return 2 * normal_above(abs(now.share - before.share) / error) if error > 0 else 1.0


def _matters(counted: Counted, ratio: float) -> bool:
    if abs(counted.now - counted.expected) < _LEAST_DIFFERENCE:
        return False
    return counted.now >= counted.expected * ratio or counted.now <= counted.expected / ratio


def _figure(
    name: str, now: Decimal, before: Decimal | None, form: Form, good: bool | None, exposure: float = 1.0
) -> Figure:
    """A figure that says nothing yet."""
    if before is None:
        change = None
    elif form is Form.SHARE:
        change = float(now - before)
    else:
        expected = float(before) * exposure
        change = float(now) / expected - 1 if expected > 0 else None
    return Figure(name=name, now=now, before=before, form=form, change=change, good=good)


def _weighed(figure: Figure, chance: float, low: float, high: float, matters: bool) -> Figure:
    """Note the chance, and for now whether it is on the edge: `settle` has the last word."""
    chance = min(1.0, chance)
    says = Says.EDGE if matters and chance < EDGE else Says.USUAL
    return replace(figure, says=says, low=low, high=high, chance=chance)


def of_many(figure: Figure, tested: int) -> Figure:
    """Return the figure of the least chance among so many tested, with what its chance is worth then."""
    if figure.chance is None:
        return figure
    chance = min(1.0, figure.chance * tested)
    return replace(figure, chance=chance, says=figure.says if chance < EDGE else Says.USUAL)
