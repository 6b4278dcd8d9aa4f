"""Shares and rates compared: intervals and tests that hold on small numbers.

Sources: Wilson 1927 (JASA 22:209); Newcombe 1998, method 10 (Stat Med 17:873); Fisher's exact test, with
mid-p; Przyborowski & Wilenski 1940 (Biometrika 31:313) for two periods; Anscombe 1948 (Biometrika 35:246);
Benjamini & Hochberg 1995 (JRSS B 57:289); Lin 1991 (IEEE Trans. Inf. Theory 37:145) for the
Jensen-Shannon divergence.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

from bot.detect.integrals import beta_sides, chi_square_above, normal_above
from bot.detect.tails import Tails

_MERGED_BELOW = 5.0  # expected count at which the G statistic is near enough to chi-square


class Interval(NamedTuple):
    """From and to, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many of so many. Raises ValueError unless 0 <= hits <= trials."""

    hits: int
    trials: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.trials:
            raise ValueError(f"{self.hits} of {self.trials} is no share")

    @property
    def share(self) -> float:
        """Return hits by trials, 0 without trials."""
        return self.hits / self.trials if self.trials else 0.0


def wilson(part: Part, confidence: float = 0.95) -> Interval:
    """Return the score interval of a share: everything for no trials."""
    if part.trials == 0:
        return Interval(0.0, 1.0)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    n, p = part.trials, part.share
    middle = p + z2 / (2 * n)
    half = math.sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n)
    low = 0.0 if part.hits == 0 else (middle - half) / (1 + z2 / n)
    high = 1.0 if part.hits == n else (middle + half) / (1 + z2 / n)
    return Interval(low, high)


def newcombe(now: Part, before: Part, confidence: float = 0.95) -> Interval:
    """Return the interval of the difference of two shares, `now` less `before`."""
    mine, other = wilson(now, confidence), wilson(before, confidence)
    difference = now.share - before.share
    down = math.hypot(now.share - mine.low, other.high - before.share)
    up = math.hypot(mine.high - now.share, before.share - other.low)
    return Interval(max(-1.0, difference - down), min(1.0, difference + up))


def fisher(now: Part, before: Part) -> Tails:
    """Return the mid-p chances of a share of `now` this low, and this high, if both are the same.

    Exact over all tables with these margins; made for small ones (the work is that of the smallest margin).
    """
    hits, trials = now.hits + before.hits, now.trials + before.trials
    lowest, highest = max(0, hits - before.trials), min(hits, now.trials)
    logs = [
        _log_choose(hits, mine) + _log_choose(trials - hits, now.trials - mine)
        for mine in range(lowest, highest + 1)
    ]
    top = max(logs)
    weights = [math.exp(each - top) for each in logs]
    place = now.hits - lowest
    low = math.fsum(weights[:place]) + weights[place] / 2
    high = math.fsum(weights[place + 1 :]) + weights[place] / 2
    return Tails(low / (low + high), high / (low + high))


def score(now: Part, before: Part) -> float:
    """Return the two-sided chance of a difference this large, by the pooled normal deviate."""
    trials = now.trials + before.trials
    pooled = (now.hits + before.hits) / trials if trials else 0.0
    if not 0 < pooled < 1 or now.trials == 0 or before.trials == 0:
        return 1.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / now.trials + 1 / before.trials))
    return 2 * normal_above(abs(now.share - before.share) / error)


def two_periods(now: int, before: int, exposure: float = 1.0, spread: float = 0.0) -> Tails:
    """Return the mid-p chances of so few, and so many, `now` if both periods have the same rate.

    `exposure` is the length of now's period as a multiple of the other's. Given their sum, the first count
    is binomial. A `spread` of each count beyond Poisson widens the test: its deviate is divided by
    sqrt(1 + spread * M) with the smaller of the two means, and the tail is then the normal one.
    """
    total = now + before
    share = exposure / (1 + exposure)
    if total == 0:
        return Tails(0.5, 0.5)
    exact = binomial(now, total, share)
    if spread <= 0:
        return exact
    widened = math.sqrt(1 + spread * total * share * (1 - share) * 2)
    smaller = min(exact)
    if smaller <= 0:
        smaller = 5e-324
    tail = normal_above(-NormalDist().inv_cdf(max(smaller, 1e-300)) / widened)
    return Tails(tail, 1 - tail) if exact.low < exact.high else Tails(1 - tail, tail)


def binomial(hits: int, trials: int, share: float) -> Tails:
    """Return the mid-p tails of a binomial count."""
    if share <= 0 or share >= 1:
        certain = 0 if share <= 0 else trials
        return Tails(0.5, 0.5) if hits == certain else Tails(float(hits > certain), float(hits < certain))
    here = math.exp(_log_choose(trials, hits) + hits * math.log(share) + (trials - hits) * math.log1p(-share))
    above = beta_sides(hits + 1, trials - hits, share)[0] if hits < trials else 0.0
    below = beta_sides(trials - hits + 1, hits, 1 - share)[0] if hits > 0 else 0.0
    return Tails(below + here / 2, above + here / 2)


def anscombe(count: int, mean: float) -> float:
    """Return a quick z of a Poisson count: 2 (sqrt(x + 3/8) - sqrt(m + 3/8)). Fine for means from 4."""
    return 2 * (math.sqrt(count + 0.375) - math.sqrt(mean + 0.375))


def discoveries(chances: Sequence[float], share: float = 0.05) -> list[bool]:
    """Return which of many tests hold if at most this share of those that hold may be chance.

    Benjamini and Hochberg: the largest k such that the k-th smallest chance is at most k / n * share.
    """
    ranked = sorted(range(len(chances)), key=chances.__getitem__)
    found = 0
    for rank, place in enumerate(ranked, start=1):
        if chances[place] <= rank / len(chances) * share:
            found = rank
    held = set(ranked[:found])
    return [place in held for place in range(len(chances))]


def divergence(now: Sequence[int], before: Sequence[int]) -> float:
    """Return the Jensen-Shannon divergence of two mixes in bits: 0 the same, 1 nothing in common."""
    mine, other = sum(now), sum(before)
    if mine == 0 or other == 0:
        return 0.0
    total = 0.0
    for p, q in ((a / mine, b / other) for a, b in zip(now, before, strict=True)):
        total += sum(x * math.log2(2 * x / (p + q)) for x in (p, q) if x > 0)
    return min(1.0, max(0.0, total / 2))


def mix_changed(now: Sequence[int], before: Sequence[int]) -> float:
    """Return the chance that two samples of one mix differ this much (G-test).

    Values of which fewer than five are expected on either side are taken together.
    """
    mine, other = sum(now), sum(before)
    rows = list(_merged(now, before, mine, other))
    if len(rows) < 2:
        return 1.0
    g = 0.0
    for row in rows:
        for count, total in zip(row, (mine, other), strict=True):
            if count:
                g += 2 * count * math.log(count * (mine + other) / (sum(row) * total))
    return chi_square_above(max(0.0, g), len(rows) - 1)


def _merged(now: Sequence[int], before: Sequence[int], mine: int, other: int) -> Iterator[tuple[int, int]]:
    rest_now = rest_before = 0
    scarcer = min(mine, other) / max(1, mine + other)
    for a, b in zip(now, before, strict=True):
        if (a + b) * scarcer >= _MERGED_BELOW:
            yield a, b
        else:
            rest_now, rest_before = rest_now + a, rest_before + b
    if (rest_now + rest_before) * scarcer >= _MERGED_BELOW:
        yield rest_now, rest_before


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
