"""A target is met, will be, may be, or will not be: by the days that have gone, and with honest doubt."""

from datetime import date
from decimal import Decimal

import pytest

from bot.digests.outline import GoalPeriod
from bot.digests.sections.goals import counted_over, line, pace
from bot.facts import Figure, Form, Pace
from bot.sources.periods import Days
from bot.sources.source import GoalState, Target


def days(first: str, last: str) -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("day", "over", "wanted"),
    [
        ("2026-11-15", GoalPeriod.WEEK, days("2026-11-09", "2026-11-15")),
        ("2026-11-16", GoalPeriod.WEEK, days("2026-11-16", "2026-11-22")),
        ("2026-02-01", GoalPeriod.MONTH, days("2026-02-01", "2026-02-28")),
        ("2026-12-31", GoalPeriod.MONTH, days("2026-12-01", "2026-12-31")),
        ("2026-12-31", GoalPeriod.YEAR, days("2026-01-01", "2026-12-31")),
    ],
)
def test_the_calendar_period_over_which_a_target_is_counted(day: str, over: GoalPeriod, wanted: Days) -> None:
    assert counted_over(date.fromisoformat(day), over) == wanted


@pytest.mark.parametrize(
    ("present", "wanted", "gone", "said"),
    [
        pytest.param(100, 100, 1, Pace.REACHED, id="there already"),
        pytest.param(99, 100, 30, Pace.BEHIND, id="one is missing on the last evening"),
        pytest.param(99, 100, 29, Pace.OPEN, id="one is missing, and a day is left"),
        pytest.param(400, 500, 15, Pace.ON_PACE, id="four fifths at half-time"),
        pytest.param(250, 500, 15, Pace.OPEN, id="just at the pace"),
        pytest.param(100, 500, 15, Pace.BEHIND, id="a fifth at half-time"),
        pytest.param(0, 2, 15, Pace.OPEN, id="nobody yet, and few are wanted"),
        pytest.param(0, 50, 15, Pace.BEHIND, id="nobody yet, and many are wanted"),
        pytest.param(1, 3, 10, Pace.OPEN, id="one of three says little"),
    ],
)
def test_the_pace_of_a_count(present: float, wanted: float, gone: int, said: Pace) -> None:
    assert pace(Target(wanted=wanted, present=present), Form.COUNT, gone, 30) is said


@pytest.mark.parametrize(
    ("present", "gone", "said"),
    [(0.06, 3, Pace.REACHED), (0.04, 29, Pace.OPEN), (0.04, 30, Pace.BEHIND)],
)
def test_a_share_does_not_grow_with_the_days(present: float, gone: int, said: Pace) -> None:
    assert pace(Target(wanted=0.05, present=present), Form.SHARE, gone, 30) is said


def test_of_several_targets_the_one_that_is_furthest_off_is_told() -> None:
    state = GoalState(
        id="1",
        name="Signup",
        visitors=10,
        share=0.1,
        visitors_target=Target(wanted=20, present=10),
        total_target=Target(wanted=1000, present=100.5),
    )
    month = days("2026-11-01", "2026-11-30")
    told = line(Figure(name="Signup", now=Decimal(10)), state, month, date(2026, 11, 15))
    assert (told.form, told.target) == (Form.AMOUNT, Decimal(1000))
    assert told.present == Decimal(100)
    assert told.ahead == Decimal(201)
    assert told.pace is Pace.BEHIND
    assert not told.ended


def test_a_goal_without_a_target_has_no_pace() -> None:
    month = days("2026-11-01", "2026-11-30")
    figure = Figure(name="Signup", now=Decimal(10))
    bare = GoalState(id="1", name="Signup", visitors=10, share=0.1)
    assert line(figure, bare, month, date(2026, 11, 15)).pace is Pace.NO_TARGET
    assert line(figure, None, month, date(2026, 11, 15)).target is None
