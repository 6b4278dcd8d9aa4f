"""What is learnt from a history, and what is not."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import traffic
from bot.detect import shape
from bot.detect.expected import LENGTHS, Span, learn
from bot.detect.hours import CELLS, HOUR, Hours, Wall
from tests.detect.building import DAY_PROFILE, MONDAY, hours, steady, usual, written
from tests.detect.test_hours import AUTUMN, SPRING


def drawn(visitors: float, weeks: int, seed: int = 1, **nature: bool) -> Hours:
    rng = random.Random(seed)
    site = traffic.Nature(visitors_per_day=visitors, **nature)
    counts = traffic.drawn(list(traffic.means(site, weeks * CELLS, rng)), rng)
    return Hours(first_at=traffic.FIRST_AT, counts=tuple(counts), zone=traffic.ZONE)


def test_a_steady_site_is_expected_as_it_is() -> None:
    baseline = usual(scale=20)
    assert baseline.level == pytest.approx(1, abs=0.005)
    assert baseline.expected(MONDAY + 10 * HOUR) == pytest.approx(20 * 13, rel=0.02, abs=0.05)
    assert baseline.spreads == (0.005,) * len(LENGTHS)
    assert baseline.days == 56


def test_less_than_three_weeks_teach_nothing() -> None:
    assert learn(steady(weeks=3)) is not None
    assert learn(steady(weeks=2)) is None
    assert learn(hours([])) is None
    assert learn(hours([None] * 8 * CELLS)) is None


def test_only_eight_weeks_are_read() -> None:
    long = steady(weeks=30)
    strange = replace(long, counts=(9_999,) * (22 * CELLS) + long.counts[22 * CELLS :])
    assert learn(strange) == learn(long)


def test_days_of_23_and_25_hours_are_expected_by_the_wall() -> None:
    for changing in (SPRING, AUTUMN):
        first_at = changing - 4 * 7 * 24 * HOUR
        history = written(8 * CELLS, lambda place: 20 * DAY_PROFILE[place.cell % 24], first_at)
        baseline = learn(history)
        assert baseline is not None
        assert max(baseline.spreads) == 0.005, "the change of clocks looks like noise"
        for hour in range(48):
            at = changing + hour * HOUR
            local = at.astimezone(history.zone).hour
            assert baseline.expected(at) == pytest.approx(20 * DAY_PROFILE[local], rel=0.05, abs=2)


def test_hours_of_its_own_are_learnt_when_the_site_has_them() -> None:
    """On weekends everything begins two hours later, which weekday times hour cannot say."""

    def late(place: Wall) -> int:
        return 20 * DAY_PROFILE[(place.cell - (2 if place.cell >= 120 else 0)) % 24]

    baseline = learn(written(8 * CELLS, late))
    assert baseline is not None
    assert baseline.cells[5 * 24 + 7] == pytest.approx(40, rel=0.1)
    assert baseline.cells[7] == pytest.approx(140, rel=0.1)


def test_excluded_days_do_not_count() -> None:
    holiday = date(2026, 2, 4)

    def rushed(place: Wall) -> int:
        return (2 if place.day == holiday.toordinal() else 1) * 20 * DAY_PROFILE[place.cell % 24]

    assert learn(written(8 * CELLS, rushed), excluded={holiday}) != learn(written(8 * CELLS, rushed))
    baseline = learn(written(8 * CELLS, rushed), excluded={holiday})
    assert baseline is not None
    assert baseline.days == 55
    assert baseline.cells == pytest.approx(usual(scale=20).cells, rel=0.02, abs=0.05)


def test_an_outage_does_not_become_usual() -> None:
    history = steady(scale=20)
    broken = list(history.counts)
    broken[1000:1040] = [0] * 40
    unknown, told = (
        learn(hours(broken)),
        learn(hours(broken), [Span(since_at=MONDAY + 1000 * HOUR, until_at=MONDAY + 1040 * HOUR)]),
    )
    assert unknown is not None
    assert told is not None
    assert unknown.cells == pytest.approx(usual(20).cells, rel=0.12, abs=0.5)  # clipped, not gone
    assert told.cells == pytest.approx(usual(20).cells, rel=0.02, abs=0.05)


def test_a_trouble_that_is_on_does_not_explain_itself_away() -> None:
    rushed = list(steady(scale=20).counts)
    rushed[-40:] = [3 * (count or 0) for count in rushed[-40:]]
    since_at = MONDAY + (len(rushed) - 40) * HOUR
    unknown = learn(hours(rushed))
    on = learn(hours(rushed), [Span(since_at=since_at, until_at=hours(rushed).end_at)])
    over = learn(hours(rushed), [Span(since_at=since_at, until_at=hours(rushed).end_at - HOUR)])
    assert unknown is not None
    assert on is not None
    assert over is not None
    assert on.spread(24) < 0.02 < unknown.spread(24)
    assert over.spread(24) > 0.02, "what is over and came again is how the site is"


def test_alarms_outside_the_history_or_all_over_it_do_no_harm() -> None:
    history = steady()
    far = [Span(since_at=MONDAY - 99 * HOUR, until_at=MONDAY - 90 * HOUR)]
    later = [Span(since_at=history.end_at + HOUR, until_at=history.end_at + 9 * HOUR)]
    everywhere = [Span(since_at=MONDAY - 9 * HOUR, until_at=history.end_at + 9 * HOUR)]
    assert learn(history, far) == learn(history, later) == learn(history, everywhere) == learn(history)
    assert learn(history, [*far, *later]) == learn(history)


def test_a_site_that_is_smaller_for_good_becomes_a_small_site() -> None:
    halved = list(steady(scale=20).counts)
    halved[-7 * 24 :] = [(count or 0) // 2 for count in halved[-7 * 24 :]]
    baseline = learn(hours(halved))
    assert baseline is not None
    at_noon = baseline.expected(MONDAY + 12 * HOUR)
    assert 0.5 * 240 < at_noon < 0.8 * 240


def test_the_spread_of_a_swinging_site_is_found() -> None:
    """A day noise of 0.18 and an hour noise of 0.15: 0.056 for one hour, about 0.024 for sliding days."""
    found = [learn(drawn(3000, 8, seed)) for seed in range(6)]
    one_hour = [baseline.spread(1) for baseline in found if baseline is not None]
    day = [baseline.spread(24) for baseline in found if baseline is not None]
    assert 0.045 < sum(one_hour) / 6 < 0.085
    assert 0.015 < sum(day) / 6 < 0.045


def test_a_window_between_two_lengths_has_the_spread_of_the_shorter() -> None:
    baseline = replace(usual(), spreads=(0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1))
    assert [baseline.spread(length) for length in (1, 5, 6, 47, 48, 500)] == [0.7, 0.5, 0.4, 0.2, 0.1, 0.1]


def test_a_bigger_site_of_the_same_rhythm_is_expected_in_proportion() -> None:
    small, large = usual(scale=10), usual(scale=1000)
    busy = [cell for cell in range(CELLS) if DAY_PROFILE[cell % 24] > 3]
    for cell in busy:
        assert large.cells[cell] / small.cells[cell] == pytest.approx(100, rel=0.1)


COUNTS = st.one_of(st.none(), st.integers(0, 20), st.just(0), st.just(10**9))


@settings(max_examples=30)
@given(st.lists(COUNTS, min_size=1, max_size=60), st.integers(0, 9 * CELLS), st.integers(0, 10_000))
def test_any_history_is_learnt_or_too_short(pattern: list[int | None], number: int, offset: int) -> None:
    counts = [pattern[each % len(pattern)] for each in range(number)]
    baseline = learn(hours(counts, MONDAY + timedelta(hours=offset)))
    if baseline is not None:
        assert all(cell >= 0 for cell in baseline.cells)
        assert 0.4 <= baseline.level <= 2.5
        assert all(0.005 <= spread <= 1 for spread in baseline.spreads)


def test_a_weekday_that_is_never_known_is_expected_like_the_others() -> None:
    cells = [cell for _ in range(8) for cell in range(CELLS)]
    counts = [None if cell < 24 else float(10 + cell % 24) for cell in cells]
    week = shape.fit(shape.tally(counts, cells))
    assert week[12] == pytest.approx(week[36], rel=0.05)


def test_nobody_ever() -> None:
    baseline = learn(hours([0] * 8 * CELLS))
    assert baseline is not None
    assert set(baseline.cells) == {0}
    assert baseline.level == 1
