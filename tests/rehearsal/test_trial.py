"""One event that never came: who would mean it, and why the others would not."""

from datetime import UTC, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Event
from bot.rehearsal import Trial, try_one
from bot.rules.book import RuleBook
from bot.rules.expression import compile_condition, compile_key, compile_value
from bot.rules.rule import Rule
from tests.spine.making import rule
from tests.stores.making import NOON


def _event(name: str = "purchase", site: str = "shop", **meta: str) -> Event:
    return Event(id=1, site=site, name=name, received_at=NOON, duration=timedelta(seconds=42), meta=meta)


def _tried(event: Event, *rules: Rule) -> list[Trial]:
    return try_one(RuleBook(rules), event, UTC)


def _why_not(text: str, **meta: str) -> tuple[str, ...]:
    (trial,) = _tried(_event(**meta), rule(condition=compile_condition(text)))
    return trial.why_not


def test_a_rule_that_means_it() -> None:
    wanted = rule(
        condition=compile_condition("meta.currency == 'USD'"),
        value=compile_value("number(meta.amount)"),
        once_per=compile_key("meta.id"),
    )
    (trial,) = _tried(_event(currency="USD", amount="9,50", id="7"), wanted)
    assert trial.matches
    assert (trial.value, trial.key) == (Decimal("9.50"), "7")


def test_rules_for_other_events_are_not_mentioned_and_the_order_stays() -> None:
    rules = [rule("Other", event="signup"), rule("Glob", event="p*"), rule("Exact"), rule("Every", event="*")]
    assert [trial.rule.name for trial in _tried(_event(), *rules)] == ["Glob", "Exact", "Every"]


def test_a_rule_for_another_site_says_so() -> None:
    rules = [
        rule("Here", site="shop"),
        rule("There", site="blog"),
        rule("Both"),
        rule("No", event="x", site="blog"),
    ]
    trials = {trial.rule.name: trial.why_not for trial in _tried(_event(), *rules)}
    assert trials == {"Here": (), "There": ("it is for the site blog only",), "Both": ()}


@pytest.mark.parametrize(
    ("text", "meta", "why"),
    [
        pytest.param(
            "meta.currency == 'USD'",
            {"currency": "EUR"},
            ["`meta.currency == 'USD'` does not hold: meta.currency is \"EUR\""],
            id="a text",
        ),
        pytest.param(
            "meta.currency == 'USD'",
            {},
            ["`meta.currency == 'USD'` does not hold: meta.currency is missing"],
            id="a key that did not come",
        ),
        pytest.param(
            "number(meta.amount) >= 100",
            {"amount": "99,50"},
            ["`number(meta.amount) >= 100` does not hold: number(meta.amount) is 99.50"],
            id="a number",
        ),
        pytest.param(
            "number(meta.amount) >= 100",
            {"amount": "many"},
            ["`number(meta.amount) >= 100` does not hold: number(meta.amount) is no number"],
            id="no number",
        ),
        pytest.param(
            "number(meta.amount) >= 100 and meta.currency == 'USD' and hour < 18",
            {"amount": "5", "currency": "USD"},
            ["`number(meta.amount) >= 100` does not hold: number(meta.amount) is 5"],
            id="only the part that does not hold",
        ),
        pytest.param(
            "meta.a == '1' or meta.b == '1'",
            {"a": "2"},
            ["`meta.a == '1' or meta.b == '1'` does not hold: meta.a is \"2\", meta.b is missing"],
            id="one of two would do",
        ),
        pytest.param(
            "has(meta.coupon) and\n  matches(lower(meta['the plan']), '^pro')",
            {"coupon": "", "the plan": "Basic"},
            [
                "`matches(lower(meta['the plan']), '^pro')` does not hold: "
                "lower(meta['the plan']) is \"basic\"",
            ],
            id="helpers",
        ),
        pytest.param(
            "hour > 18 and weekday == 'mon' and duration > 60 and name != site",
            {},
            [
                "`hour > 18` does not hold: hour is 12",
                "`weekday == 'mon'` does not hold: weekday is \"sat\"",
                "`duration > 60` does not hold: duration is 42",
            ],
            id="names",
        ),
        pytest.param("false", {}, ["`false` does not hold"], id="never"),
        pytest.param("not true", {}, ["`not true` does not hold"], id="never, in two words"),
        pytest.param(
            "number(meta.a) / number(meta.b) > 1",
            {"a": "1", "b": "0"},
            ["`number(meta.a) / number(meta.b) > 1` does not hold: number(meta.a) is 1, number(meta.b) is 0"],
            id="arithmetic",
        ),
    ],
)
def test_why_not(text: str, meta: dict[str, str], why: list[str]) -> None:
    assert list(_why_not(text, **meta)) == why


def test_hours_are_those_of_the_bots_time_zone() -> None:
    book = RuleBook([rule(condition=compile_condition("hour == 12", timezone=ZoneInfo("Asia/Tokyo")))])
    (trial,) = try_one(book, _event(), ZoneInfo("Asia/Tokyo"))
    assert trial.why_not == ("`hour == 12` does not hold: hour is 21",)


PARTS = st.sampled_from(
    [
        *(
            "meta.a == 'x'",
            "meta['a b'] != 'x'",
            "number(meta.a) > 5",
            "money(meta.a) / 2 <= 1",
            "has(meta.a)",
        ),
        *("not has(meta.b)", "name == 'purchase'", "site in ['shop', 'x']", "hour in [1, 12]", "true"),
        *("contains(lower(meta.a), 'x')", "length(meta.a) == 1", "-number(meta.a) < 0", "'x' in meta.a"),
        *("matches(meta.a, 'x+')", "1 < number(meta.a) < 3", "(meta.a == 'x' or meta.b == 'y')"),
    ]
)


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from([" and ", " or "]), st.text(max_size=5))
def test_a_rule_means_an_event_or_says_why_not(parts: list[str], between: str, value: str) -> None:
    wanted = compile_condition(between.join(parts))
    event = _event(a=value)
    (trial,) = _tried(event, rule(condition=wanted))
    assert trial.matches is wanted.holds(event)
