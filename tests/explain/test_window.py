"""What can be asked of a stretch of time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.explain.window import alike, days_of, earlier, pieces
from bot.sources.periods import Days, Window, stretch

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def test_hours_of_one_day_are_a_window() -> None:
    assert pieces(berlin("2026-11-18T09:00"), berlin("2026-11-18T12:00"), BERLIN) == (
        Window(day=date(2026, 11, 18), from_time=time(9), to_time=time(12)),
    )


def test_a_stretch_over_midnight_falls_in_two_and_whole_days_between_are_one() -> None:
    found = pieces(berlin("2026-11-15T22:00"), berlin("2026-11-18T02:00"), BERLIN)
    assert found == (
        Window(day=date(2026, 11, 15), from_time=time(22), to_time=time(23, 59)),
        Days(first=date(2026, 11, 16), last=date(2026, 11, 17)),
        Window(day=date(2026, 11, 18), from_time=time(0), to_time=time(2)),
    )
    assert days_of(found) == (date(2026, 11, 15), date(2026, 11, 18))


def test_an_end_at_midnight_leaves_no_piece_of_the_next_day() -> None:
    assert pieces(berlin("2026-11-17T00:00"), berlin("2026-11-18T00:00"), BERLIN) == (
        Days(first=date(2026, 11, 17), last=date(2026, 11, 17)),
    )


def test_an_hour_that_the_clock_shows_twice_has_no_name_of_its_own() -> None:
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in summer time; an hour later it is 02:30 again
    assert pieces(twice, twice + timedelta(hours=1), BERLIN) == ()


def test_less_than_a_minute_is_no_stretch() -> None:
    at = berlin("2026-11-18T09:00")
    with pytest.raises(ValueError, match="minute"):
        pieces(at, at + timedelta(seconds=59), BERLIN)
    assert len(pieces(at, at + timedelta(seconds=60), BERLIN)) == 1


def test_weeks_before_are_the_same_hours_of_the_same_weekday_whatever_the_clocks_do() -> None:
    now = Window(day=date(2026, 10, 28), from_time=time(9), to_time=time(12))
    assert earlier(now, 1) == Window(day=date(2026, 10, 21), from_time=time(9), to_time=time(12))
    days = Days(first=date(2026, 3, 30), last=date(2026, 3, 31))
    assert earlier(days, 2) == Days(first=date(2026, 3, 16), last=date(2026, 3, 17))


INSTANT = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONE = st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")])


@given(since_at=INSTANT, hours=st.integers(1, 200), zone=ZONE)
def test_pieces_follow_each_other_and_stay_inside(since_at: datetime, hours: int, zone: ZoneInfo) -> None:
    since_at = since_at.replace(minute=0, second=0, microsecond=0)
    until_at = since_at + timedelta(hours=hours)
    at = since_at
    for piece in pieces(since_at, until_at, zone):
        begins_at, ends_at = stretch(piece, zone)
        assert at <= begins_at < ends_at <= until_at
        assert begins_at - at <= timedelta(hours=1)  # a minute before midnight, or an hour shown twice
        at = ends_at
    assert until_at - at <= timedelta(hours=1)


def test_weeks_with_a_day_that_was_not_like_others_are_not_compared_with() -> None:
    evening = Window(day=date(2026, 12, 4), from_time=time(18), to_time=time(20))
    black_friday, holiday = date(2026, 11, 27), date(2026, 11, 13)

    def special(day: date) -> bool:
        return day in (black_friday, holiday)

    assert alike([evening], 3, special) == (2, 4, 5)
    assert alike([evening], 3, lambda _: False) == (1, 2, 3)
    weekend = Days(first=date(2026, 12, 3), last=date(2026, 12, 6))
    assert alike([evening, weekend], 3, special) == (2, 4, 5)
    assert alike([evening], 3, lambda _: True) == (1, 2, 3), "something to compare with is needed"
    assert alike([evening], 8, special) == (2, 4, 5, 6, 7, 8)
