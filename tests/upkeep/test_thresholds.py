"""Pirsch's own thresholds follow the site, slowly, and say why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.periods import wall_hours
from bot.sources.source import Bucket, Traffic
from bot.upkeep import advising
from bot.upkeep.thresholds import (
    PAUSE,
    SPIKES,
    Present,
    Range,
    Reason,
    at_once,
    daily_peaks,
    silence,
    spike,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STAY = timedelta(minutes=15)
LONG_AGO = NOON - timedelta(days=30)


def set_to(value: int, at: datetime = LONG_AGO) -> Present:
    return Present(value=value, set_at=at)


def test_visitors_at_once_are_their_rate_times_their_stay() -> None:
    assert at_once(400, timedelta(minutes=15)) == 100
    assert at_once(400, timedelta(hours=3)) == 400  # nobody is counted twice within an hour


def test_the_threshold_is_twice_the_usual_peak_and_one_wild_day_in_twenty_is_left_aside() -> None:
    calm = spike([400] * 56, STAY, None, NOON)
    wild = spike([400] * 54 + [9000, 9000], STAY, None, NOON)
    assert (calm.value, calm.reason) == (200, Reason.FIRST)
    assert wild.value == 200
    assert "400 visitors" in calm.why
    assert "15 minutes" in calm.why


def test_a_small_site_keeps_away_from_chance() -> None:
    tiny = spike([2] * 56, STAY, None, NOON)  # half a visitor at once
    assert tiny.value == SPIKES.least
    small = spike([40] * 56, STAY, None, NOON, Range(least=1, most=1000))  # ten at once
    assert small.value == 24  # more than twice ten: Poisson exceeds 23 once in 10,000 looks


@pytest.mark.parametrize(("days", "reason"), [(13, Reason.TOO_LITTLE_KNOWN), (14, Reason.FIRST)])
def test_two_weeks_have_to_be_known(days: int, reason: Reason) -> None:
    assert spike([400] * days, STAY, None, NOON).reason is reason
    assert silence([400] * days, None, NOON).reason is reason


@pytest.mark.parametrize(
    ("present", "reason"),
    [
        (160, Reason.CLOSE_ENOUGH),  # 200 is a quarter more
        (159, Reason.MOVED),
        (266, Reason.CLOSE_ENOUGH),
        (267, Reason.MOVED),
    ],
)
def test_it_is_written_again_only_when_it_is_a_quarter_off(present: int, reason: Reason) -> None:
    advice = spike([400] * 56, STAY, set_to(present), NOON)
    assert advice.reason is reason
    assert advice.value == (200 if reason.writes else present)


def test_it_is_written_once_a_day_at_most() -> None:
    early = spike([400] * 56, STAY, set_to(50, NOON - PAUSE + timedelta(seconds=1)), NOON)
    due = spike([400] * 56, STAY, set_to(50, NOON - PAUSE), NOON)
    assert (early.value, early.reason) == (50, Reason.SET_TODAY)
    assert (due.value, due.reason) == (200, Reason.MOVED)


@given(st.lists(st.integers(0, 10**7), min_size=14, max_size=60), st.integers(0, 7200))
def test_it_stays_in_its_range_and_above_the_usual_peak(peaks: list[int], stay: int) -> None:
    advice = spike(peaks, timedelta(seconds=stay), None, NOON)
    assert advice.value is not None
    assert SPIKES.least <= advice.value <= SPIKES.most
    again = spike(peaks, timedelta(seconds=stay), set_to(advice.value), NOON)
    assert again.reason is Reason.CLOSE_ENOUGH  # what it wrote, it leaves


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        pytest.param([50] * 56, 2, id="somebody every day"),
        pytest.param(([50] * 6 + [0]) * 8, 4, id="closed on Sundays"),
        pytest.param([50] * 50 + [0] * 5 + [50], 6, id="one long silence"),
        pytest.param([0] * 56, 30, id="nobody at all"),
    ],
)
def test_silence_is_news_after_the_longest_that_was_usual(days: list[int], wanted: int) -> None:
    assert silence(days, None, NOON).value == wanted


def test_only_whole_and_completed_days_have_a_peak() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, short, running = date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)  # the clocks go forward

    def buckets(day: date, most: int, complete: bool = True) -> list[Bucket]:
        return [
            Bucket(
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                day=one.day,
                hour=one.hour,
                traffic=Traffic(visitors=most if one.hour == 20 else 1),
                complete=complete or one.hour < 12,
            )
            for one in wall_hours(day, zone)
        ]

    known = [*buckets(first, 30), *buckets(short, 40), *buckets(running, 99, complete=False)]
    assert daily_peaks(known) == (30, 40)
    assert daily_peaks(buckets(first, 30)[5:]) == ()


def test_a_range_is_one_that_pirsch_takes() -> None:
    with pytest.raises(ValueError, match="from one at least"):
        Range(least=0, most=5)


@pytest.mark.parametrize(
    ("window", "threshold", "says"),
    [
        (None, 200, "(10 of them after the last page, assumed: the dashboard does not tell)"),
        (timedelta(minutes=10), 200, "(10 of them after the last page, as the dashboard says)"),
        (timedelta(minutes=25), 400, "(25 of them after the last page, as the dashboard says)"),
    ],
)
def test_the_window_of_the_dashboard_counts_and_an_assumption_is_said(
    window: timedelta | None, threshold: int, says: str
) -> None:
    advice = advising.spike([400] * 56, window, None, NOON)
    assert advice.value == threshold
    assert advice.why.endswith(says)
