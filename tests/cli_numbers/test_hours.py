"""The hours as CSV: all of them, or what is missing by name, and never read twice."""

import csv
import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.hours import COLUMNS, Unusable, as_csv, from_csv
from bot.sandbox.pirsch import Fault, Simulator
from bot.sandbox.pirsch.faults import forbidden
from bot.sources.periods import WallHour, real_hours, wall_hours
from bot.sources.source import Bucket, Series, Traffic
from tests.cli_numbers.conftest import HOURS, SHOP, ZONE, Type, hours_asked

WEEK = ("--site", "shop", "--history", "1")
BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")

Shape = Callable[[date, ZoneInfo], tuple[WallHour, ...]]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------- read


def test_a_week_of_hours_goes_to_stdout_and_the_days_to_stderr(run: Type, simulator: Simulator) -> None:
    result = run(*WEEK)
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    assert tuple(found[0]) == COLUMNS
    assert len(found) == 7 * 24
    starts = [datetime.fromisoformat(one["start"]) for one in found]
    assert {after - before for before, after in pairwise(starts)} == {timedelta(hours=1)}
    assert all(at.utcoffset() == timedelta(0) for at in starts)
    assert [one["local"] for one in found] == [
        f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" for at in starts
    ]
    assert found[0]["local"].endswith("00:00")
    assert sum(int(one["visitors"]) for one in found) > 0
    first, last = found[0]["local"][:10], found[-1]["local"][:10]
    assert f"Read: 7 days, {first} to {last}." in result.stderr
    assert re.search(r"^1 of 7  \S+  read$", result.stderr, re.MULTILINE)  # some are read side by side


def test_a_day_that_failed_is_named_and_alone_is_read_again(
    run: Type, simulator: Simulator, tmp_path: Path
) -> None:
    file = tmp_path / "hours.csv"
    simulator.faults.plan(Fault(path=HOURS, status=400))
    first = run(*WEEK, "--output", str(file))
    assert first.exit_code == 1
    assert first.stdout == ""
    (failed,) = re.findall(r"^  (\d{4}-\d\d-\d\d): Pirsch: ", first.stderr, re.MULTILINE)
    assert "Failed: 1 day." in first.stderr
    before = rows(file.read_text())
    assert len(before) == 6 * 24
    assert not any(one["local"].startswith(failed) for one in before)

    simulator.ledger.clear()
    second = run(*WEEK, "--output", str(file))
    assert second.exit_code == 0, second.output
    assert hours_asked(simulator) == 1
    assert f"Read: 1 day, {failed}." in second.stderr
    assert "Known before: 6 days" in second.stderr
    after = rows(file.read_text())
    assert [one for one in after if not one["local"].startswith(failed)] == before
    assert [one["start"] for one in after] == sorted({one["start"] for one in after})
    assert len(after) == 7 * 24

    simulator.ledger.clear()
    assert run(*WEEK, "--output", str(file)).exit_code == 0
    assert hours_asked(simulator) == 0


def test_a_file_keeps_the_days_that_are_longer_ago(run: Type, simulator: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    assert run("--site", "shop", "--history", "2", "--output", str(file)).exit_code == 0
    before = file.read_text()
    assert run(*WEEK, "--output", str(file)).exit_code == 0
    assert file.read_text() == before
    assert len(rows(before)) == 14 * 24


def test_what_a_person_must_mend_is_said_once(run: Type, simulator: Simulator) -> None:
    simulator.faults.plan(forbidden().to("GET", HOURS, times=99))
    result = run(*WEEK)
    assert result.exit_code == 1
    assert "Failed: 7 days." in result.stderr
    assert result.stderr.count("What to do: ") == 1
    assert rows(result.stdout) == []


def test_a_site_where_nobody_came_is_perhaps_not_counted(run: Type) -> None:
    result = run("--site", "blog", "--history", "1")
    assert result.exit_code == 0, result.output
    assert "Nobody came on any of these days" in result.stderr
    assert {one["visitors"] for one in rows(result.stdout)} == {"0"}


@pytest.mark.parametrize(
    "text",
    ["notes\nof mine\n", ",".join(COLUMNS) + "\n2026-11-01T00:00:00Z,x\n", "\x00", '"'],
)
def test_somebody_elses_file_is_left_alone(
    run: Type, simulator: Simulator, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text)
    result = run(*WEEK, "--output", str(file))
    assert result.exit_code == 2
    assert "cannot be gone on with" in result.stderr
    assert file.read_text() == text
    assert hours_asked(simulator) == 0


def test_bytes_that_are_no_text_are_left_alone(run: Type, tmp_path: Path) -> None:
    file = tmp_path / "photo"
    file.write_bytes(b"\xff\xd8\xff")
    assert "it is no text" in run(*WEEK, "--output", str(file)).stderr
    assert file.read_bytes() == b"\xff\xd8\xff"


def test_another_sites_file_is_left_alone(run: Type, tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    assert run(*WEEK, "--output", str(file)).exit_code == 0
    result = run("--site", "blog", "--history", "1", "--output", str(file))
    assert result.exit_code == 2
    assert f"it holds the hours of {SHOP}" in result.stderr


@pytest.mark.parametrize("where", ["/dev/null", "missing/hours.csv"])
def test_where_nothing_can_be_kept_nothing_is_read(
    run: Type, simulator: Simulator, tmp_path: Path, where: str
) -> None:
    result = run(*WEEK, "--output", str(tmp_path / where))
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert hours_asked(simulator) == 0
    assert Path("/dev/null").is_char_device()


def test_on_a_terminal_there_is_a_bar(config: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "bot", "numbers", *WEEK, "--config", str(config)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
        os.close(theirs)
        out, _ = process.communicate(timeout=60)
    seen = os.read(ours, 65536).decode()
    os.close(ours)
    assert process.returncode == 0, seen
    assert "Reading days" in seen
    assert "100%" in seen
    assert "1 of 7" not in seen
    assert len(rows(out)) == 7 * 24


# ---------------------------------------------------------------- there and back


def series(shape: tuple[WallHour, ...], zone: ZoneInfo) -> Series:
    buckets = tuple(
        Bucket(
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            day=one.day,
            hour=one.hour,
            traffic=Traffic(visitors=number, views=None if number == 3 else 2 * number),
            complete=True,
        )
        for number, one in enumerate(shape)
    )
    return Series(zone=zone, buckets=buckets)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 10, 25), BERLIN, real_hours),
        (date(2026, 3, 29), BERLIN, real_hours),
        (date(2026, 4, 5), LORD_HOWE, wall_hours),
    ],
)
def test_a_day_on_which_the_clocks_change_comes_back_as_it_was(
    day: date, zone: ZoneInfo, hours: Shape
) -> None:
    days = {day: series(hours(day, zone), zone)}
    assert from_csv(as_csv(days, SHOP), SHOP, zone) == days


def test_the_hour_that_the_wall_shows_twice_is_told_apart_by_its_instant() -> None:
    day = date(2026, 10, 25)
    found = rows(as_csv({day: series(real_hours(day, BERLIN), BERLIN)}, SHOP))
    twice = [one["start"] for one in found if one["local"] == "2026-10-25 02:00"]
    assert twice == ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"]


def test_a_part_of_a_day_is_named_and_another_zone_is_refused() -> None:
    day = date(2026, 11, 1)
    text = as_csv({day: series(real_hours(day, BERLIN), BERLIN)}, SHOP)
    with pytest.raises(Unusable, match="only a part of 2026-11-01"):
        from_csv("\n".join(text.splitlines()[:-1]), SHOP, BERLIN)
    with pytest.raises(Unusable, match="another time zone than UTC"):
        from_csv(text, SHOP, ZoneInfo("UTC"))
    assert from_csv("", SHOP, BERLIN) == {}
