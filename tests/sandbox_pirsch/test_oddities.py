"""What surprises clients of the real Pirsch surprises them here, too."""

from datetime import timedelta

import pytest
import requests

from bot.sandbox.pirsch import Simulator, start
from tests.sandbox_pirsch.conftest import NOW, SHOP, Caller, calling, empty_site


def test_empty_lists_are_null(numbers: Caller) -> None:
    assert numbers.shop("/event/meta") is None
    assert numbers.shop("/page", path="/nowhere") is None


def test_lists_can_be_lists() -> None:
    with start(empty_site(null_lists=False)) as pirsch, calling(pirsch) as api:
        assert api.shop("/page") == []
        assert api.get("/statistics/active", id=pirsch.domain_id(SHOP))["stats"] == []


def test_the_last_row_lies_in_the_future_and_is_empty(numbers: Caller) -> None:
    rows = numbers.shop("/visitor", from_="2026-11-17", to="2026-12-24")
    assert [row["day"][:10] for row in rows] == ["2026-11-17", "2026-11-18", "2026-11-19"]
    assert rows[-1]["visitors"] == rows[-1]["sessions"] == 0


def test_gaps_are_filled_with_zeros_before_the_record_begins(numbers: Caller) -> None:
    rows = numbers.shop("/visitor", from_="2026-07-01", to="2026-07-05")
    assert [row["visitors"] for row in rows] == [0] * 5


def test_growth_from_nothing_is_exactly_one(numbers: Caller) -> None:
    grown = numbers.shop("/growth", from_="2026-07-21", to="2026-07-30")
    assert grown["visitors_growth"] == 1
    assert grown["cr_growth"] == 0


def test_whole_floats_arrive_as_integers(numbers: Caller) -> None:
    reply = numbers.send("GET", "/statistics/hostname", {"id": numbers.pirsch.domain_id(SHOP)} | DAYS)
    assert '"relative_visitors":1,' in reply.text


DAYS = {"from": "2026-11-10", "to": "2026-11-12"}


def test_invalid_countries_are_ignored_without_a_word(numbers: Caller) -> None:
    unfiltered = numbers.shop("/total")
    for country in ("germany", "~d", "^de", ""):
        assert numbers.shop("/total", country=country) == unfiltered
    assert numbers.shop("/total", country="DE")["visitors"] < unfiltered["visitors"]


def test_offset_needs_a_limit_and_no_more_than_100_rows_come(numbers: Caller) -> None:
    first = numbers.shop("/session/list")
    assert len(first) == 100
    assert numbers.shop("/session/list", offset=10) == first
    assert numbers.shop("/session/list", limit=500) == first
    assert numbers.shop("/session/list", limit=5, offset=10) == first[10:15]


def test_expires_at_has_nine_digits(still: Simulator) -> None:
    keys = still.keys.user
    body = {
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "grant_type": "client_credentials",
    }
    reply = requests.post(f"{still.url}/api/v1/token", json=body, timeout=20).json()
    assert set(reply) == {"access_token", "expires_at"}
    assert len(reply["expires_at"].partition(".")[2]) == len("123456789Z")


def test_mutations_answer_nothing(api: Caller, pirsch: Simulator) -> None:
    reply = api.send("POST", "/domain/name", body={"domain_id": pirsch.domain_id(SHOP), "display_name": "Us"})
    assert (reply.status_code, reply.content) == (200, b"")


def test_the_overview_is_half_an_hour_old(api: Caller, pirsch: Simulator) -> None:
    def overview() -> object:
        return api.get("/statistics/overview", id=pirsch.domain_id(SHOP))

    first = overview()
    pirsch.advance(timedelta(minutes=29))
    assert overview() == first
    pirsch.advance(timedelta(minutes=61))
    with calling(pirsch) as later:
        assert later.get("/statistics/overview", id=pirsch.domain_id(SHOP)) != first


def test_events_do_not_make_a_visitor_active(pirsch: Simulator, api: Caller) -> None:
    before = api.get("/statistics/active", id=pirsch.domain_id(SHOP))
    assert api.get("/statistics/active", id=pirsch.domain_id(SHOP), start=600) == before


@pytest.mark.parametrize("sunday", [False, True])
def test_weeks_begin_where_the_hidden_switch_says(api: Caller, pirsch: Simulator, sunday: bool) -> None:
    if sunday:
        api.post("/domain/start-week-sunday", domain_id=pirsch.domain_id(SHOP))
    rows = api.shop("/visitor", scale="week", from_="2026-11-04", to="2026-11-17")
    assert rows[0]["week"][:10] == ("2026-11-01" if sunday else "2026-11-02")
    assert rows[0]["day"] is None


def test_hours_are_those_of_the_day_summed(numbers: Caller) -> None:
    one, two = (numbers.shop("/hours", from_="2026-11-10", to=to) for to in ("2026-11-10", "2026-11-11"))
    assert len(one) == len(two) == 24
    assert sum(row["sessions"] for row in two) > sum(row["sessions"] for row in one) * 1.3


def test_today_ends_now(numbers: Caller) -> None:
    rows = numbers.shop("/hours", from_=f"{NOW:%Y-%m-%d}", to=f"{NOW:%Y-%m-%d}")
    assert all(row["sessions"] == 0 for row in rows[16:])  # 14:30 by UTC is 15:30 in Berlin
    assert any(row["sessions"] for row in rows[:16])


def test_the_second_of_to_time_belongs_to_both_windows(numbers: Caller) -> None:
    """As in the vendor's core; sums of hours asked one by one can exceed the day by such sessions."""
    day = {"from_": "2026-11-10", "to": "2026-11-10"}
    parts = [
        numbers.shop("/total", from_time=f"{hour:02}:00", to_time=f"{hour + 1:02}:00", **day)["sessions"]
        for hour in range(23)
    ]
    whole = numbers.shop("/total", from_time="00:00", to_time="23:00", **day)["sessions"]
    assert whole <= sum(parts) <= whole + 2
