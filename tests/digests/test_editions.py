"""Which days an edition is about: no day is missing and none is told twice, whatever clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import editions
from bot.jobs import OnWall
from bot.sources.growth import comparable
from bot.sources.periods import DAY, Days

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "Asia/Kolkata"]
)


def on(*weekdays: int, at: time = time(8), zone: ZoneInfo = BERLIN, day: int | None = None) -> OnWall:
    return OnWall(at=at, zone=zone, weekdays=frozenset(weekdays or range(7)), day_of_month=day)


def days(first: str, last: str) -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("timing", "now", "told"),
    [
        pytest.param(on(0), "2026-11-16T07:00", days("2026-11-09", "2026-11-15"), id="at its very time"),
        pytest.param(on(0), "2026-11-16T06:59", days("2026-11-02", "2026-11-08"), id="a minute before"),
        pytest.param(on(), "2026-11-16T07:00", days("2026-11-15", "2026-11-15"), id="daily: yesterday"),
        pytest.param(on(day=1), "2026-12-01T07:00", days("2026-11-01", "2026-11-30"), id="the month"),
        pytest.param(on(day=1), "2027-03-01T07:00", days("2027-02-01", "2027-02-28"), id="a short month"),
        pytest.param(on(day=31), "2026-11-30T07:00", days("2026-10-31", "2026-11-29"), id="the last day"),
        pytest.param(
            on(0, 1, 2, 3, 4), "2026-11-16T07:00", days("2026-11-13", "2026-11-15"), id="after a weekend"
        ),
        pytest.param(on(0, 3), "2026-11-19T07:00", days("2026-11-16", "2026-11-18"), id="twice a week"),
        pytest.param(
            on(at=time(2, 30)), "2026-03-29T01:30", days("2026-03-28", "2026-03-28"), id="no such time"
        ),
        pytest.param(
            on(at=time(2, 30)), "2026-10-25T00:30", days("2026-10-24", "2026-10-24"), id="the first of two"
        ),
        pytest.param(
            on(at=time(2, 30)), "2026-10-25T01:30", days("2026-10-24", "2026-10-24"), id="the second of two"
        ),
    ],
)
def test_the_days_of_an_edition(timing: OnWall, now: str, told: Days) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    edition = editions.latest(timing, timing.zone, at)
    assert edition.days == told
    assert edition.due_at <= at < edition.next_at


@given(
    zone=ZONES,
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 15, 30, 59]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    day=st.none() | st.integers(1, 31),
    start=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_editions_follow_each_other_without_a_gap_and_without_an_overlap(
    zone: str, hour: int, minute: int, weekdays: frozenset[int], day: int | None, start: date
) -> None:
    timing = OnWall(at=time(hour, minute), zone=ZoneInfo(zone), weekdays=weekdays, day_of_month=day)
    at = datetime(start.year, start.month, start.day, tzinfo=UTC)
    before = editions.latest(timing, timing.zone, at)
    for _ in range(15):
        edition = editions.latest(timing, timing.zone, before.next_at)
        assert edition.due_at == before.next_at
        assert edition.days.first == before.days.last + DAY
        assert edition.days.last < edition.due_at.astimezone(timing.zone).date()
        assert edition.period != before.period
        before = edition


def test_what_came_too_late_is_named_up_to_the_one_that_is_told() -> None:
    timing = on()
    told = editions.latest(timing, BERLIN, datetime(2026, 11, 20, 12, tzinfo=UTC))
    since = datetime(2026, 11, 16, 7, tzinfo=UTC)
    skipped = editions.too_old(timing, BERLIN, since, told)
    assert [str(one.days) for one in skipped] == ["2026-11-16", "2026-11-17", "2026-11-18"]
    assert editions.too_old(timing, BERLIN, skipped[-1].due_at, told) == ()
    assert editions.too_old(timing, BERLIN, told.due_at, told) == ()


def test_after_a_very_long_sleep_only_the_latest_are_named() -> None:
    timing = on()
    told = editions.latest(timing, BERLIN, datetime(2026, 11, 20, 12, tzinfo=UTC))
    skipped = editions.too_old(timing, BERLIN, datetime(2025, 1, 1, tzinfo=UTC), told)
    assert len(skipped) == editions.MOST_SKIPPED
    assert skipped[-1].next_at == told.due_at


@pytest.mark.parametrize(
    ("late", "said"), [(editions.LATE - timedelta(seconds=1), False), (editions.LATE, True)]
)
def test_what_comes_late_says_so(late: timedelta, said: bool) -> None:
    edition = editions.latest(on(0), BERLIN, datetime(2026, 11, 16, 7, tzinfo=UTC))
    assert (edition.late(edition.due_at + late) == late) is said


@pytest.mark.parametrize(
    ("today", "told"),
    [
        pytest.param("2026-11-16", days("2026-11-09", "2026-11-15"), id="over there as here"),
        pytest.param("2026-11-15", days("2026-11-08", "2026-11-14"), id="the last day goes on there"),
        pytest.param("2026-11-20", days("2026-11-09", "2026-11-15"), id="long over"),
    ],
)
def test_a_site_in_the_west_tells_as_many_days_that_are_over(today: str, told: Days) -> None:
    assert editions.for_site(days("2026-11-09", "2026-11-15"), date.fromisoformat(today)) == told


@pytest.mark.parametrize(
    "told",
    [days("2026-11-15", "2026-11-15"), days("2026-11-09", "2026-11-15"), days("2026-11-01", "2026-11-30")],
)
def test_earlier_periods_go_back_step_by_step(told: Days) -> None:
    found = editions.earlier(comparable(told))
    assert len(found) == editions.HISTORY
    assert found[-1] == comparable(told).before
    assert all(a == comparable(b).before for a, b in pairwise(found))


def test_a_time_that_never_comes_is_refused() -> None:
    class Never:
        def next_after(self, at: datetime) -> datetime:
            return datetime.max.replace(tzinfo=UTC)

    with pytest.raises(ValueError, match="never"):
        editions.previous(Never(), datetime(2026, 11, 16, tzinfo=UTC))
