"""Numbers, times and strangers' text as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.formats import ago, money, number, span, when
from bot.writing.text import clean, cut, cut_escaped, oneline, slack_escape

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("612.4"), "612.40"),
        (Decimal("612.00"), "612.00"),
        (Decimal("612"), "612"),
        (Decimal("-1234.567"), "-1,234.57"),
        (Decimal("0.00001234"), "0.000012"),
        (Decimal("0.01"), "0.01"),
        (Decimal("0.00"), "0.00"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1E+999999"), "1.000e+999999"),
        (Decimal("1E-999999"), "1.000e-999999"),
        (Decimal("NaN"), "NaN"),
        (0.5, "0.50"),
        (float("inf"), "Infinity"),
        ("12 pieces", "12 pieces"),
    ],
)
def test_numbers(value: object, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal("249"), "USD", "249.00 USD"),
        (1200, "EUR", "1,200.00 EUR"),
        (Decimal("0.5"), "", "0.50"),
        ("about 5", "EUR", "about 5 EUR"),
        (Decimal("1E+99"), "EUR", "1.000e+99 EUR"),
    ],
)
def test_money(value: object, currency: str, shown: str) -> None:
    assert money(value, currency) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "under 1 s"),
        (0.4, "under 1 s"),
        (1, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (150, "2 min 30 s"),
        (3600, "1 h"),
        (3601, "1 h"),
        (5400, "1 h 30 min"),
        (26 * 3600, "26 h"),
        (48 * 3600 - 1, "47 h 59 min"),
        (48 * 3600, "2 days"),
        (76 * 3600, "3 days 4 h"),
        (400 * 86400, "400 days"),
        (-90, "1 min 30 s"),
    ],
)
def test_lengths_of_time(seconds: float, shown: str) -> None:
    assert span(timedelta(seconds=seconds)) == shown


def test_instants_are_told_in_the_sites_zone() -> None:
    assert when(AT, BERLIN) == "2 Jul 2026, 00:05 CEST"
    assert when(AT, ZoneInfo("America/Sao_Paulo")) == "1 Jul 2026, 19:05 UTC-03"


@pytest.mark.parametrize(
    ("before", "shown"), [(-5, "just now"), (0, "just now"), (1, "1 s ago"), (7200, "2 h ago")]
)
def test_how_long_ago(before: float, shown: str) -> None:
    assert ago(AT - timedelta(seconds=before), AT) == shown


def test_what_cannot_be_shown_is_left_out() -> None:
    assert clean("a\x00b\x1b[0m\u202ec\u2066d\ud800e\ufeff\x85f\r\ng\th") == "ab[0mcde\nf\ng\th"
    assert oneline(" a\r\n\tb\u2028c ") == "a b c"


def test_languages_and_emoji_stay() -> None:
    assert clean("שלום, héllo, 你好 👩‍👩‍👧") == "שלום, héllo, 你好 👩‍👩‍👧"


@given(st.text(), st.integers(1, 50))
def test_cutting_keeps_the_length(text: str, longest: int) -> None:
    assert len(cut(text, longest)) <= longest
    escaped = cut_escaped(slack_escape(text), longest)
    assert len(escaped) <= longest
    rest = escaped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set(rest) & set("&<>")


@given(st.text(alphabet=st.characters()))
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\n" not in oneline(text)
