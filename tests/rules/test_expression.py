"""Conditions, values and keys that owners write."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from string import printable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Event
from bot.rules.expression import (
    Amount,
    Condition,
    ExpressionError,
    Key,
    compile_condition,
    compile_key,
    compile_value,
)
from tests.rules.building import NOON, heard

Compiled = Callable[[str], Condition | Amount | Key]

ORDER = Event(
    id=7,
    site="shop",
    name="purchase",
    received_at=NOON,
    duration=timedelta(seconds=90),
    meta={
        "amount": "199,99",
        "currency": "USD",
        "items": "3",
        "keys": "k",
        "get": "g",
        "path": "/blog/42",
        "utm-source": "news",
        "back\\slash": "a\\b",
        "empty": "",
        "half": "\ud83d",
    },
)

TRUE = [
    "number(meta.amount) >= 100 and meta.currency == 'USD'",
    "name == 'purchase'",
    'name == "purchase"',
    "site != 'blog'",
    "duration == 90",
    "60 < duration <= 90",
    "meta.items == '3'",
    "meta.keys == 'k' and meta.get == 'g'",
    "meta['utm-source'] == 'news'",
    "meta['back\\slash'] == 'a\\b'",
    "meta.currency == 'EUR' or true",
    "meta.a == '1' or meta.b == '2' or meta.currency == 'USD'",
    "not meta.coupon == 'X'",
    "not (false and true)",
    "meta.currency in ['EUR', 'USD']",
    "meta.currency in ('EUR', 'USD')",
    "meta.currency not in ['EUR', 'CHF']",
    "number(meta.items) in [1, 2, 3]",
    "'blog' in meta.path",
    "'shop' not in meta.path",
    "'199,99' == meta.amount",
    "100 <= number(meta.amount) < 200 < 300",
    "number(meta.items) * 2 + 1 == 7",
    "number(meta.amount) / number(meta.items) > 66.66",
    "-number(meta.items) == -3",
    "+number(meta.items) == 3",
    "number(meta.items) - 0.1 == 2.9",
    "lower(meta.currency) == 'usd'",
    "upper(name) == 'PURCHASE'",
    "strip(meta.currency) == 'USD'",
    "length(meta.currency) == 3",
    "startswith(meta.path, '/blog/')",
    "endswith(meta.path, '42')",
    "contains(meta.path, 'log')",
    "contains(meta.path, 'log') == true",
    "matches(meta.path, '^/blog/\\d+$')",
    "matches(meta.path, 'log')",
    "matches(meta.half, '.')",
    "has(meta.empty) and has(meta['utm-source'])",
    "not has(meta.nothing)",
    "hour == 13",
    "weekday == 'mon'",
    "weekday not in ['sat', 'sun']",
    "  name == 'purchase'\n  and site == 'shop'\r\n",
    "name == 'a#b' or site == 'shop'",
    "meta.ａmount == '199,99'",
    "1_000 == 1000",
    "True and not False",
]
FALSE = [
    "meta.nothing == 'x'",
    "meta.nothing != 'x'",
    "meta.nothing in ['x']",
    "meta.nothing not in ['x']",
    "'x' in meta.nothing",
    "'x' not in meta.nothing",
    "meta.nothing == meta.nothing",
    "number(meta.nothing) < 1",
    "number(meta.currency) < 1",
    "number(meta.currency) + 1 > 0",
    "number(meta.amount) / 0 > 0",
    "number(meta.amount) / (number(meta.items) - 3) > 0",
    "0 / 0 == 0 / 0",
    "startswith(meta.nothing, '')",
    "matches(meta.nothing, '')",
    "lower(meta.nothing) == ''",
    "length(meta.nothing) == 0",
    "meta.__class__ == 'dict'",
    "meta.USD == 'x' and meta.update == 'x'",
    "false",
    "true and false and true",
    "weekday == 'sun'",
]
# The expression, the column that the caret points at, and words of the sentence.
WRONG = [
    ("meta.amount > 100", 15, "write number(meta.amount)"),
    ("100 < meta.amount", 7, "write number(meta.amount)"),
    ("meta.items == 3", 15, "a text is compared with a number: write number(meta.items)"),
    ("meta.amount > '100'", 15, "only numbers have an order: write number(meta.amount)"),
    ("nmae == 'x'", 1, "unknown name 'nmae': did you mean 'name'?"),
    ("metta.x == 'x'", 1, "only meta has keys"),
    ("amount > 1", 1, "meta.amount"),
    ("name == USD", 9, "a text stands in quotes"),
    ("numbr(meta.a) > 1", 1, "unknown function 'numbr': did you mean 'number'?"),
    ("eval('1')", 1, "unknown function 'eval'"),
    ("__import__('os')", 1, "unknown function '__import__'"),
    ("name.__class__ == 'x'", 1, "only meta has keys"),
    ("name.lower() == 'x'", 1, "write lower(meta.plan)"),
    ("meta.path.startswith('/')", 1, "write startswith(meta.path, '/blog/')"),
    ("meta.items()", 1, "this is not possible here"),
    ("number == 1", 1, "number is a function: number(meta.amount)"),
    ("number() == 1", 1, "usage: number(meta.amount)"),
    ("number(meta.a, 2) == 1", 1, "usage: number(meta.amount)"),
    ("number(duration) == 1", 8, "number needs a text, this is a number"),
    ("number(*name) == 1", 8, "not possible"),
    ("startswith(meta.path)", 1, "usage: startswith(meta.path, '/blog/')"),
    ("has('x')", 5, "only meta has keys"),
    ("has(meta.x, meta.y)", 1, "usage: has(meta.coupon)"),
    ("meta.from == 'x'", 1, "'from' is a reserved word: write meta['from']"),
    ("meta.a.b.c == 'x'", 1, "only meta has keys"),
    ("meta.a.b == 'x'", 1, "write meta['a.b']"),
    ("meta[name] == 'x'", 1, "write the key in quotes"),
    ("meta == 'x'", 1, "name one of its keys"),
    ("meta['utm']-source == 'x'", 1, "write meta['utm-source']"),
    ("meta.utm-source == 'x'", 1, "write meta['utm-source']"),
    ("meta.coupon", 1, "ask has(meta.coupon)"),
    ("number(meta.a)", 1, "compare it with something"),
    ("name and site", 1, "neither true nor false"),
    ("not name", 5, "neither true nor false"),
    ("meta.a = 'x'", 8, "write =="),
    ("meta.a == 'x = y' and meta.b = 'z'", 30, "write =="),
    ("has(meta.a=1)", 11, "write =="),
    ("true && false", 6, "write 'and' for &&"),
    ("true || false", 6, "write 'or' for ||"),
    ("!true", 1, "write 'not' for !"),
    ("name <> 'x'", 6, "write != for <>"),
    ("true AND false", 6, "in small letters"),
    ("name == null", 9, "unknown name 'null'"),
    ("name == None", 9, "ask has(meta.key)"),
    ("name is 'x'", 9, "write == or !="),
    ("weekday == 'Monday'", 12, "one of mon, tue, wed, thu, fri, sat, sun"),
    ("weekday in ['mon', 'Tue']", 20, "one of mon, tue"),
    ("name in []", 9, "nothing is in an empty list"),
    ("name in [site]", 10, "only texts in quotes and numbers"),
    ("name in ['a', 1]", 15, "a text is compared with a number"),
    ("1 in name", 6, "'in' needs a list"),
    ("name not in 5", 13, "'in' needs a list"),
    ("true == 'x'", 9, "true or false is compared with a text"),
    ("true < false", 8, "only numbers have an order"),
    ("'a' + 'b' == 'ab'", 1, "numbers are needed to calculate"),
    ("meta.a * 2 == 4", 1, "write number(meta.a)"),
    ("'a' * 1000000000 == 'b'", 1, "numbers are needed to calculate"),
    ("9 ** 9 ** 9 == 1", 1, "only + - * /"),
    ("7 % 2 == 1", 1, "only + - * /"),
    ("-name == 1", 2, "a sign needs a number"),
    ("~1 == 1", 1, "not possible"),
    ("1e999 == 1", 1, "too large"),
    ("0x10 == 16", 1, "digits"),
    ("number(meta.x) == 1j", 19, "not possible"),
    ("b'x' == name", 1, "not possible"),
    ("f'{name}' == 'x'", 1, "a text that begins with f"),
    ("'x' if true else 'y'", 1, "'if … else' is not possible"),
    ("lambda: true", 1, "not possible"),
    ("[x for x in name]", 1, "not possible"),
    ("(x := true)", 2, "not possible"),
    ("true, false", 1, "a comma is not possible"),
    ("matches(name, '(?<=a)b')", 15, "RE2 syntax"),
    ("matches(name, '(')", 15, "missing )"),
    ("matches(name, '((a{99}){99}){9}')", 15, "RE2 syntax"),
    ("matches(name, site)", 15, "the pattern has to stand here in quotes"),
    ("matches(name)", 1, "usage: matches(meta.path, '^/blog/')"),
    ("name == 'x", 9, "unterminated"),
    ("number(meta.a", 7, "never closed"),
    ("name == ", 7, "something is missing after this"),
    ("true and", 6, "something is missing after this"),
    ("name name", 6, "invalid syntax"),
    ("1and 2", 1, "invalid decimal literal"),
    ("name == \\", 9, "backslash"),
    ("name == 'x' # why\n and site == 'y'", 13, "a comment is not possible"),
    ("true # why", 6, "a comment is not possible"),
    ("name == 'ä' and nmae == 'x'", 17, "did you mean 'name'?"),
    ("  nmae == 'x'", 3, "did you mean 'name'?"),
    ("true\n and nmae == 'x'", 11, "did you mean 'name'?"),
    ("", 1, "an expression is missing"),
    (" \n ", 1, "an expression is missing"),
    ("name == '\x00'", 10, "control characters"),
    ("name == '\ud800'", 10, "control characters"),
    ("not " * 60 + "true", 1, "nested"),
    ("(" * 300 + "true" + ")" * 300, 201, "nested"),
    ("-" * 990 + "1 == 1", 1, "nested"),
    ("true or " * 130, 1001, "at most 1000 characters"),
]  # fmt: skip

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("text", TRUE)
def test_it_holds(text: str) -> None:
    assert compile_condition(text, timezone=BERLIN).holds(ORDER) is True


@pytest.mark.parametrize("text", FALSE)
def test_it_does_not_hold(text: str) -> None:
    assert compile_condition(text, timezone=BERLIN).holds(ORDER) is False


@pytest.mark.parametrize(("text", "column", "words"), WRONG, ids=[text[:30] for text, _, _ in WRONG])
def test_a_mistake_is_explained_where_it_is(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text)
    assert words in str(caught.value)
    assert (caught.value.column, caught.value.text) == (column, text)


def test_the_caret_stands_below_the_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition("true and\n  nmae == 'x'")
    assert str(caught.value) == (
        "unknown name 'nmae': did you mean 'name'? (column 12)\n"  #
        "  nmae == 'x'\n"
        "  ^"
    )


def test_hours_and_days_are_those_of_the_time_zone() -> None:
    late = heard(after=11.5 * 3600)  # 23:30 UTC on Monday is 00:30 on Tuesday in Berlin
    assert compile_condition("weekday == 'tue' and hour == 0", timezone=BERLIN).holds(late)
    assert compile_condition("weekday == 'mon' and hour == 23").holds(late)


def test_equal_texts_are_equal_conditions() -> None:
    assert compile_condition("name == 'x'") == compile_condition("name == 'x'")
    assert compile_condition("name == 'x'") != compile_condition("name == 'y'")


def test_the_value_of_a_rule_can_be_the_first_number_in_its_condition() -> None:
    condition = compile_condition("has(meta.items) and money(meta.amount) > 1 and number(meta.items) > 1")
    assert condition.amount is not None
    assert condition.amount.text == "money(meta.amount)"
    assert condition.amount.of(ORDER) == Decimal("199.99")
    assert compile_condition("name == 'x'").amount is None


def test_a_value_is_calculated_exactly() -> None:
    assert compile_value("number(meta.amount) * number(meta.items)").of(ORDER) == Decimal("599.97")
    assert compile_value("money(meta.currency)").of(ORDER) is None
    assert compile_value("number(meta.items) / 0").of(ORDER) is None


def test_a_value_has_bounds() -> None:
    nines = heard(a="9" * 18)
    assert compile_value("number(meta.a) * number(meta.a)").of(nines) is None
    assert compile_value("number(meta.a)" + " * number(meta.a)" * 40).of(nines) is None
    assert compile_value("1 / number(meta.a)").of(nines) == Decimal("1e-18")


def test_a_value_is_a_number() -> None:
    with pytest.raises(ExpressionError, match=r"write number\(meta.amount\)"):
        compile_value("meta.amount")
    with pytest.raises(ExpressionError, match="true or false"):
        compile_value("has(meta.amount)")


def test_a_key_is_one_value_or_several() -> None:
    assert compile_key("meta.currency").of(ORDER) == "USD"
    assert compile_key("number(meta.items)").of(ORDER) == "3"
    pair = compile_key("meta.currency, lower(meta.keys)").of(ORDER)
    assert pair == "USD\x1fk"


@pytest.mark.parametrize(
    "text", ["meta.nothing", "meta.currency, meta.nothing", "meta.empty", "number(meta.path)"]
)
def test_a_key_with_a_missing_part_is_missing(text: str) -> None:
    assert compile_key(text).of(ORDER) is None


@pytest.mark.parametrize("text", ["true", "has(meta.x)", "()", "meta.x, true", "[meta.x]"])
def test_not_everything_is_a_key(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_key(text)


def test_a_long_key_becomes_a_digest() -> None:
    key = compile_key("meta.a")
    assert key.of(heard(a="x" * 200)) == "x" * 200
    digest = key.of(heard(a="x" * 201))
    assert digest is not None
    assert digest.startswith("sha256:")
    assert digest != key.of(heard(a="x" * 202))
    assert key.of(heard(a="\ud800" * 201)) is not None


def test_a_pattern_takes_no_time_that_a_stranger_chooses() -> None:
    hostile = heard(path="a" * 100_000 + "!")
    assert not compile_condition("matches(meta.path, '^(a+)+$')").holds(hostile)


WORDS = st.sampled_from(
    [
        "name", "site", "duration", "hour", "weekday", "meta", "meta.a", "meta['b c']", "number", "money",
        "lower",
        "length", "contains", "matches", "has", "(", ")", "[", "]", ",", "==", "!=", "<", ">=", "in",
        "not", "and",
        "or", "+", "-", "*", "/", "1", "2.5", "'x'", "'mon'", "true", "false", "=", ".", "'", "\\", "#",
        "\n", "if",
        "else", "lambda", "for", ":", "'(a'", "'^a+$'", "number(meta.a)", "has(meta.a)", "name == 'x'",
    ]
)  # fmt: skip
EVENTS = st.builds(
    Event,
    id=st.integers(1),
    site=st.text(),
    name=st.text(),
    received_at=st.just(NOON),
    duration=st.timedeltas(timedelta(0), timedelta(days=10**6)),
    meta=st.dictionaries(st.sampled_from(["a", "b c", "items"]), st.text() | st.from_regex(r"[0-9.,]+")),
)


@pytest.mark.parametrize("compiled", [compile_condition, compile_value, compile_key])
@given(
    text=st.text() | st.text(printable) | st.lists(WORDS, max_size=25).map(" ".join),
    event=EVENTS,
)
def test_any_text_compiles_or_is_refused_and_what_compiles_never_raises(
    compiled: Compiled, text: str, event: Event
) -> None:
    made = _attempted(compiled, text)
    if isinstance(made, ExpressionError):
        assert 1 <= made.column <= len(text) + 1
        assert made.pointer.endswith("^")
    elif isinstance(made, Condition):
        assert made.holds(event) in (True, False)
    elif isinstance(made, Amount):
        assert (made.of(event) or Decimal(0)).is_finite()
    else:
        assert len(made.of(event) or "") <= 200


def _attempted(compiled: Compiled, text: str) -> Condition | Amount | Key | ExpressionError:
    try:
        return compiled(text)
    except ExpressionError as error:
        return error


SIMPLE = st.sampled_from(
    [
        "number(meta.a) > 1", "meta.a == 'x'", "has(meta.a)",
        "number(meta.a) / number(meta['b c']) < duration",
        "contains(meta['b c'], meta.a)", "matches(meta.a, '(a|b)+$')", "meta.a not in ['x', 'y']",
        "hour >= 12",
        "length(upper(meta.a)) * money(meta.items) == 4", "money(meta.a) - 1 in [1, 2]", "weekday != 'sat'",
    ]
)  # fmt: skip
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})")
        | inner.map(lambda text: f"not {text}")
    ),
    max_leaves=8,
)


@given(text=CONDITIONS, event=EVENTS)
def test_whatever_an_event_says_a_condition_has_an_answer(text: str, event: Event) -> None:
    holds = compile_condition(text).holds(event)
    assert holds is not compile_condition(f"not ({text})").holds(event)


@pytest.mark.parametrize("text", ["\x00", "a == '\x1b[31m'", "a ==\u2028", "a == '\ud800'"])
def test_a_terminal_that_shows_the_place_has_nothing_to_obey(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_condition(text)
    assert all(line.isprintable() for line in str(error.value).split("\n"))
