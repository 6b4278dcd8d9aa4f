"""How surprising a count is when the site itself swings: tails of the Poisson law with a log-normal mean.

Traffic swings by factors: a day at double the usual is about as likely as one at half of it. A negative
binomial count, whose mean swings by a gamma factor of the same variance, makes high sums of visitors too
surprising (at a spread of 0.03, a rate at 1.75 of the usual by ten) and low ones not surprising enough
(one at half of the usual by four). Where chance dominates, all three laws agree.

A count K reaches x just when a gamma variate of shape x stays below the mean, so with the factor's
logarithm N: P(K >= x) = P(ln G_x - N <= ln mean). The sum on the left has the cumulants
ln Gamma(x + t) - ln Gamma(x) + sigma**2 t**2 / 2, and its tail is the saddlepoint one (Lugannani & Rice
1980, Adv Appl Probab 12:475, in the r* form of Barndorff-Nielsen 1986). The cost is that of some ten
logarithms for any count. The relative error is below 3 %, from 20 on below 0.6 %, for tails down to 1e-12.
"""

import math

from bot.detect.integrals import normal_above
from bot.detect.tails import Tails, tails

_CENTRE = 1e-3  # closer to the median the correction is taken at its limit
_NEAR_ENOUGH = 1e-11  # digits that are left where digamma and the other terms are about 100


def swinging(count: int, mean: float, spread: float) -> Tails:
    """Return both mid-p tails of a count of this mean and variance `mean + spread * mean**2`."""
    if mean <= 0 or spread <= 0:
        return tails(count, mean)
    below, at_least = _sides(count, mean, spread)
    at_most, above = _sides(count + 1, mean, spread)
    return Tails((below + at_most) / 2, (at_least + above) / 2)


def _sides(count: int, mean: float, spread: float) -> tuple[float, float]:
    """Return P(K < count) and P(K >= count)."""
    if count <= 0:
        return 0.0, 1.0
    root = _root(float(count), mean, math.log1p(spread))
    return normal_above(root), normal_above(-root)


def _root(x: float, mean: float, variance: float) -> float:
    """Return r*: P(ln G_x - N <= c) is its normal distribution function."""
    c = math.log(mean) - variance / 2
    t = _saddle(x, c, variance)
    _, curvature = _polygamma(x + t)
    cumulant = math.lgamma(x + t) - math.lgamma(x) + variance * t * t / 2
    r = math.copysign(math.sqrt(max(0.0, 2 * (t * c - cumulant))), t)
    if abs(r) < _CENTRE:
        return r - (1 + 1 / x) / (x * x) / math.pow(1 / x + 1 / (2 * x * x) + variance, 1.5) / 6
    return r + math.log(t * math.sqrt(curvature + variance) / r) / r


def _saddle(x: float, c: float, variance: float) -> float:
    """Return t with digamma(x + t) + variance t = c.

    Newton on a rising, concave function: after the first step it comes from the left and never overshoots.
    """
    t = 0.0
    while True:
        value, slope = _polygamma(x + t)
        off = value + variance * t - c
        if abs(off) < _NEAR_ENOUGH:
            return t
        t = max(t - off / (slope + variance), (t - x) / 2)  # digamma ends where x + t is zero


def _polygamma(x: float) -> tuple[float, float]:
    """Return digamma and trigamma, by recurrence to 6 and then their asymptotic series."""
    first = second = 0.0
    while x < 6:
        first -= 1 / x
        second += 1 / (x * x)
        x += 1
    i = 1 / (x * x)
    first += math.log(x) - 0.5 / x - i * (1 / 12 - i * (1 / 120 - i * (1 / 252 - i / 240)))
    second += 1 / x + i / 2 + i / x * (1 / 6 - i * (1 / 30 - i * (1 / 42 - i / 30)))
    return first, second
