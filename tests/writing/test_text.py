"""Lengths of time and strangers' text as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.spans import ago, span
from bot.writing.text import LONGEST_LINE, clean, cut, cut_escaped, oneline, slack_escape

AT = datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC)


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


def test_of_what_is_too_long_the_beginning_is_one_line() -> None:
    assert oneline("a " * LONGEST_LINE) == "a " * (LONGEST_LINE // 2 - 1) + "a…"
    assert oneline("\u202e" * LONGEST_LINE + "hidden by what cannot be seen") == "…"
    assert oneline("a" * LONGEST_LINE) == "a" * LONGEST_LINE


@given(st.text(alphabet=st.characters()), st.integers(0, 2 * LONGEST_LINE))
def test_a_line_of_any_length_is_fit_to_be_shown(text: str, more: int) -> None:
    line = oneline(text + "\u202e\n" * more + text)
    assert len(line) <= LONGEST_LINE + 1
    assert clean(line) == line == " ".join(line.split())


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
