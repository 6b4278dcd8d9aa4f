"""The two integrals behind every tail in this package, by continued fractions. Pure arithmetic.

Both answer with the smaller side and its complement, so that a tail of 1e-12 keeps its digits. Steps grow
like the square root of the arguments (about 60 for a hundred, 600 for ten thousand).
"""

import math

_TINY = 1e-300
_ENOUGH = 1e-14
_MOST_STEPS = 100_000


def gamma_sides(shape: float, x: float) -> tuple[float, float]:
    """Return the regularised incomplete gamma functions P(shape, x) and Q(shape, x) = 1 - P.

    Series below the mean, Legendre's continued fraction above it, by Lentz's method (Press et al.,
    "Numerical Recipes", 6.2). P is the chance that a Poisson count of mean x is at least `shape`.
    """
    if x <= 0:
        return 0.0, 1.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        below = min(1.0, front * _gamma_series(shape, x))
        return below, 1 - below
    above = min(1.0, front * _gamma_fraction(shape, x))
    return 1 - above, above


def beta_sides(a: float, b: float, x: float) -> tuple[float, float]:
    """Return the regularised incomplete beta function I_x(a, b) and its complement I_{1-x}(b, a).

    Continued fraction by Lentz's method (Press et al., "Numerical Recipes", 6.4). I_p(r, k + 1) is the
    chance that a negative binomial count of size r and success chance p is at most k.
    """
    if x <= 0:
        return 0.0, 1.0
    if x >= 1:
        return 1.0, 0.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        below = min(1.0, front * _beta_fraction(a, b, x) / a)
        return below, 1 - below
    above = min(1.0, front * _beta_fraction(b, a, 1 - x) / b)
    return 1 - above, above


def chi_square_above(statistic: float, freedom: int) -> float:
    """Return the chance of a chi-square value above this one."""
    return gamma_sides(freedom / 2, statistic / 2)[1]


def normal_above(z: float) -> float:
    """Return the chance of a standard normal value above this one."""
    return math.erfc(z / math.sqrt(2)) / 2


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1 / shape
    for step in range(1, _MOST_STEPS):
        term *= x / (shape + step)
        total += term
        if term < total * _ENOUGH:
            break
    return total


def _gamma_fraction(shape: float, x: float) -> float:
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / b
    value = d
    for step in range(1, _MOST_STEPS):
        an = step * (shape - step)
        b += 2
        d = 1 / _away_from_zero(an * d + b)
        c = _away_from_zero(b + an / c)
        value *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return value


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _MOST_STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d = 1 / _away_from_zero(1 + even * d)
        c = _away_from_zero(1 + even / c)
        value *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d = 1 / _away_from_zero(1 + odd * d)
        c = _away_from_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
