"""Each number stands beside one of a named period; the running day stands apart."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cli.numbers import periods
from bot.sandbox.pirsch import Simulator
from bot.sandbox.pirsch.faults import forbidden
from bot.sources.periods import Days
from tests.cli_numbers.conftest import ZONE, Type

TOTAL = "/statistics/total"


@pytest.fixture
def today(simulator: Simulator) -> date:
    return simulator.clock().astimezone(ZoneInfo(ZONE)).date()


def told(run: Type, site: str) -> Any:
    result = run("--site", site, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 21), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
        (date(2024, 3, 31), date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_last_month_is_the_whole_one_before_this(today: date, first: date, last: date) -> None:
    found = periods(today)
    assert found["last whole month"] == Days(first=first, last=last)
    assert found["yesterday"].last == found["last 7 whole days"].last == today - timedelta(days=1)
    assert [len(days) for days in found.values()] == [1, 7, (last - first).days + 1]


def test_each_period_stands_beside_one_before_it(run: Type, today: date) -> None:
    found = told(run, "shop")
    yesterday, week, month = found["periods"]
    assert yesterday["now"]["first"] == str(today - timedelta(days=1))
    assert yesterday["before"]["first"] == str(today - timedelta(days=8))
    assert (week["now"]["first"], week["now"]["last"]) == tuple(
        str(today - timedelta(days=days)) for days in (7, 1)
    )
    assert (week["before"]["first"], week["before"]["last"]) == tuple(
        str(today - timedelta(days=days)) for days in (14, 8)
    )
    assert [one["base"] for one in found["periods"]] == [
        "the same weekdays before",
        "the same weekdays before",
        "the months before",
    ]
    assert date.fromisoformat(month["before"]["last"]).day >= 28
    assert found["zone"] == ZONE


def test_the_change_is_that_of_the_two_numbers(run: Type) -> None:
    found = told(run, "shop")
    for one in found["periods"]:
        now, before = one["now"], one["before"]
        days = [
            (date.fromisoformat(side["last"]) - date.fromisoformat(side["first"])).days + 1
            for side in (now, before)
        ]
        assert one["by_the_day"] == (days[0] != days[1])
        for name in ("visitors", "views", "sessions", "bounces"):
            expected = now[name] / days[0] / (before[name] / days[1]) - 1
            assert one["change"][name] == pytest.approx(expected), name
        assert now["bounce_rate"] == pytest.approx(now["bounces"] / now["sessions"])
        points = now["bounce_rate"] - before["bounce_rate"]
        assert one["change"]["bounce_rate_points"] == pytest.approx(points)


def test_the_running_day_is_marked_and_not_compared(run: Type, today: date) -> None:
    found = told(run, "shop")
    assert found["today"]["day"] == str(today)
    assert found["today"]["complete"] is False
    assert "change" not in found["today"]
    assert found["active"]["within_seconds"] == 600
    assert datetime.fromisoformat(found["active"]["at"]).utcoffset() == timedelta(0)


def test_people_read_the_base_in_words_and_dates(run: Type, today: date) -> None:
    result = run("--site", "shop")
    assert result.exit_code == 0, result.output
    lines = [line.strip() for line in result.stdout.splitlines()]
    ends = [today - timedelta(days=days) for days in (14, 8)]
    assert lines[0] == "shop.example.com, days of Asia/Tokyo"
    assert f"Yesterday, {today - timedelta(days=1)}" in lines
    assert f"beside the same weekdays before, {ends[1]}" in lines
    assert f"beside the same weekdays before, {ends[0]} to {ends[1]}" in lines
    assert f"Today, {today}: still running, and compared with nothing" in lines
    assert sum(line.startswith("bounce rate") and line.endswith("points") for line in lines) == 3
    assert lines[-1].startswith("Active now: ")
    assert "no base" not in result.stdout


def test_where_nothing_was_before_there_is_no_percentage(run: Type) -> None:
    result = run("--site", "blog")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("no base") == 15
    assert "%" not in result.stdout
    assert {value for one in told(run, "blog")["periods"] for value in one["change"].values()} == {None}


def test_what_a_person_must_mend_is_said_in_words(run: Type, simulator: Simulator) -> None:
    simulator.faults.plan(forbidden().to("GET", TOTAL, times=9))
    result = run("--site", "shop")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "What to do: Give the client the scopes" in result.stderr


def test_a_site_that_is_not_at_pirsch_is_named(run: Type) -> None:
    result = run("--site", "nowhere.example.com")
    assert result.exit_code == 1
    assert "no dashboard of nowhere.example.com" in result.stderr


@pytest.mark.parametrize(
    "words", [["--output", "x.csv"], ["--history", "1", "--format", "json"], ["--history", "0"], []]
)
def test_what_does_not_go_together_is_not_asked(run: Type, simulator: Simulator, words: list[str]) -> None:
    result = run(*words, *(["--site", "shop"] if words else []))
    assert result.exit_code == 2
    assert simulator.ledger.calls() == []


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "There is no [pirsch] table"),
        ('[pirsch]\nclient_id = { env = "PIRSCH_CLIENT_ID" }\n', "client_secret"),
    ],
)
def test_without_credentials_it_is_said_how_to_get_them(
    run: Type, config: Path, table: str, words: str
) -> None:
    config.write_text(f'{table}\n[site.shop]\ndomain = "shop.example.com"\n')
    result = run("--site", "shop")
    assert result.exit_code == 1
    assert words in result.stderr
