"""Strangers' texts obey nobody: no terminal, no spreadsheet."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cli.pirsch import output
from bot.pirsch.answers.breakdowns import Page
from bot.pirsch.answers.owned import Webhook
from bot.pirsch.ids import WebhookId

HOSTILE = "/\x1b]0;gone\x07\u202e\n=HYPERLINK(1)"


def shown(capsys: pytest.CaptureFixture[str], answer: object, form: str) -> str:
    output.show(answer, form, secrets=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("form", output.FORMS)
def test_control_characters_do_not_come_through(capsys: pytest.CaptureFixture[str], form: str) -> None:
    told = shown(capsys, (Page(path=HOSTILE, visitors=1),), form)
    assert all(letter.isprintable() or letter in "\r\n" for letter in told)


def test_json_stays_exact(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(capsys, (Page(path=HOSTILE + "ü🪁", visitors=1),), "json")
    assert json.loads(told)[0]["path"] == HOSTILE + "ü🪁"
    assert "ü🪁" in told


@given(st.text())
def test_a_cell_is_one_printable_line(text: str) -> None:
    assert output.cell("path", text).isprintable()


@given(st.lists(st.text(), min_size=1))
@example([" =HYPERLINK(1)", "\t@SUM(1)", "-1"])
def test_csv_has_a_row_for_each_and_no_formula(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(output.as_csv([{"path": text} for text in texts]))))
    assert len(rows) == 1 + len(texts)
    assert not any(row[0].lstrip(" ").startswith(("=", "+", "-", "@")) for row in rows if row)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("visitors", 1234567, "1,234,567"),
        ("session_id", 1234567, "1234567"),
        ("bounce_rate", 0.123, "12.3%"),
        ("relative_visitors", 1.0, "100.0%"),
        ("cr", 0.5, "50.0%"),
        ("numbers.cr", 0.5, "50.0%"),
        ("cr_percent", 42.11, "42.11"),
        ("drop_off", 0.25, "25.0%"),
        ("position", 3.456, "3.46"),
        ("custom_metric_total", 12345.678, "12,345.68"),
        ("active", True, "yes"),
        ("active", False, "no"),
        ("seen", None, ""),
        ("tags", ["a", "b"], "a, b"),
        ("created_at", "2026-05-01T10:00:00.123456+00:00", "2026-05-01 10:00:00 UTC"),
        ("day", "2026-05-01", "2026-05-01"),
    ],
)
def test_numbers_and_dates_are_readable(name: str, value: object, text: str) -> None:
    assert output.cell(name, value) == text


@dataclass(frozen=True, kw_only=True)
class Outer:
    day: date
    at: datetime
    inner: Page


def test_answers_are_flat_in_rows() -> None:
    at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    plain = output.plain(Outer(day=at.date(), at=at, inner=Page(path="/", visitors=2)), secrets=False)
    row = output.flat(plain)
    assert row["inner.path"] == "/"
    assert row["day"] == "2026-05-01"


def test_columns_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    pages = (Page(path="/", visitors=5), Page(path="/a-longer-path", visitors=12_345))
    assert shown(capsys, pages, "table").splitlines() == [
        "path            visitors",
        "/                      5",
        "/a-longer-path    12,345",
    ]
    assert shown(capsys, (), "table").strip() == "Nothing."


def test_a_narrow_table_has_a_taller_head() -> None:
    rows = [{"path": "/", "bounce_rate": 0.5}]
    assert as_stripped(output.as_table(rows, narrow=True)) == ["path  bounce", "        rate", "/      50.0%"]


def test_what_is_too_wide_becomes_narrow_and_then_records() -> None:
    rows = [{"path": "/", "average_time_spent_seconds": 5}, {"path": "/a", "average_time_spent_seconds": 61}]
    assert len(output.as_lines(rows, None)) == len(output.as_lines(rows, 40)) == 3
    assert len(output.as_lines(rows, 20)) == 6
    assert output.as_lines(rows, 10) == [
        "path                        /",
        "average_time_spent_seconds  5",
        "",
        "path                        /a",
        "average_time_spent_seconds  61",
        "",
    ]


def as_stripped(lines: list[str]) -> list[str]:
    assert len({len(line) for line in lines}) == 1
    return [line.rstrip() for line in lines]


def test_custom_metrics_that_nobody_asked_for_are_left_out() -> None:
    rows = [{"visitors": 0, "custom_metric_total": 0.0}]
    assert output.as_table(rows)[0] == "visitors"
    assert output.as_record(rows[0]) == ["visitors  ".ljust(21) + "0"]
    assert "custom_metric_total" in output.as_table([rows[0] | {"custom_metric_total": 2.5}])[0]


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        ("https://hooks.example.com/T/B/secret", "https://hooks.example.com/…"),
        ("https://user:secret@hooks.example.com/", "https://hooks.example.com/…"),
        ("secret", "…"),
        ("https://[secret", "…"),
        ("", ""),
    ],
)
def test_an_address_is_told_without_its_secret(endpoint: str, told: str) -> None:
    hook = Webhook(id=WebhookId("A"), event="e", endpoint=endpoint)
    assert output.plain(hook, secrets=False)["endpoint"] == told
    assert output.plain(hook, secrets=True)["endpoint"] == endpoint
