"""The page for owners says what is true: each of its examples is run."""

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.facts import Event, Severity
from bot.rules.amounts import money, number
from bot.rules.book import RuleBook
from bot.rules.expression import ExpressionError, compile_condition, compile_key, compile_value
from bot.rules.expression.names import NAMES
from bot.rules.expression.terms import FUNCTIONS, SPECIAL
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def table(first: str, *, columns: int) -> list[tuple[str, ...]]:
    """Return the rows of all tables whose first heading is `first`."""
    rows: list[tuple[str, ...]] = []
    inside = False
    for line in PAGE.splitlines():
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        if not cells:
            inside = False
        elif cells[0] == first:
            inside = True
        elif inside and not cells[0].startswith("-"):
            rows.append(tuple(cell.removeprefix("`").removesuffix("`") for cell in cells[:columns]))
    assert rows
    return rows


def example() -> Event:
    body = json.loads(block("json"))
    return Event(
        id=1,
        site="shop",
        name=body["event_name"],
        received_at=datetime(2026, 3, 2, 13, tzinfo=UTC),
        duration=timedelta(seconds=body["event_duration"]),
        meta=body["event_meta"],
    )


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


CONDITIONS = [(row[0], row[1]) for row in table("condition", columns=2)]
HELPERS = [(row[0], row[2]) for row in table("helper", columns=3)]


@pytest.mark.parametrize(("text", "answer"), CONDITIONS + HELPERS)
def test_a_condition_answers_as_the_page_says(text: str, answer: str) -> None:
    assert answer in ("true", "false")
    assert compile_condition(text).holds(example()) is (answer == "true")


@pytest.mark.parametrize(("text", "bare", "with_currency"), table("text", columns=3))
def test_a_number_is_read_as_the_page_says(text: str, bare: str, with_currency: str) -> None:
    for value, said in ((number(text), bare), (money(text), with_currency)):
        assert value == (None if said == "nothing" else Decimal(said))


@pytest.mark.parametrize(("glob", "fits", "does_not"), table("glob", columns=3))
def test_a_glob_fits_as_the_page_says(glob: str, fits: str, does_not: str) -> None:
    book = RuleBook([Rule(name="it", event=glob)])
    assert book.matching("shop", fits)
    assert not book.matching("shop", does_not)


@pytest.mark.parametrize(("text", "answer"), table("written", columns=2))
def test_a_mistake_is_answered_as_the_page_says(text: str, answer: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text)
    assert caught.value.sentence == answer


@pytest.mark.parametrize("entry", tomllib.loads(block("toml"))["rule"], ids=lambda entry: entry["name"])
def test_a_rule_of_the_page_has_no_mistake(entry: dict[str, Any]) -> None:
    assert mistakes(rule(entry)) == []
    assert set(entry) <= {key for (key,) in table("key", columns=1)}


def rule(entry: dict[str, Any]) -> Rule:
    named = ("within", "none_within", "collect")
    lengths: dict[str, Any] = {key: length(entry[key]) for key in named if key in entry}
    return Rule(
        name=entry["name"],
        event=entry["event"],
        site=entry.get("site"),
        condition=compile_condition(entry["if"]) if "if" in entry else None,
        value=compile_value(entry["value"]) if "value" in entry else None,
        once_per=compile_key(entry["once_per"]) if "once_per" in entry else None,
        at_least=entry.get("at_least"),
        severity=Severity(entry.get("severity", "notice")),
        notify=tuple(entry["notify"]),
        remind=tuple(map(length, entry["remind"])) if "remind" in entry else None,
        **lengths,
    )


def length(text: str) -> timedelta:
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})


def test_every_name_and_every_helper_is_on_the_page() -> None:
    names = " ".join(cell for (cell,) in table("you can use", columns=1))
    assert set(re.findall(r"\w+", names)) >= NAMES.keys() | {"meta"}
    assert {text.split("(")[0] for text, _ in HELPERS} == FUNCTIONS.keys() | SPECIAL.keys()
