"""Numbers as shops write them."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.amounts import EXACT, bounded, money, number

BARE = {
    "0": "0",
    "199": "199",
    "199.99": "199.99",
    "199,99": "199.99",
    "199,9": "199.9",
    "1,29": "1.29",
    "1,299": "1299",
    "12,299": "12299",
    "123,299": "123299",
    "1234,299": "1234.299",
    "0,299": "0.299",
    "1,2995": "1.2995",
    "1.299": "1.299",
    "1.29": "1.29",
    "1.299,00": "1299.00",
    "1,299.00": "1299.00",
    "1,299.5": "1299.5",
    "1.299,5": "1299.5",
    "1,299,000": "1299000",
    "1.299.000": "1299000",
    "1,299,000.50": "1299000.50",
    "1.299.000,50": "1299000.50",
    "12,34,567": "1234567",
    "1,00,000.50": "100000.50",
    "1 299,00": "1299.00",
    "1 299.00": "1299.00",
    "1\u202f299": "1299",
    "1\u00a0299\u00a0000,5": "1299000.5",
    "1'299.50": "1299.50",
    "1’299": "1299",
    "-5": "-5",
    "+5": "5",
    "\u22125": "-5",
    "-1.299,00": "-1299.00",
    ".5": "0.5",
    ",5": "0.5",
    "5.": "5",
    "5,": "5",
    "1e3": "1000",
    "1E+3": "1000",
    "1.5e-7": "0.00000015",
    "  12  ": "12",
    "007": "7",
    "9" * 18: "9" * 18,
}
NEITHER = [
    "", " ", "abc", "-", "+", ".", ",", "--5", "5-", "1.2.3", "1,2,3", "1.29.000", "1,299,00", "1.299.00,5",
    "1,299,000,50.5", "1 29", "1 299 00", "1' 299", "1_000", "0x10", "٣", "1e", "1e1000", "1e99", "nan",
    "inf", "Infinity",
    "5 %", "2026-03-02", "192.168.0.1", "9" * 19, "1" * 41, "5 pcs", "abc 5", "true", "1.5,2", "12\n34",
    "\ud800",
]  # fmt: skip
WITH_CURRENCY = {
    "$5": "5",
    "5$": "5",
    "5 €": "5",
    "€5": "5",
    "€ 5,00": "5.00",
    "USD 12.50": "12.50",
    "12.50USD": "12.50",
    "usd 5": "5",
    "US$ 1,299.00": "1299.00",
    "R$ 1.299,00": "1299.00",
    "-$5": "-5",
    "$-5": "-5",
    "-5 €": "-5",
    "129,00 kr": "129.00",
    "129 kr.": "129",
    "99 zł": "99",
    "CHF 1'299.50": "1299.50",
    "1.299 €": "1299",
    "$1.299": "1299",
    "-1.299 EUR": "-1299",
    "1,299 €": "1299",
    "KWD 1.299": "1.299",
    "1.299,00 €": "1299.00",
    "0.299 €": "0.299",
    "$5 USD": "5",
    "1e3 €": "1000",
}


@pytest.mark.parametrize(("text", "value"), BARE.items())
def test_a_bare_number_is_read_by_both(text: str, value: str) -> None:
    assert number(text) == Decimal(value)
    assert money(text) == Decimal(value)


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_no_number_is_missing(text: str) -> None:
    assert number(text) is None
    assert money(text) is None


@pytest.mark.parametrize(("text", "value"), WITH_CURRENCY.items())
def test_only_money_reads_a_currency(text: str, value: str) -> None:
    assert number(text) is None
    assert money(text) == Decimal(value)


@pytest.mark.parametrize("text", ["5 pcs", "10 min", "abc 5", "$", "€", "USD", "$$5", "5 $ $", "-$-5"])
def test_not_every_word_is_a_currency(text: str) -> None:
    assert money(text) is None


def test_a_missing_text_is_a_missing_number() -> None:
    assert number(None) is None
    assert money(None) is None


def test_exponents_do_not_show() -> None:
    assert str(number("1e3")) == "1000"


def test_decimals_beyond_the_eighteenth_are_rounded() -> None:
    assert number("0.1234567890123456785") == Decimal("0.123456789012345678")
    assert number("1e-30") == 0


def test_somebody_elses_decimal_context_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert number("-123456789,5") == Decimal("-123456789.5")


@given(st.text() | st.text("0123456789.,'+-eE $€ USDkr\u202f", max_size=45))
def test_any_text_is_a_number_within_bounds_or_missing(text: str) -> None:
    for value in (number(text), money(text)):
        assert value is None or (value.is_finite() and abs(value) < 10**18 and value == bounded(value))
    bare = number(text)
    assert bare is None or money(text) == bare


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_every_way_of_writing_an_amount_means_the_same(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.translate(str.maketrans(",.", "\u202f,"))
    for text in (english, german, french):
        assert number(text) == value
        assert money(f"{text} €") == value
        assert money(f"$ {text}") == value


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_what_is_kept_has_bounds(value: Decimal) -> None:
    kept = bounded(value)
    if kept is not None:
        assert abs(kept) < 10**18
        assert abs(EXACT.subtract(kept, value)) <= Decimal("0.5e-18")
