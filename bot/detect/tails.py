"""How surprising a count is: tails of the Poisson and the negative binomial law.

A count has mean `mean` and variance `mean + spread * mean**2`; `spread` is 0 for Poisson. Tails are mid-p:
half of the count itself belongs to each side, so that the two sides add up to one and a test is neither
too shy nor too bold on small counts (Lancaster 1961, JASA 56:223).

Small variances are summed term by term, each from the one before; large ones are an incomplete gamma or
beta integral; a Poisson mean above 100,000 takes the corrected root of the deviance (Barndorff-Nielsen
1986, Biometrika 73:307). The relative error is below 1e-10, 1e-8 and 1e-4 of the tail for tails down to
1e-250; below that a tail is 0.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

from bot.detect.integrals import beta_sides, gamma_sides, normal_above

_SUMMED_UP_TO = 2_500.0  # variance: at most some 500 terms
_NEGLIGIBLE = 1e-14
_INTEGRATED_UP_TO = 1e5  # Poisson mean


class Tails(NamedTuple):
    """The mid-p chance of a count this low or lower, and of one this high or higher."""

    low: float
    high: float


def tails(count: int, mean: float, spread: float = 0.0) -> Tails:
    """Return both mid-p tails of a count. A mean of 0 knows only the count 0."""
    if mean <= 0:
        return Tails(0.5, 0.5) if count <= 0 else Tails(1.0, 0.0)
    here = pmf(count, mean, spread)
    if mean + spread * mean * mean <= _SUMMED_UP_TO:
        below, above = _summed(count, mean, spread, here)
    else:
        below, above = _integrated(count, mean, spread, here)
    return Tails(below + here / 2, above + here / 2)


def pmf(count: int, mean: float, spread: float = 0.0) -> float:
    """Return the chance of exactly this count."""
    if count < 0:
        return 0.0
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    if spread <= 0:
        return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    size = 1 / spread
    log_chance = math.lgamma(size + count) - math.lgamma(size) - math.lgamma(count + 1)
    return math.exp(log_chance - size * math.log1p(spread * mean) - count * math.log1p(1 / (spread * mean)))


def quantile(chance: float, mean: float, spread: float = 0.0) -> int:
    """Return the smallest count that is not exceeded with at least this chance (0 < chance < 1)."""
    if mean <= 0:
        return 0
    guess = _near_quantile(chance, mean, spread)
    step = max(1, math.isqrt(int(guess)) // 8)
    low = high = guess
    while low >= 0 and _at_most(low, mean, spread) >= chance:
        low, high, step = low - step, low, 2 * step
    while _at_most(high, mean, spread) < chance:
        low, high, step = high, high + step, 2 * step
    low = max(low, -1)
    while high - low > 1:
        middle = (low + high) // 2
        if _at_most(middle, mean, spread) >= chance:
            high = middle
        else:
            low = middle
    return high


def plausible(mean: float, spread: float = 0.0, outside: float = 0.02) -> tuple[int, int]:
    """Return the range that all but this share of counts fall into, half of the rest on each side."""
    return quantile(outside / 2, mean, spread), quantile(1 - outside / 2, mean, spread)


def mean_where_zero_is_news(alpha: float, spread: float = 0.0) -> float:
    """Return the smallest mean at which no count at all has a mid-p below `alpha`.

    P(0) = (1 + spread * mean) ** (-1 / spread), and half of it is the mid-p.
    """
    ratio = max(0.5 / alpha, 1.0)
    return math.log(ratio) if spread <= 0 else math.expm1(spread * math.log(ratio)) / spread


def _summed(count: int, mean: float, spread: float, here: float) -> tuple[float, float]:
    """Return the chances below and above the count: the smaller one summed, the other its complement."""
    if here <= 0:
        return (0.0, 1.0) if count < mean else (1.0, 0.0)
    if count < mean:
        below = _downwards(count, mean, spread, here)
        return below, max(0.0, 1 - below - here)
    above = _upwards(count, mean, spread, here)
    return max(0.0, 1 - above - here), above


def _downwards(count: int, mean: float, spread: float, here: float) -> float:
    # P(k-1) = P(k) * k * (1 + spread * mean) / (mean * (1 + spread * (k - 1)))
    ahead = (1 + spread * mean) / mean
    total, term = 0.0, here
    for k in range(count, 0, -1):
        term *= k * ahead / (1 + spread * (k - 1))
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return total


def _upwards(count: int, mean: float, spread: float, here: float) -> float:
    # P(k+1) = P(k) * mean * (1 + spread * k) / ((k + 1) * (1 + spread * mean))
    ahead = mean / (1 + spread * mean)
    total, term, k = 0.0, here, count
    while term > total * _NEGLIGIBLE:
        term *= ahead * (1 + spread * k) / (k + 1)
        total += term
        k += 1
    return total


def _integrated(count: int, mean: float, spread: float, here: float) -> tuple[float, float]:
    if count < 0:
        return 0.0, 1.0
    if spread > 0:
        at_most, above = beta_sides(1 / spread, count + 1, 1 / (1 + spread * mean))
    elif mean <= _INTEGRATED_UP_TO:
        above, at_most = gamma_sides(count + 1, mean)
    else:
        return _by_deviance(count, mean, here)
    return max(0.0, at_most - here), above


def _by_deviance(count: int, mean: float, here: float) -> tuple[float, float]:
    root = _deviance_root(count + 0.5, mean)
    above = normal_above(root)
    return max(0.0, normal_above(-root) - here), above


def _deviance_root(x: float, mean: float) -> float:
    """Return a nearly standard normal value for a Poisson count with half a step added.

    r* = r + ln(u / r) / r with the root r of the deviance; its second part is 1 / (6 sqrt(x)) at means
    this large. The deviance 2 mean ((1 + t) ln(1 + t) - t) loses its digits where t is small: there its
    series in t is summed.
    """
    t = (x - mean) / mean
    if abs(t) < 0.01:
        half = sum((-t) ** power / (power * (power - 1)) for power in range(2, 9))
    else:
        half = (1 + t) * math.log1p(t) - t
    return math.copysign(math.sqrt(2 * mean * half), t) + 1 / (6 * math.sqrt(x))


def _at_most(count: int, mean: float, spread: float) -> float:
    return tails(count, mean, spread).low + pmf(count, mean, spread) / 2 if count >= 0 else 0.0


def _near_quantile(chance: float, mean: float, spread: float) -> int:
    """Return Wilson and Hilferty's quantile of a gamma variable of the same mean and variance."""
    share = 1 / mean + spread
    root = 1 - share / 9 + NormalDist().inv_cdf(chance) * math.sqrt(share) / 3
    return int(mean * max(root, 0.0) ** 3)
