"""Which time a call is about, and with which it is compared."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from bot.sandbox.pirsch import period
from bot.sandbox.pirsch.refusal import Refused
from bot.sandbox.pirsch.statistics import funnels
from bot.sandbox.pirsch.statistics.growth import growth

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text())
NOW = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
TODAY = NOW.date()


def read(timezone: str = "UTC", now: datetime = NOW, /, **query: str) -> period.Period:
    return period.read(MultiDict({name.rstrip("_"): value for name, value in query.items()}), timezone, now)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize("vector", VECTORS["growth"])
def test_growth(vector: dict[str, float]) -> None:
    assert growth(vector["current"], vector["previous"]) == pytest.approx(vector["growth"])


def test_several_days_are_compared_with_as_many_before() -> None:
    before = period.before(read(from_=str(ago(5)), to=str(TODAY)), NOW)
    assert (before.first, before.last) == (ago(11), ago(6))


def test_a_past_day_is_compared_with_the_same_weekday() -> None:
    before = period.before(read(from_=str(ago(1)), to=str(ago(1))), NOW)
    assert (before.first, before.last) == (ago(8), ago(8))
    assert before.until - before.since == 86_400


def test_today_is_compared_up_to_this_time_of_day() -> None:
    before = period.before(read(from_=str(TODAY), to=str(TODAY)), NOW)
    assert before.first == ago(7)
    assert before.until == int((NOW - timedelta(days=7)).timestamp())


def test_today_is_judged_by_utc() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)  # the 19th in Berlin
    local_today = read("Europe/Berlin", late, from_="2026-11-19", to="2026-11-19")
    whole = period.before(local_today, late)
    assert whole.until - whole.since == 86_400  # half an hour is compared with a whole day


def test_hours_are_compared_with_those_of_yesterday() -> None:
    morning = read(from_=str(TODAY), to=str(TODAY), from_time="00:00", to_time="04:00")
    before = period.before(morning, NOW)
    assert (morning.since - before.since, morning.until - before.until) == (86_400, 86_400)


def test_the_vectors_of_earlier_periods_are_all_told_above() -> None:
    assert len(VECTORS["previous_period"]) == 4


def test_funnel_rows() -> None:
    rows = funnels.rows(VECTORS["funnel"]["visitors"])
    for row, expected in zip(rows, VECTORS["funnel"]["expected"], strict=True):
        assert row == pytest.approx(expected, abs=1e-4)
    assert [row["drop_off"] for row in funnels.rows([0, 0])] == [0, 0]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_days_are_as_long_as_they_are(day: str, hours: int) -> None:
    found = read("Europe/Berlin", from_=day, to=day)
    assert found.until - found.since == hours * 3600


def test_the_query_zone_beats_the_dashboard() -> None:
    found = read("Europe/Berlin", from_="2026-11-01", to="2026-11-01", tz="America/New_York")
    assert found.zone == ZoneInfo("America/New_York")


def test_wrong_order_is_swapped_and_the_future_is_cut() -> None:
    found = read(from_="2027-01-01", to="2026-11-01")
    assert (found.first, found.last) == (date(2026, 11, 1), TODAY + timedelta(days=1))


def test_times_count_on_one_day_only() -> None:
    times = {"from_time": "10:00", "to_time": "11:00"}
    assert read(from_="2026-11-01", to="2026-11-01", **times).within_day
    assert not read(from_="2026-11-01", to="2026-11-02", **times).within_day


def test_start_beats_dates_and_ends_at_an_hour() -> None:
    found = read(from_="2026-11-01", to="2026-11-02", start="999999")
    assert found.until - found.since == 3601


@pytest.mark.parametrize(
    "query",
    [
        {"from_": "yesterday", "to": "2026-11-01"},
        {"to": "2026-11-01"},
        {"from_": "2026-11-01", "to": "2026-11-01", "tz": "Mars/Olympus"},
        {"from_": "2026-11-01", "to": "2026-11-01", "tz": "../../etc/passwd"},
        {"from_": "2026-11-01", "to": "2026-11-01", "from_time": "25:99"},
        {"start": "ten"},
    ],
)
def test_nonsense_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        read(**query)
    assert refusal.value.status == 400
    assert refusal.value.fields
