"""Limits: ours are kept by class, theirs are understood in every form."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.http.budget import LONGEST_PAUSE, UNNAMED_PAUSE, WINDOW, Budget, pause_asked
from bot.pirsch.calls import LIMITS, Rate
from tests.http.hours import NOON, Hours

LATER = NOON + timedelta(seconds=30)
EPOCH = LATER.timestamp()
HALF_A_MINUTE = [
    pytest.param("30", id="seconds"),
    pytest.param(" 30 ", id="seconds with spaces"),
    pytest.param("30.0", id="seconds with a fraction"),
    pytest.param(format_datetime(LATER, usegmt=True), id="HTTP date"),
    pytest.param(LATER.isoformat(), id="ISO"),
    pytest.param("2026-05-11T12:00:30.000000000Z", id="ISO in nanoseconds"),
    pytest.param(str(int(EPOCH)), id="epoch"),
    pytest.param(str(int(EPOCH * 1e3)), id="epoch in milliseconds"),
    pytest.param(str(int(EPOCH * 1e6)), id="epoch in microseconds"),
    pytest.param(str(int(EPOCH) * 10**9), id="epoch in nanoseconds"),
]
NO_PAUSE = [
    "",
    "0",
    "-5",
    "soon",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "9" * 100,
    "Mon, 11 May 2026 11:00:00 GMT",
    "½",
]


@pytest.mark.parametrize("text", HALF_A_MINUTE)
@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_every_form_of_a_pause(header: str, text: str) -> None:
    asked = pause_asked(429, {header: text}, NOON)
    assert asked is not None
    assert asked.total_seconds() == pytest.approx(30, abs=0.01)


@pytest.mark.parametrize("text", NO_PAUSE)
def test_an_unreadable_pause_is_a_usual_one(text: str) -> None:
    assert pause_asked(429, {"Retry-After": text}, NOON) == UNNAMED_PAUSE


def test_which_answers_ask_for_a_pause() -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "20"}
    assert pause_asked(200, reset, NOON) == timedelta(seconds=20)
    assert pause_asked(200, {**reset, "X-RateLimit-Remaining": "1"}, NOON) is None
    assert pause_asked(200, {**reset, "X-RateLimit-Reset": "1000"}, NOON) == WINDOW
    assert pause_asked(200, {"X-RateLimit-Remaining": "0"}, NOON) is None
    assert pause_asked(200, {"Retry-After": "20"}, NOON) is None
    assert pause_asked(503, {"Retry-After": "20"}, NOON) == timedelta(seconds=20)
    assert pause_asked(503, {}, NOON) is None
    assert pause_asked(429, {"Retry-After": "5", "X-RateLimit-Reset": "50"}, NOON) == timedelta(seconds=5)


@settings(deadline=None)
@given(st.text() | st.integers().map(str) | st.floats().map(str) | st.datetimes().map(str))
def test_a_pause_is_never_absurd(text: str) -> None:
    asked = pause_asked(429, {"Retry-After": text}, datetime(2026, 5, 11, tzinfo=UTC))
    assert asked is not None
    assert timedelta(0) < asked <= LONGEST_PAUSE


@pytest.mark.parametrize(("rate", "calls"), [(Rate.SECURITY, 10), (Rate.CONFIGURATION, 60)])
def test_a_class_has_its_calls_a_minute(hours: Hours, rate: Rate, calls: int) -> None:
    budget = Budget(hours.monotonic, LIMITS)
    day = timedelta(days=1)
    assert [budget.reserve(rate, day) for _ in range(calls)] == [timedelta(0)] * calls
    hours.seconds = 25
    assert budget.reserve(rate, timedelta(seconds=34)) is None
    assert budget.wait(rate) == timedelta(seconds=35)
    assert budget.reserve(rate, timedelta(seconds=35)) == timedelta(seconds=35)
    hours.seconds = 60
    assert budget.reserve(rate, timedelta(0)) == timedelta(0)


def test_the_free_class_is_free(hours: Hours) -> None:
    budget = Budget(hours.monotonic, LIMITS)
    assert all(budget.reserve(Rate.FREE, timedelta(0)) == timedelta(0) for _ in range(1000))


def test_a_pause_holds_its_class_only(hours: Hours) -> None:
    budget = Budget(hours.monotonic, LIMITS)
    budget.pause(Rate.FREE, timedelta(seconds=20))
    budget.pause(Rate.FREE, timedelta(seconds=5))
    assert budget.reserve(Rate.FREE, timedelta(seconds=19)) is None
    assert budget.reserve(Rate.CONFIGURATION, timedelta(0)) == timedelta(0)
    hours.seconds = 20
    assert budget.reserve(Rate.FREE, timedelta(0)) == timedelta(0)


@settings(deadline=None)
@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_minute_has_more_than_its_calls(gaps: list[float]) -> None:
    hours = Hours()
    budget = Budget(hours.monotonic, LIMITS)
    sent: list[float] = []
    for gap in gaps:
        hours.seconds += gap
        wait = budget.reserve(Rate.SECURITY, timedelta(hours=1))
        assert wait is not None
        sent.append(hours.seconds + wait.total_seconds())
    assert all(later >= earlier - 0.001 for earlier, later in pairwise(sent))
    for tenth, eleventh in zip(sent, sent[10:], strict=False):
        assert eleventh - tenth >= 59.999
