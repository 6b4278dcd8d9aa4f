"""What is no count, means and money, beside its own past: against tables, and against naive formulas."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect import amount, level
from bot.detect.amount import Sum
from bot.detect.change import Change
from bot.detect.level import FEWEST, Level
from bot.detect.spell import Spell, State
from bot.detect.verdict import Side, Why

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH_OF_DAYS = [100.0, 104.0, 97.0, 101.0, 95.0, 103.0, 99.0] * 4


@pytest.mark.parametrize(
    ("freedom", "one_in_40", "one_in_200"),
    [(1, 12.706, 63.657), (4, 2.776, 4.604), (13, 2.160, 3.012), (27, 2.052, 2.771), (120, 1.980, 2.617)],
)
def test_student_s_table(freedom: int, one_in_40: float, one_in_200: float) -> None:
    """Every textbook's table of t."""
    assert level.student_quantile(0.025, freedom) == pytest.approx(one_in_40, abs=6e-4)
    assert level.student_above(one_in_200, freedom) == pytest.approx(0.005, rel=2e-3)


@given(st.floats(0, 40), st.integers(1, 200))
def test_student_s_tail_falls_from_a_half(t: float, freedom: int) -> None:
    assert level.student_above(0.0, freedom) == pytest.approx(0.5)
    assert 0 < level.student_above(t + 0.5, freedom) < level.student_above(t, freedom) <= 0.5


def test_a_day_like_the_others_is_usual_and_one_far_away_is_not() -> None:
    fine = level.look(Level(), 102.0, MONTH_OF_DAYS, NOON, Spell()).verdict
    assert (fine.state, fine.why) == (State.OK, Why.USUAL)
    low = level.look(Level(), 60.0, MONTH_OF_DAYS, NOON, Spell()).verdict
    assert (low.holds, low.why, low.side) == (True, Why.UNUSUALLY_LOW, Side.DOWN)
    assert low.evidence is not None
    assert low.evidence.expected == pytest.approx(99.8, abs=0.1)
    assert low.evidence.plausible_low is not None
    assert 60 < low.evidence.plausible_low < 99.8


def test_what_is_improbable_and_small_is_no_trouble() -> None:
    """Twenty per cent on a site that never moves: chance does not do this, and nobody has to get up."""
    assert level.look(Level(), 120.0, [100.0] * 28, NOON, Spell()).verdict.state is State.OK
    assert level.look(Level(), 130.0, [100.0] * 28, NOON, Spell()).verdict.holds


def test_one_side_may_be_enough() -> None:
    falls = Level(side=Side.DOWN)
    assert not level.look(falls, 200.0, MONTH_OF_DAYS, NOON, Spell()).verdict.holds
    assert level.look(falls, 50.0, MONTH_OF_DAYS, NOON, Spell()).verdict.holds


def test_an_incident_of_last_week_does_not_hide_the_next_one() -> None:
    """Two days of one tenth would widen the range of what is usual to nearly nothing."""
    scarred = [*MONTH_OF_DAYS[:20], 10.0, 12.0, *MONTH_OF_DAYS[22:]]
    assert level.look(Level(), 60.0, scarred, NOON, Spell()).verdict.holds


@pytest.mark.parametrize("value", [None, 0.0, -3.0])
def test_no_value_is_no_verdict(value: float | None) -> None:
    assert level.look(Level(), value, MONTH_OF_DAYS, NOON, Spell()).verdict.why is Why.NOT_COMPLETE


def test_days_without_anybody_teach_nothing() -> None:
    short = [0.0] * 20 + MONTH_OF_DAYS[: FEWEST - 1]
    assert level.look(Level(), 50.0, short, NOON, Spell()).verdict.why is Why.HISTORY_TOO_SHORT
    assert level.look(Level(), 50.0, [], NOON, Spell()).verdict.why is Why.HISTORY_TOO_SHORT


def test_false_alarms_of_a_level_are_what_was_promised() -> None:
    """The t law is exact for normal logarithms; with ratio out of the way, alpha on each side is the rate."""
    rng = random.Random(5)
    rule = Level(alpha=0.02, ratio=1.000001)
    told = sum(
        level.look(
            rule,
            rng.lognormvariate(5, 0.3),
            [rng.lognormvariate(5, 0.3) for _ in range(28)],
            NOON,
            Spell(),
        ).verdict.holds
        for _ in range(800)
    )
    assert 0.02 < told / 800 < 0.07  # 0.04, and somewhat more: far days of the past are left out


@pytest.mark.parametrize(("ratio", "alpha"), [(1.0, 0.01), (1.5, 0.0), (1.5, 1.0)])
def test_a_level_that_can_mean_nothing_is_refused(ratio: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="ratio above one"):
        Level(ratio=ratio, alpha=alpha)


# ---------------------------------------------------------------- money


def orders(*values: float) -> Sum:
    return Sum.of(((value, 1) for value in values), DAY)


@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(1, 50)), min_size=1, max_size=30))
def test_unequal_orders_are_worth_fewer(values: list[tuple[float, int]]) -> None:
    found = Sum.of(values, DAY)
    assert found.total == pytest.approx(math.fsum(value * count for value, count in values))
    assert found.orders == sum(count for _, count in values)
    assert 1 - 1e-9 <= found.worth <= found.orders * (1 + 1e-9)


def test_equal_orders_are_worth_their_number() -> None:
    assert Sum.of([(49.9, 37)], DAY).worth == pytest.approx(37)
    assert orders(1.0, 3.0).worth == pytest.approx(4 * 4 / 10)
    assert Sum.of([], DAY) == Sum(total=0.0, orders=0, worth=0.0, within=DAY)
    assert Sum.of([(-5.0, 3), (0.0, 9)], DAY).orders == 0


def test_two_large_orders_are_no_news_and_twice_as_many_orders_are() -> None:
    rule, before = Change(share=0.5), orders(*[50.0] * 40)
    large = amount.look(rule, orders(*[50.0] * 40, 1500.0, 1500.0), before, NOON, Spell()).verdict
    assert (large.state, large.holds) == (State.OK, False)
    many = amount.look(rule, orders(*[50.0] * 100), before, NOON, Spell()).verdict
    assert (many.holds, many.why, many.side) == (True, Why.ROSE, Side.UP)
    assert many.evidence is not None
    assert (many.evidence.value, many.evidence.expected) == (5000.0, 2000.0)


def test_all_orders_gone_is_a_fall() -> None:
    gone = amount.look(Change(share=0.5), orders(), orders(*[50.0] * 40), NOON, Spell()).verdict
    assert (gone.holds, gone.why) == (True, Why.FELL)


def test_a_shorter_period_is_expected_to_bring_less() -> None:
    week = Sum.of([(50.0, 280)], 7 * DAY)
    assert not amount.look(Change(share=0.5), orders(*[50.0] * 40), week, NOON, Spell()).verdict.holds
    assert amount.look(Change(share=0.5), orders(*[50.0] * 10), week, NOON, Spell()).verdict.holds


def test_of_few_orders_nothing_is_said() -> None:
    few = amount.look(Change(share=0.5), orders(*[50.0] * 3), orders(*[50.0] * 8), NOON, Spell()).verdict
    assert few.why is Why.TOO_FEW
