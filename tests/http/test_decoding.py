"""Answers are read whatever generation of the documents they follow; a missing number is no zero."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, NewType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.http.decoding import Keys, Rest, Unfit, decode
from bot.pirsch.answers import account, behaviour, breakdowns, numbers, owned
from tests.pirsch import documented

ThingId = NewType("ThingId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: ThingId
    count: int
    share: float
    on: bool = False
    name: str = "nameless"
    at: datetime | None = None
    day: date | None = None
    other: ThingId | None = None
    parts: tuple[str, ...] = ()
    inner: "tuple[Inner, ...]" = ()
    free: Mapping[str, object] = field(default_factory=dict)
    growth: Annotated[float | None, Keys("new_growth", "old_growth")] = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    number: int


LEAST: dict[str, Any] = {"id": "a", "count": 1, "share": 0.5}


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"count": 2.0}, "count", 2),
        ({"count": "18446744073709551615"}, "count", 2**64 - 1),
        ({"share": 1}, "share", 1.0),
        ({"share": "0.25"}, "share", 0.25),
        ({"on": "true"}, "on", True),
        ({"on": "false"}, "on", False),
        ({"on": 1}, "on", True),
        ({"on": None}, "on", False),
        ({"id": 12345}, "id", "12345"),
        ({"name": None}, "name", "nameless"),
        ({"name": ""}, "name", ""),
        ({"at": "2020-12-12T00:11:39.903607271Z"}, "at", datetime(2020, 12, 12, 0, 11, 39, 903607, UTC)),
        ({"at": "2020-12-12T02:11:39+02:00"}, "at", datetime(2020, 12, 12, 0, 11, 39, tzinfo=UTC)),
        ({"at": "2020-12-12T00:11:39"}, "at", datetime(2020, 12, 12, 0, 11, 39, tzinfo=UTC)),
        ({"at": ""}, "at", None),
        ({"day": "2024-04-10T00:00:00Z"}, "day", date(2024, 4, 10)),
        ({"day": "2024-04-10T23:00:00+02:00"}, "day", date(2024, 4, 10)),
        ({"day": "2024-04-10"}, "day", date(2024, 4, 10)),
        ({"other": ""}, "other", None),
        ({"parts": None}, "parts", ()),
        ({"parts": "one"}, "parts", ("one",)),
        ({"parts": ["a", 1]}, "parts", ("a", "1")),
        ({"inner": {"number": 1}}, "inner", (Inner(number=1),)),
        ({"inner": None}, "inner", ()),
        ({"free": None}, "free", {}),
        ({"new_growth": 0.1, "old_growth": 0.2}, "growth", 0.1),
        ({"new_growth": None, "old_growth": 0.2}, "growth", 0.2),
        ({"new_growth": float("nan")}, "growth", None),
        ({"new_growth": float("inf")}, "growth", None),
        ({"unheard_of": [1]}, "rest", {"unheard_of": [1]}),
    ],
)
def test_what_is_accepted(told: dict[str, Any], name: str, value: object) -> None:
    read = getattr(decode(Thing, LEAST | told), name)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"count": None}, "count"),
        ({"count": 1.5}, "count"),
        ({"count": True}, "count"),
        ({"count": float("nan")}, "count"),
        ({"count": "1" * 21}, "count"),
        ({"count": "²"}, "count"),
        ({"share": "much"}, "share"),
        ({"share": 10**400}, "share"),
        ({"on": "maybe"}, "on"),
        ({"id": ""}, "id"),
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"name": ["a"]}, "name"),
        ({"at": "yesterday"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"day": "2024-13-01"}, "day"),
        ({"parts": [None]}, "parts[0]"),
        ({"inner": [{"number": 1}, {}]}, "inner[1].number"),
        ({"inner": "x"}, "inner[0]"),
        ({"free": []}, "free"),
    ],
)
def test_what_is_not(told: dict[str, Any], place: str) -> None:
    with pytest.raises(Unfit, match=f"^{re.escape(place)}: .* expected, .* found$"):
        decode(Thing, LEAST | told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KINDS = [
    value
    for module in (account, behaviour, breakdowns, numbers, owned)
    for value in vars(module).values()
    if isinstance(value, type) and value.__module__ == module.__name__
]


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_any_json_is_a_value_or_unfit(kind: type[object], data: st.DataObject) -> None:
    names = st.sampled_from([*getattr(kind, "__dataclass_fields__", {}), "path", "country_code", "stats"])
    told = data.draw(st.dictionaries(names, JSON, max_size=6) | JSON)
    with suppress(Unfit):
        assert isinstance(decode(kind, told), kind)


# ---------------------------------------------------------------- what the documents contradict each other in

EXAMPLES = documented.examples()


def test_goals_take_their_pattern_by_what_it_holds() -> None:
    """The documents swap glob and regular expression between two calls."""
    (numbers_of_goal,) = EXAMPLES["GET", "/statistics/goals"][0]
    reached = decode(behaviour.GoalReached, numbers_of_goal)
    assert (reached.goal.glob, reached.goal.regex) == ("/path/**", "(?i)^/path/[^/]+$")
    swapped = {**numbers_of_goal["page_goal"], "path_pattern": "(?i)^/path$", "pattern": "/path"}
    goal = decode(owned.Goal, swapped)
    assert (goal.glob, goal.regex) == ("/path", "(?i)^/path$")
    assert (goal.visitors, goal.cr_percent) == (5432, 42.11)


def test_both_spellings_of_growth_and_country() -> None:
    singular = {"visitors": 1, "views": 1, "visitor_growth": 0.02}
    assert decode(numbers.Overview, singular).visitors_growth == 0.02
    for key in ("country", "country_code"):
        assert decode(breakdowns.Country, {key: "jp", "visitors": 1}).country == "jp"
    for key in ("path", "exit_path"):
        assert decode(breakdowns.ExitPage, {key: "/bye", "visitors": 1, "exits": 1}).path == "/bye"
    for told in ({"email": "a@example.com"}, {"emails": ["a@example.com"]}):
        report = decode(owned.Report, {"id": "r", "interval": 0, **told})
        assert report.emails == ("a@example.com",)


def test_a_visitor_is_a_text_wherever_it_comes_from() -> None:
    told = {"session_id": 1, "time": "2024-04-10T15:16:56Z"}
    for visitor in (2**64 - 1, str(2**64 - 1)):
        step = decode(behaviour.PageView, {**told, "visitor_id": visitor})
        assert step.visitor_id == "18446744073709551615"


def test_the_documented_domain_is_read_in_full() -> None:
    told = EXAMPLES["GET", "/domain"][0][0]
    domain = decode(account.Domain, told)
    assert (domain.id, domain.hostname, domain.timezone) == ("A5kgYzK14m", "example.com", "Europe/Berlin")
    assert domain.subscription_plus is True
    assert domain.active_visitors_seconds == 600
    assert "identification_code" in domain.rest
    assert "oSdiAe" not in repr(domain)


def test_nothing_secret_shows() -> None:
    webhook = decode(owned.Webhook, {"id": "w", "event": "e", "endpoint": "https://bot/secret-path"})
    link = decode(owned.AccessLink, {"id": "l", "code": "secret-code"})
    assert "secret" not in repr((webhook, link))


def test_every_documented_number_is_read() -> None:
    """Reading loses nothing that the documents show: each number of an example is in the value."""
    kinds: dict[tuple[str, str], Any] = {
        ("GET", "/statistics/total"): numbers.Totals,
        ("GET", "/statistics/growth"): numbers.Growth,
        ("GET", "/statistics/platform"): breakdowns.Platforms,
    }
    for call, kind in kinds.items():
        (told,) = EXAMPLES[call]
        read = decode(kind, told)
        values = [getattr(read, name) for name in kind.__dataclass_fields__]
        assert sorted(values) == sorted(told.values())


@pytest.mark.parametrize("number", [2**64, -(2**64), 1e300, "18446744073709551616"])
def test_a_number_that_no_integer_of_go_can_be_is_unfit(number: object) -> None:
    assert decode(int, 2**64 - 1) == 2**64 - 1
    with pytest.raises(Unfit, match="whole number"):
        decode(int, number)


@pytest.mark.parametrize(
    ("written", "read"),
    [("2734.46", "2734.46"), (0.1, "0.1"), (7, "7"), ("1e3", "1E+3"), ("-0.5000", "-0.5000")],
)
def test_an_amount_is_what_is_written(written: object, read: str) -> None:
    assert str(decode(Decimal, written)) == read


@pytest.mark.parametrize("written", ["", "many", "NaN", "Infinity", True, None, [1], "9" * 41, {"value": 1}])
def test_what_is_no_amount_is_none(written: object) -> None:
    with pytest.raises(Unfit, match="amount"):
        decode(Decimal, written)
