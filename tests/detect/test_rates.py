"""Shares and rates against published examples and naive formulas."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect import rates
from bot.detect.rates import Part


@st.composite
def parts(draw: st.DrawFn, most: int = 60) -> Part:
    trials = draw(st.integers(1, most))
    return Part(hits=draw(st.integers(0, trials)), trials=trials)


def test_the_examples_of_newcombe() -> None:
    """Newcombe 1998 (Stat Med 17:857 and 17:873): the table of examples, methods 3 and 10."""
    low, high = rates.wilson(Part(hits=81, trials=263))
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = rates.wilson(Part(hits=0, trials=20))
    assert (low, round(high, 4)) == (0, 0.1611)
    low, high = rates.newcombe(Part(hits=56, trials=70), Part(hits=48, trials=80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    low, high = rates.newcombe(Part(hits=10, trials=10), Part(hits=0, trials=10))
    assert (round(low, 4), round(high, 4)) == (0.6075, 1.0)


def test_no_trials_say_nothing() -> None:
    nothing = Part(hits=0, trials=0)
    assert nothing.share == 0
    assert rates.wilson(nothing) == (0, 1)
    assert rates.score(nothing, nothing) == 1
    assert rates.score(Part(hits=3, trials=3), nothing) == 1


@pytest.mark.parametrize(("hits", "trials"), [(-1, 3), (4, 3)])
def test_a_part_is_no_more_than_the_whole(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Part(hits=hits, trials=trials)


@given(parts(), parts())
def test_fisher_counts_all_tables(now: Part, before: Part) -> None:
    hits, trials = now.hits + before.hits, now.trials + before.trials
    ways = [
        math.comb(hits, mine) * math.comb(trials - hits, now.trials - mine)
        for mine in range(min(hits, now.trials) + 1)
    ]
    low = Fraction(sum(ways[: now.hits]) * 2 + ways[now.hits], 2 * math.comb(trials, now.trials))
    found = rates.fisher(now, before)
    assert found.low == pytest.approx(float(low), rel=1e-9)
    assert found.low + found.high == pytest.approx(1)


@given(st.integers(0, 60), st.integers(0, 60), st.fractions(Fraction(1, 50), Fraction(49, 50)))
def test_binomial_is_the_naive_sum(hits: int, misses: int, share: Fraction) -> None:
    trials = hits + misses
    chances = [math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1)]
    found = rates.binomial(hits, trials, float(share))
    assert found.low == pytest.approx(float(sum(chances[:hits]) + chances[hits] / 2), rel=1e-8)
    assert found.high == pytest.approx(float(sum(chances[hits + 1 :]) + chances[hits] / 2), rel=1e-8)


def test_a_certain_share_allows_one_count() -> None:
    assert rates.binomial(0, 5, 0.0) == (0.5, 0.5)
    assert rates.binomial(1, 5, 0.0) == (1, 0)
    assert rates.binomial(4, 5, 1.0) == (0, 1)


def test_two_periods_are_binomial_given_their_sum() -> None:
    assert rates.two_periods(0, 0) == (0.5, 0.5)
    assert rates.two_periods(5, 5).high == pytest.approx(0.5)
    assert rates.two_periods(30, 10).high == pytest.approx(rates.binomial(30, 40, 0.5).high)
    assert rates.two_periods(30, 10, exposure=3).high == pytest.approx(0.5, abs=0.06)


@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(0.1, 10), st.floats(0.001, 1))
def test_spread_makes_any_difference_less_surprising(
    now: int, before: int, exposure: float, spread: float
) -> None:
    narrow, wide = rates.two_periods(now, before, exposure), rates.two_periods(now, before, exposure, spread)
    assert min(narrow) <= min(wide) * (1 + 1e-9)
    assert sum(wide) == pytest.approx(1)


def test_anscombe_is_near_the_exact_deviate() -> None:
    assert rates.anscombe(100, 100) == 0
    assert rates.anscombe(130, 100) == pytest.approx(2.82, abs=0.05)
    assert rates.anscombe(4, 16) == pytest.approx(-3.91, abs=0.05)


def test_discoveries_are_those_of_the_paper() -> None:
    """Benjamini & Hochberg 1995, section 3.2: four of fifteen at 0.05, where Bonferroni finds three."""
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
               0.6528, 0.7590, 1.0000]  # fmt: skip
    assert rates.discoveries(chances) == [True] * 4 + [False] * 11
    assert rates.discoveries(chances[::-1]) == [False] * 11 + [True] * 4
    assert rates.discoveries([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_lie_between_bonferroni_and_no_correction(chances: list[float]) -> None:
    for chance, held in zip(chances, rates.discoveries(chances), strict=True):
        assert held or chance > 0.05 / len(chances)
        assert not held or chance <= 0.05


def test_mixes() -> None:
    assert rates.divergence([5, 5], [50, 50]) == pytest.approx(0)
    assert rates.divergence([5, 0], [0, 9]) == pytest.approx(1)
    assert rates.divergence([0, 0], [1, 2]) == 0
    assert rates.mix_changed([50, 50], [500, 500]) == pytest.approx(1)
    # 2 (60 ln 60/50 + 40 ln 40/50 + 50 ln 50/55 ...) by hand: G = 8.14 on one degree of freedom
    assert rates.mix_changed([60, 40], [40, 60]) == pytest.approx(0.0046, abs=0.0002)


def test_few_are_taken_together_before_they_are_tested() -> None:
    assert rates.mix_changed([1, 2, 1], [1, 0, 2]) == 1
    merged = rates.mix_changed([100, 1, 2, 1], [100, 4, 3, 5])
    assert merged == pytest.approx(rates.mix_changed([100, 4], [100, 12]), rel=1e-9)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12))
def test_any_mix_has_a_chance_and_a_divergence(pairs: list[tuple[int, int]]) -> None:
    now, before = [a for a, _ in pairs], [b for _, b in pairs]
    assert 0 <= rates.mix_changed(now, before) <= 1
    assert 0 <= rates.divergence(now, before) <= 1
