"""Will a goal be met at this pace?"""

from datetime import date, timedelta

import pytest

from bot.detect.spell import State
from bot.detect.verdict import Side
from bot.sources.periods import Days
from bot.sources.source import Target
from bot.watches.goals import FIRST_PART, Course, Goal, GoalSeen, running, still
from bot.watches.opinion import Opinion, Stretch
from bot.watches.watch import Beyond
from tests.goals.making import goal
from tests.looks.making import NOW, judge, watch

NOVEMBER = Days(first=date(2026, 11, 1), last=date(2026, 11, 30))
SIGNUPS = watch("goal", goal="Signups")


def seen(visitors: int, over: int, *, wanted: float | None = 300) -> GoalSeen:
    between = Stretch(since_at=NOW - timedelta(days=over), until_at=NOW)
    state = goal(visitors, wanted=wanted)
    return GoalSeen(course=Course(goal=state, period=NOVEMBER, over=over, stretch=between))


def only(one: GoalSeen) -> Opinion:
    [opinion] = judge(SIGNUPS, one)[1]
    return opinion


@pytest.mark.parametrize(
    ("visitors", "over", "state"),
    [
        pytest.param(150, 15, State.OK, id="on course"),
        pytest.param(60, 15, State.TROUBLE, id="far behind"),
        pytest.param(300, 15, State.OK, id="there already"),
        pytest.param(299, 30, State.TROUBLE, id="over, and one is missing"),
        pytest.param(0, 10, State.TROUBLE, id="nobody yet"),
        pytest.param(3, 5, State.TOO_SMALL, id="too early to say"),
    ],
)
def test_whether_it_will_be_missed(visitors: int, over: int, state: State) -> None:
    assert only(seen(visitors, over)).judged.verdict.state is state


def test_the_first_fifth_of_a_period_says_nothing() -> None:
    first = int(FIRST_PART * len(NOVEMBER))
    assert only(seen(0, first - 1)).judged.verdict.state is State.TOO_SMALL
    assert only(seen(0, first)).judged.verdict.state is State.TROUBLE


def test_what_is_told_is_the_number_what_it_should_be_by_now_and_the_target() -> None:
    evidence = only(seen(60, 15)).judged.verdict.evidence
    assert evidence is not None
    assert (evidence.value, evidence.expected, evidence.limit) == (60, 150, 300)


def test_few_visitors_are_a_wide_guess() -> None:
    def chance(visitors: int, wanted: int) -> float:
        course = seen(visitors, 15, wanted=wanted).course
        assert course is not None
        return still(course, Target(wanted=wanted, present=visitors))

    assert chance(3, 10) > 0.05 > chance(300, 1000)
    assert chance(3, 3) == 1.0


def test_between_missed_and_safe_nothing_begins_and_nothing_ends() -> None:
    memory, opinions = judge(SIGNUPS, seen(60, 15))
    assert opinions[0].judged.verdict.state is State.TROUBLE
    memory, opinions = judge(SIGNUPS, seen(187, 20), memory)
    assert opinions[0].judged.verdict.state is State.TROUBLE
    memory, opinions = judge(SIGNUPS, seen(260, 24), memory)
    assert opinions[0].judged.verdict.state is State.OK


def test_a_limit_of_one_s_own_needs_no_target() -> None:
    above = watch("goal", goal="Signups", condition=Beyond(side=Side.UP, limit=100))
    [opinion] = judge(above, seen(101, 4, wanted=None))[1]
    assert opinion.judged.verdict.state is State.TROUBLE
    assert only(seen(101, 20, wanted=None)).judged.verdict.state is State.TOO_SMALL


def test_on_the_first_day_there_is_nothing_to_judge() -> None:
    assert only(GoalSeen(course=None)).judged.verdict.state is State.NO_DATA


@pytest.mark.parametrize(
    ("today", "period", "first", "last"),
    [
        (date(2026, 11, 18), "week", date(2026, 11, 16), date(2026, 11, 22)),
        (date(2026, 11, 16), "week", date(2026, 11, 16), date(2026, 11, 22)),
        (date(2028, 2, 29), "month", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_running_period(today: date, period: str, first: date, last: date) -> None:
    assert running(today, period) == Days(first=first, last=last)


def test_a_day_is_no_period_of_a_goal() -> None:
    assert Goal().mistakes(watch("goal", period="day"))
    assert not Goal().mistakes(watch("goal", period="week"))
