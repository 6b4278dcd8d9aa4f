"""What is compared with what, and what that says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.growth import Base, Growth, Incomparable, against, ask, comparable, compare
from bot.sources.periods import Days, one_day
from bot.sources.source import Totals, Traffic
from tests.sources.conftest import Joined

PERIODS = st.builds(
    lambda first, length: Days(first=first, last=first + timedelta(days=length)),
    st.dates(date(2001, 1, 1), date(2100, 1, 1)),
    st.integers(0, 800),
)


def totals(period: Days, visitors: int, *, complete: bool = True) -> Totals:
    traffic = Traffic(visitors=visitors, views=2 * visitors, sessions=visitors, bounces=visitors // 2)
    return Totals(period=period, traffic=traffic, complete=complete)


@pytest.mark.parametrize(
    ("first", "last", "before_first", "before_last", "base"),
    [
        (date(2026, 11, 17), date(2026, 11, 17), date(2026, 11, 10), date(2026, 11, 10), Base.SAME_WEEKDAYS),
        (date(2026, 11, 9), date(2026, 11, 15), date(2026, 11, 2), date(2026, 11, 8), Base.SAME_WEEKDAYS),
        (date(2026, 11, 6), date(2026, 11, 8), date(2026, 10, 30), date(2026, 11, 1), Base.SAME_WEEKDAYS),
        (date(2026, 11, 1), date(2026, 11, 10), date(2026, 10, 18), date(2026, 10, 27), Base.SAME_WEEKDAYS),
        (date(2026, 3, 1), date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28), Base.MONTHS_BEFORE),
        (date(2026, 1, 1), date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31), Base.MONTHS_BEFORE),
        (date(2026, 1, 1), date(2026, 3, 31), date(2025, 10, 1), date(2025, 12, 31), Base.MONTHS_BEFORE),
    ],
)
def test_a_period_is_compared_fairly(
    first: date, last: date, before_first: date, before_last: date, base: Base
) -> None:
    found = comparable(Days(first=first, last=last))
    assert found.before == Days(first=before_first, last=before_last)
    assert found.base is base


@given(PERIODS)
def test_a_comparison_never_overlaps_and_is_as_near_as_can_be(period: Days) -> None:
    found = comparable(period)
    assert found.before.last < period.first
    if found.base is Base.SAME_WEEKDAYS:
        assert len(found.before) == len(period)
        assert found.before.first.weekday() == period.first.weekday()
        assert (period.first - found.before.last).days <= 7
    else:
        assert (period.first - found.before.last).days == 1
        assert found.before.first.day == 1


@pytest.mark.parametrize(("now", "before", "change"), [(3, 2, 0.5), (0, 4, -1.0), (5, 5, 0.0)])
def test_growth_is_a_fraction(now: int, before: int, change: float) -> None:
    comparison = comparable(one_day(date(2026, 11, 17)))
    assert Growth(now=now, before=before, comparison=comparison).change == change


@pytest.mark.parametrize("now", [0, 1, 1000])
def test_nothing_before_is_no_growth(now: int) -> None:
    comparison = comparable(one_day(date(2026, 11, 17)))
    assert Growth(now=now, before=0, comparison=comparison).change is None


def test_months_are_compared_by_the_day() -> None:
    march = comparable(Days(first=date(2026, 3, 1), last=date(2026, 3, 31)))
    found = Growth(now=310, before=280, comparison=march)
    assert found.per_day
    assert found.change == pytest.approx(0)


def test_the_bounce_rate_changes_by_points() -> None:
    comparison = comparable(one_day(date(2026, 11, 17)))
    found = compare(totals(comparison.now, 100), totals(comparison.before, 10), comparison)
    assert found.bounce_rate == 0
    nobody = compare(totals(comparison.now, 100), totals(comparison.before, 0), comparison)
    assert nobody.bounce_rate is None
    assert nobody.visitors.change is None


def test_a_running_period_says_nothing_about_a_whole_one() -> None:
    comparison = comparable(one_day(date(2026, 11, 17)))
    running = totals(comparison.now, 100, complete=False)
    with pytest.raises(Incomparable, match="not over"):
        compare(running, totals(comparison.before, 10), comparison)
    with pytest.raises(Incomparable, match="not the totals"):
        compare(totals(comparison.before, 100), totals(comparison.now, 10), comparison)


def test_a_comparison_of_choice() -> None:
    week = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
    year_before = week.shifted(-364)
    assert against(week, year_before).base is Base.GIVEN
    with pytest.raises(Incomparable, match="overlap"):
        against(week, week.shifted(-6))


def test_growth_is_made_of_two_totals_of_the_far_side(shop: Joined) -> None:
    comparison = comparable(Days(first=date(2026, 11, 9), last=date(2026, 11, 15)))
    found = ask(shop.source, comparison)
    assert found.visitors.now == shop.source.totals(comparison.now).traffic.visitors
    assert found.visitors.before == shop.source.totals(comparison.before).traffic.visitors
    with pytest.raises(Incomparable):
        ask(shop.source, comparable(one_day(shop.source.today())))


def test_before_the_first_visitor_there_is_no_base(shop: Joined) -> None:
    begun = shop.source.today() - timedelta(days=120)
    first_week = comparable(Days(first=begun, last=begun + timedelta(days=6)))
    found = ask(shop.source, first_week)
    assert found.visitors.before == 0
    assert found.visitors.change is None
