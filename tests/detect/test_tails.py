"""Tails against exact sums, tables, and what must hold for any count."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.integrals import beta_sides, chi_square_above, gamma_sides, normal_above
from bot.detect.tails import mean_where_zero_is_news, plausible, pmf, quantile, tails

MEANS = st.floats(0.01, 1e5)
SPREADS = st.sampled_from([0.0, 0.005, 0.02, 0.1, 0.5, 1.0])


def exact_chances(upto: int, mean: Fraction, size: int | None) -> list[Decimal]:
    """Return P(0) ... P(upto) with fifty digits; `size` None is Poisson, else one over the spread."""
    with localcontext() as context:
        context.prec = 50
        m = Decimal(mean.numerator) / Decimal(mean.denominator)
        if size is None:
            chances = [(-m).exp()]
            for k in range(1, upto + 1):
                chances.append(chances[-1] * m / k)
            return chances
        chances = [(1 + m / size) ** -size]
        for k in range(1, upto + 1):
            chances.append(chances[-1] * (size + k - 1) / k * (m / (size + m)))
        return chances


@pytest.mark.parametrize("size", [None, 1, 10, 50, 200])
@pytest.mark.parametrize("mean", [Fraction(1, 10), Fraction(3), Fraction(40), Fraction(400)])
@pytest.mark.parametrize("deviates", [-5, -2, 0, 1, 4, 8])
def test_tails_are_those_of_an_exact_sum(mean: Fraction, size: int | None, deviates: int) -> None:
    spread = 0.0 if size is None else 1 / size
    scatter = math.sqrt(float(mean) + spread * float(mean) ** 2)
    count = max(0, round(float(mean) + deviates * scatter))
    chances = exact_chances(int(float(mean) + 60 * scatter + 60), mean, size)
    low = sum(chances[:count], Decimal(0)) + chances[count] / 2
    high = sum(chances[count + 1 :], Decimal(0)) + chances[count] / 2
    found = tails(count, float(mean), spread)
    assert found.low == pytest.approx(float(low), rel=1e-9)
    assert found.high == pytest.approx(float(high), rel=1e-9)


@pytest.mark.parametrize(
    ("spread", "mean", "upper", "lower"),
    [
        (0.0, 5, 16, None), (0.02, 5, 17, None), (0.05, 5, 19, None), (0.10, 5, 21, None),
        (0.0, 10, 25, 0), (0.02, 10, 27, None), (0.05, 10, 30, None), (0.10, 10, 35, None),
        (0.0, 20, 40, 5), (0.02, 20, 45, 3), (0.05, 20, 52, 2), (0.10, 20, 63, 0),
        (0.0, 50, 80, 24), (0.02, 50, 97, 18), (0.05, 50, 117, 11), (0.10, 50, 145, 6),
        (0.0, 100, 142, 63), (0.02, 100, 180, 44), (0.05, 100, 223, 29), (0.10, 100, 281, 16),
        (0.0, 1000, 1126, 879), (0.02, 1000, 1663, 529), (0.05, 1000, 2125, 346), (0.10, 1000, 2730, 197),
    ],
)  # fmt: skip
def test_the_first_counts_below_one_in_twenty_thousand(
    spread: float, mean: int, upper: int, lower: int | None
) -> None:
    assert tails(upper, mean, spread).high < 5e-5 <= tails(upper - 1, mean, spread).high
    if lower is None:
        assert tails(0, mean, spread).low >= 5e-5
    else:
        assert tails(lower, mean, spread).low < 5e-5 <= tails(lower + 1, mean, spread).low


@pytest.mark.parametrize(
    ("alpha", "spread", "mean"),
    [(1e-2, 0.0, 3.91), (1e-3, 0.02, 6.62), (1e-3, 0.1, 8.62), (1e-4, 0.05, 10.62), (5e-5, 0.0, 9.21),
     (5e-5, 0.1, 15.12)],
)  # fmt: skip
def test_when_no_count_at_all_is_news(alpha: float, spread: float, mean: float) -> None:
    found = mean_where_zero_is_news(alpha, spread)
    assert found == pytest.approx(mean, abs=0.01)
    assert tails(0, found, spread).low == pytest.approx(alpha, rel=1e-9)


def test_an_alpha_of_a_half_and_more_is_news_at_once() -> None:
    assert mean_where_zero_is_news(0.5) == 0
    assert mean_where_zero_is_news(1.0, 0.1) == 0


@given(MEANS, SPREADS, st.floats(-6, 9))
def test_both_sides_make_one_and_lie_between_nothing_and_one(
    mean: float, spread: float, deviates: float
) -> None:
    count = max(0, int(mean + deviates * math.sqrt(mean + spread * mean * mean)))
    low, high = tails(count, mean, spread)
    assert low + high == pytest.approx(1, abs=1e-7)
    assert 0 <= low <= 1 + 1e-9
    assert 0 <= high <= 1 + 1e-9


@given(MEANS, SPREADS, st.integers(0, 200_000))
def test_one_more_is_more_surprising_above_and_less_below(mean: float, spread: float, count: int) -> None:
    here, more = tails(count, mean, spread), tails(count + 1, mean, spread)
    assert more.high <= here.high * (1 + 1e-6) + 1e-300
    assert more.low >= here.low * (1 - 1e-6)


@given(st.floats(0.01, 3000), SPREADS, st.floats(0.001, 0.999))
def test_a_quantile_is_the_first_count_that_reaches_its_chance(
    mean: float, spread: float, chance: float
) -> None:
    found = quantile(chance, mean, spread)
    at_most = tails(found, mean, spread).low + pmf(found, mean, spread) / 2
    assert at_most >= chance
    if found > 0:
        assert at_most - pmf(found, mean, spread) < chance * (1 + 1e-9)


def test_all_but_one_in_fifty_are_plausible() -> None:
    assert plausible(100) == (77, 124)
    assert plausible(41, 0.03) == (21, 66)
    assert plausible(0) == (0, 0)


@pytest.mark.parametrize("mean", [100_001.0, 1e6, 1e8])
@pytest.mark.parametrize("deviates", [-8.0, -1.0, -0.001, 0.0, 0.5, 6.0])
def test_very_large_means_agree_with_the_integral(mean: float, deviates: float) -> None:
    count = int(mean + deviates * math.sqrt(mean))
    above, at_most = gamma_sides(count + 1, mean)
    half = pmf(count, mean) / 2
    found = tails(count, mean)
    assert found.low == pytest.approx(at_most - half, rel=1e-4)
    assert found.high == pytest.approx(above + half, rel=1e-4)


@pytest.mark.parametrize(
    ("count", "mean", "low", "high"),
    [(0, 0.0, 0.5, 0.5), (3, 0.0, 1.0, 0.0), (0, -1.0, 0.5, 0.5), (0, 1e7, 0.0, 1.0), (10**9, 1.0, 1.0, 0.0)],
)
def test_the_ends_of_the_world(count: int, mean: float, low: float, high: float) -> None:
    assert tails(count, mean) == (low, high)


def test_chances_of_what_cannot_be() -> None:
    assert pmf(-1, 3.0) == 0
    assert pmf(1, 0.0) == 0
    assert pmf(0, 0.0) == 1
    assert quantile(0.99, 0.0) == 0
    assert tails(-1, 1e4)[0] == 0


def test_the_integrals_at_known_places() -> None:
    assert chi_square_above(3.841458820694124, 1) == pytest.approx(0.05)
    assert chi_square_above(18.307038053275146, 10) == pytest.approx(0.05)
    assert normal_above(1.959963984540054) == pytest.approx(0.025)
    assert gamma_sides(1, 2.0)[1] == pytest.approx(math.exp(-2))
    assert gamma_sides(1, 0.0) == (0, 1)
    assert beta_sides(2, 3, 0.4)[0] == pytest.approx(0.5248)
    assert beta_sides(2, 3, 0.0) == (0, 1)
    assert beta_sides(2, 3, 1.0) == (1, 0)
    assert sum(beta_sides(30, 7, 0.9)) == pytest.approx(1)
