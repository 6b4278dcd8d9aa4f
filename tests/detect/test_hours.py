"""Hours by instant, and where they stand on the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.hours import HOUR, Hours, wall
from tests.detect.building import BERLIN, MONDAY, hours

SPRING = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight of the Sunday on which Berlin skips an hour
AUTUMN = datetime(2026, 10, 24, 22, tzinfo=UTC)


def test_a_monday_begins_with_the_first_hour_of_the_week() -> None:
    assert wall(MONDAY, BERLIN).cell == 0
    assert [place.cell for place in hours([0] * 3).walls()] == [0, 1, 2]


def test_the_day_of_23_hours_skips_one_on_the_wall() -> None:
    places = list(hours([0] * 24, SPRING).walls())
    assert [place.cell % 24 for place in places][:4] == [0, 1, 3, 4]
    assert sum(place.day == places[0].day for place in places) == 23


def test_the_day_of_25_hours_has_one_twice() -> None:
    places = list(hours([0] * 26, AUTUMN).walls())
    assert [place.cell % 24 for place in places][:5] == [0, 1, 2, 2, 3]
    assert sum(place.day == places[0].day for place in places) == 25


@given(
    st.integers(0, 10 * 366 * 24),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC"]),
    st.integers(0, 400),
)
def test_counting_on_is_what_the_wall_says(after: int, name: str, number: int) -> None:
    zone, first_at = ZoneInfo(name), datetime(2020, 1, 1, tzinfo=UTC) + after * HOUR
    found = list(Hours(first_at=first_at, counts=(0,) * number, zone=zone).walls())
    assert found == [wall(first_at + each * HOUR, zone) for each in range(number)]


def test_parts_of_hours() -> None:
    whole = hours([1, 2, 3, 4])
    assert whole.end_at == MONDAY + 4 * HOUR
    assert whole.last(2) == hours([3, 4], MONDAY + 2 * HOUR)
    assert whole.last(9) == whole
    assert whole.until(MONDAY + timedelta(minutes=119)) == hours([1])
    assert whole.until(MONDAY - HOUR) == hours([])
    assert whole.until(MONDAY + 99 * HOUR) == whole


@pytest.mark.parametrize("number", [0, 1, 24, 25])
def test_every_hour_has_a_place(number: int) -> None:
    assert len(list(hours([0] * number).walls())) == number
