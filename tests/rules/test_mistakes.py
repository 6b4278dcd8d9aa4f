"""Rules that cannot work are refused before they hear anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.rules.expression import compile_condition, compile_key, compile_value
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule

MINUTE = timedelta(minutes=1)
PLAIN = Rule(name="Orders", event="purchase", notify=("sales",))

WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": " "}, [("name", "needs a name")]),
    ({"notify": ()}, [("notify", "nobody is told")]),
    ({"event": ""}, [("event", "missing")]),
    ({"event": " purchase"}, [("event", "never matches: Pirsch removes spaces")]),
    ({"event": "purchase\n"}, [("event", "removes spaces"), ("event", "control character")]),
    ({"event": "a\x00b"}, [("event", "control character")]),
    ({"event": "a" * 1001}, [("event", "only 1,000 characters")]),
    ({"event": "file[1"}, [("event", "never closed")]),
    ({"event": "file[9-0]"}, [("event", "runs backwards")]),
    ({"at_least": 1, "within": MINUTE}, [("at_least", "from 2 to 1,000")]),
    ({"at_least": 1001, "within": MINUTE}, [("at_least", "from 2 to 1,000")]),
    ({"at_least": 2}, [("within", "such as within = '10m'")]),
    ({"within": MINUTE}, [("within", "without at_least")]),
    ({"at_least": 2, "within": MINUTE, "collect": MINUTE}, [("collect", "leave one of them out")]),
    ({"at_least": 2, "within": MINUTE, "value": compile_value("1")}, [("value", "adds nothing up")]),
    ({"at_least": 2, "within": MINUTE, "none_within": MINUTE}, [("none_within", "two rules")]),
    ({"none_within": MINUTE, "collect": MINUTE}, [("collect", "nothing to collect")]),
    ({"none_within": MINUTE, "once_per": compile_key("name")}, [("once_per", "has no key")]),
    ({"none_within": MINUTE, "value": compile_value("1")}, [("value", "has no value")]),
    ({"none_within": timedelta(0)}, [("none_within", "one second to 366 days")]),
    ({"at_least": 2, "within": timedelta(days=32)}, [("within", "one second to 31 days")]),
    ({"collect": timedelta(days=1, seconds=1)}, [("collect", "one second to one day")]),
    ({"event": "", "at_least": 1}, [("event", "missing"), ("at_least", "from 2"), ("within", "say within")]),
]
RIGHT: list[dict[str, Any]] = [
    {},
    {"event": "*"},
    {"event": "What now[?]"},
    {"at_least": 2, "within": MINUTE},
    {"at_least": 1000, "within": timedelta(days=31), "once_per": compile_key("meta.visitor")},
    {"none_within": timedelta(days=366), "condition": compile_condition("meta.plan == 'pro'")},
    {"collect": timedelta(seconds=1), "once_per": compile_key("meta.id"), "value": compile_value("1")},
    {"collect": timedelta(days=1)},
]


@pytest.mark.parametrize(("change", "expected"), WRONG, ids=[str(change)[:40] for change, _ in WRONG])
def test_each_mistake_is_named(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = mistakes(replace(PLAIN, **change))
    assert [key for key, _ in found] == [key for key, _ in expected]
    for (_, sentence), (_, words) in zip(found, expected, strict=True):
        assert words in sentence


@pytest.mark.parametrize("change", RIGHT, ids=[str(change)[:40] for change in RIGHT])
def test_what_works_is_no_mistake(change: dict[str, Any]) -> None:
    assert mistakes(replace(PLAIN, **change)) == []
