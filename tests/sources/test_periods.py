"""The hours of a day, wherever and however the clocks change."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.periods import Days, Window, bounds, completed, one_day, real_hours, stretch, wall_hours

HOUR = timedelta(hours=1)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # the clocks go back at 1:00, to midnight
    "Africa/Cairo",  # and forward at midnight
    "Asia/Beirut",  # back at midnight, into the day before
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Apia",  # there was no 30 December 2011
]
DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@given(DAYS, st.sampled_from(ZONES))
def test_hours_fill_the_day_without_gap_or_overlap(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    starts_at, ends_at = bounds(day, zone)
    for hours in (wall_hours(day, zone), real_hours(day, zone)):
        edges = [starts_at, *(one.ends_at for one in hours)]
        assert [one.starts_at for one in hours] == edges[:-1]
        assert edges[-1] == ends_at
        assert all(one.starts_at.astimezone(zone).hour == one.hour for one in hours)
        assert all(one.starts_at.utcoffset() == timedelta(0) for one in hours)
    assert len({one.hour for one in wall_hours(day, zone)}) == len(wall_hours(day, zone))
    assert all(one.ends_at - one.starts_at <= HOUR for one in real_hours(day, zone))


@pytest.mark.parametrize(
    ("zone", "day", "on_the_wall", "real"),
    [
        ("Europe/Berlin", date(2026, 5, 1), 24, 24),
        ("Europe/Berlin", date(2026, 3, 29), 23, 23),
        ("Europe/Berlin", date(2026, 10, 25), 24, 25),
        ("America/Havana", date(2026, 11, 1), 24, 25),
        ("Africa/Cairo", date(2026, 4, 24), 23, 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24, 25),  # the last of them half an hour
        ("Australia/Lord_Howe", date(2026, 10, 4), 24, 24),
        ("Pacific/Apia", date(2011, 12, 30), 0, 0),
    ],
)
def test_a_day_has_the_hours_that_it_has(zone: str, day: date, on_the_wall: int, real: int) -> None:
    assert len(wall_hours(day, ZoneInfo(zone))) == on_the_wall
    assert len(real_hours(day, ZoneInfo(zone))) == real


def test_days() -> None:
    week = Days(first=date(2026, 2, 26), last=date(2026, 3, 4))
    assert len(week) == len(list(week)) == 7
    assert str(week) == "2026-02-26 to 2026-03-04"
    assert str(one_day(week.first)) == "2026-02-26"
    assert week.shifted(-7).last == date(2026, 2, 25)
    assert completed(date(2026, 3, 5), 7) == week
    with pytest.raises(ValueError, match="after"):
        Days(first=week.last, last=week.first)


def test_windows() -> None:
    window = Window(day=date(2026, 5, 1), from_time=time(9), to_time=time(9, 30))
    since, until = stretch(window, ZoneInfo("Europe/Berlin"))
    assert until - since == timedelta(minutes=30)
    assert since == datetime(2026, 5, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert str(window) == "2026-05-01 09:00 to 09:30"
    with pytest.raises(ValueError, match="not before"):
        Window(day=date(2026, 5, 1), from_time=time(9), to_time=time(9))
