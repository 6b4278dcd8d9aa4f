"""Tails with a log-normal mean, against numerical integration."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.swings import swinging
from bot.detect.tails import Tails, tails


def integrated(count: int, mean: float, spread: float) -> Tails:
    """Return the tails by summing Poisson tails over ten thousand values of the log-normal mean."""
    variance = math.log1p(spread)
    step, low, high = 0.002, 0.0, 0.0
    for number in range(-5000, 5001):
        z = number * step
        weight = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * step
        one = tails(count, mean * math.exp(z * math.sqrt(variance) - variance / 2))
        low, high = low + weight * one.low, high + weight * one.high
    return Tails(low, high)


@pytest.mark.parametrize(
    ("count", "mean", "spread"),
    [(0, 8.0, 0.05), (1, 0.2, 0.3), (2, 9.0, 0.02), (7, 0.6, 0.1), (21, 60.0, 0.02), (40, 10.0, 0.05),
     (180, 100.0, 0.03), (30, 100.0, 0.1)],
)  # fmt: skip
def test_tails_are_those_of_an_integral(count: int, mean: float, spread: float) -> None:
    found, wanted = swinging(count, mean, spread), integrated(count, mean, spread)
    within = 0.006 if count >= 20 else 0.03
    assert found.low == pytest.approx(wanted.low, rel=within)
    assert found.high == pytest.approx(wanted.high, rel=within)


def test_the_difference_to_a_gamma_mean_is_what_the_docs_say() -> None:
    assert swinging(1750, 1000, 0.03).high / tails(1750, 1000, 0.03).high == pytest.approx(2.6, abs=0.05)
    assert tails(500, 1000, 0.03).low / swinging(500, 1000, 0.03).low == pytest.approx(4.2, abs=0.05)


def test_without_swings_it_is_poisson() -> None:
    assert swinging(7, 3.0, 0.0) == tails(7, 3.0)
    assert swinging(7, 0.0, 0.1) == tails(7, 0.0)


@given(st.integers(0, 10**7), st.floats(1e-4, 1e7), st.floats(0.005, 3))
def test_any_count_has_two_sides_that_make_one(count: int, mean: float, spread: float) -> None:
    low, high = swinging(count, mean, spread)
    assert low + high == pytest.approx(1, abs=1e-6)
    assert low >= 0
    assert high >= 0


@given(st.integers(1, 5000), st.floats(0.1, 5000), st.floats(0.005, 1))
def test_one_more_is_more_surprising_above(count: int, mean: float, spread: float) -> None:
    assert swinging(count + 1, mean, spread).high <= swinging(count, mean, spread).high * 1.001


def test_nothing_jumps_at_the_median() -> None:
    """Where the saddlepoint is 0, its formula is 0 / 0 and a limit is taken."""
    centre = math.exp(2.251752589066721 + math.log1p(0.05) / 2)  # digamma(10), and half the variance
    around = [swinging(10, centre * (1 + step * 1e-4), 0.05).high for step in range(-10, 11)]
    steps = [after - before for before, after in pairwise(around)]
    assert min(steps) > 0
    assert max(steps) < 1.5 * min(steps)
