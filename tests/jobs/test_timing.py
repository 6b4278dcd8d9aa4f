"""When jobs are due, whatever the clocks on the wall do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import Every, OnWall

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
INSTANTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + passed * MINUTE
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_so_long_means_the_same_instants_in_every_process() -> None:
    every = Every(length=10 * MINUTE, shift=2 * MINUTE)
    assert every.next_after(utc("2026-03-02 12:01:59")) == utc("2026-03-02 12:02")
    assert every.next_after(utc("2026-03-02 12:02")) == utc("2026-03-02 12:12")
    assert every.next_after(utc("2026-03-02 12:03")) == utc("2026-03-02 12:12")


def test_more_than_once_a_second_is_no_job() -> None:
    with pytest.raises(ValueError, match="once a second"):
        Every(length=timedelta(milliseconds=999))
    Every(length=timedelta(seconds=1))


@given(INSTANTS, st.integers(1, 100_000), st.integers(0, 100_000))
def test_the_next_time_is_later_and_not_too_late(at: datetime, seconds: int, shift: int) -> None:
    every = Every(length=timedelta(seconds=seconds), shift=timedelta(seconds=shift))
    assert timedelta(0) < every.next_after(at) - at <= every.length


MONDAY = OnWall(at=time(8), zone=BERLIN, weekdays=frozenset({0}))


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-03-02 06:59:59", "2026-03-02 07:00"),
        ("2026-03-02 07:00", "2026-03-09 07:00"),
        ("2026-03-23 07:00", "2026-03-30 06:00"),  # summer time begins on the 29th
        ("2026-10-19 06:00", "2026-10-26 07:00"),  # and ends on 25 October
    ],
)
def test_monday_at_eight_is_at_eight(after: str, due: str) -> None:
    assert MONDAY.next_after(utc(after)) == utc(due)


def test_a_time_that_clocks_leave_out_comes_as_much_later() -> None:
    nightly = OnWall(at=time(2, 30), zone=BERLIN)
    assert nightly.next_after(utc("2026-03-29 00:00")) == utc("2026-03-29 01:30")  # 03:30 on the wall
    assert nightly.next_after(utc("2026-03-29 01:30")) == utc("2026-03-30 00:30")


@pytest.mark.parametrize("after", ["2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"])
def test_a_time_that_comes_twice_counts_once(after: str) -> None:
    nightly = OnWall(at=time(2, 30), zone=BERLIN)
    assert nightly.next_after(utc("2026-10-25 00:29:59")) == utc("2026-10-25 00:30")
    assert nightly.next_after(utc(after)) == utc("2026-10-26 01:30")


@pytest.mark.parametrize(
    ("day", "after", "due"),
    [
        (1, "2026-01-31 23:00", "2026-02-01 07:00"),
        (31, "2026-02-01 00:00", "2026-02-28 07:00"),
        (31, "2028-02-01 00:00", "2028-02-29 07:00"),
        (31, "2026-03-30 00:00", "2026-03-31 06:00"),
    ],
)
def test_a_month_without_that_day_has_it_on_its_last(day: int, after: str, due: str) -> None:
    assert OnWall(at=time(8), zone=BERLIN, day_of_month=day).next_after(utc(after)) == utc(due)


@given(
    INSTANTS, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]), st.times()
)
def test_once_a_day_and_never_twice(at: datetime, zone: str, clock: time) -> None:
    daily = OnWall(at=clock.replace(second=0, microsecond=0), zone=ZoneInfo(zone))
    days = list[date]()
    for _ in range(5):
        at = daily.next_after(at)
        days.append(at.astimezone(daily.zone).date())
    assert days == [days[0] + n * DAY for n in range(5)]


@pytest.mark.parametrize(("weekdays", "day"), [(frozenset(), None), ({7}, None), ({0}, 0), ({0}, 32)])
def test_days_that_do_not_exist_are_refused(weekdays: frozenset[int], day: int | None) -> None:
    with pytest.raises(ValueError, match="numbered from"):
        OnWall(at=time(8), zone=BERLIN, weekdays=frozenset(weekdays), day_of_month=day)


def test_a_timing_says_when() -> None:
    assert str(MONDAY) == "mon 08:00 Europe/Berlin"
    assert str(OnWall(at=time(7, 30), zone=BERLIN)) == "daily 07:30 Europe/Berlin"
    assert str(OnWall(at=time(8), zone=BERLIN, day_of_month=1)) == "day 1 of the month 08:00 Europe/Berlin"
    assert str(Every(length=DAY)) == "every 1 day, 0:00:00"
