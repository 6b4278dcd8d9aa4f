"""Times of the week on the wall, also on the days on which clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Weekly

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta(seconds=1)


def wall(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def nights(begins: str = "22:00", ends: str = "06:00", *days: int) -> Weekly:
    chosen = frozenset(days) if days else frozenset(range(7))
    return Weekly(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=BERLIN, days=chosen)


def test_it_lasts_over_midnight_and_belongs_to_the_day_on_which_it_begins() -> None:
    saturday = nights("22:00", "06:00", 5)
    begin, end = wall("2026-11-14 22:00"), wall("2026-11-15 06:00")
    assert saturday.ends_at(begin - TICK) is None
    assert saturday.ends_at(begin) == saturday.ends_at(end - TICK) == end
    assert saturday.ends_at(end) is None
    assert saturday.next_at(begin) == wall("2026-11-21 22:00")
    assert saturday.next_at(begin - TICK) == begin


def test_a_whole_day_begins_and_ends_at_the_same_time() -> None:
    sunday = nights("00:00", "00:00", 6)
    assert sunday.ends_at(wall("2026-11-15 00:00")) == wall("2026-11-16 00:00")
    assert sunday.ends_at(wall("2026-11-14 23:59:59")) is None


@pytest.mark.parametrize(
    ("begins", "ends", "day", "hours"),
    [
        pytest.param("22:00", "06:00", "2026-03-28", 7, id="the night that lacks an hour"),
        pytest.param("22:00", "06:00", "2026-10-24", 9, id="the night that has one more"),
        pytest.param("01:00", "02:30", "2026-10-25", 2.5, id="it ends with the second 02:30"),
        pytest.param("02:30", "04:00", "2026-10-25", 2.5, id="it begins with the first 02:30"),
        pytest.param("02:30", "04:00", "2026-03-29", 0.5, id="02:30 that there is not comes an hour later"),
        pytest.param("01:00", "02:30", "2026-03-29", 1.5, id="and ends as much later"),
        pytest.param("00:00", "00:00", "2026-03-29", 23, id="a short day"),
        pytest.param("00:00", "00:00", "2026-10-25", 25, id="a long day"),
    ],
)
def test_it_is_right_when_clocks_change(begins: str, ends: str, day: str, hours: float) -> None:
    every = nights(begins, ends)
    begin = wall(f"{day} {begins}")
    end = every.ends_at(begin)
    assert end is not None
    assert end - begin == timedelta(hours=hours)
    assert every.ends_at(begin - TICK) in (None, begin)
    assert every.ends_at(end) != end


TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])
BEGAN = datetime(2011, 12, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=7000)).map(lambda length: BEGAN + length)


@given(TIMES, TIMES, ZONES, st.sets(st.integers(0, 6), min_size=1), INSTANTS)
def test_what_it_says_about_its_ends_is_true(
    begins: time, ends: time, zone: str, days: set[int], now: datetime
) -> None:
    weekly = Weekly(begins=begins, ends=ends, zone=ZoneInfo(zone), days=frozenset(days))
    coming = weekly.next_at(now)
    assert coming > now
    assert weekly.ends_at(coming) is not None
    end = weekly.ends_at(now)
    if end is not None:
        assert end > now
        assert weekly.ends_at(end - TICK / 1000) is not None
