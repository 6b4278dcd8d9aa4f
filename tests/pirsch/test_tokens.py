"""Tokens: one flight for all threads, renewed early, once after a 401, never in a loop."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.pirsch.auth import Credentials, Token, Tokens, token
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import BadCredentials, PirschError, TryLater, Unreachable
from tests.http.hours import NOON, Hours
from tests.pirsch.conftest import SECRET
from tests.pirsch.every_call import DOMAIN, QUERY
from tests.pirsch.far_side import HTML, Act, FarSide, say

TOTAL = ("GET", "/statistics/total")
TOTALS = {"visitors": 1, "views": 1, "sessions": 1, "bounces": 0, "bounce_rate": 0}
HOUR = timedelta(hours=1)


def _asked(far: FarSide) -> int:
    return sum(heard.named == "POST /token" for heard in far.heard)


def test_one_token_does_for_many_calls(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = say(TOTALS)
    for _ in range(5):
        pirsch.statistics.total(QUERY)
    (asked,) = (heard for heard in far.heard if heard.path == "/token")
    assert asked.json() == {"client_id": "our-client-id", "client_secret": SECRET}
    assert "authorization" not in asked.headers


def test_many_threads_ask_for_one_token(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = say(TOTALS)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: pirsch.statistics.total(QUERY), range(24)))
    assert _asked(far) == 1


def test_many_threads_renew_once(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = say(TOTALS)
    pirsch.statistics.total(QUERY)
    far.expire()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: pirsch.statistics.total(QUERY), range(24)))
    assert _asked(far) == 2


def test_a_401_renews_once_and_the_second_stops(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = say({"error": ["Unauthorized."]}, 401)
    with pytest.raises(BadCredentials):
        pirsch.statistics.total(QUERY)
    assert len(far.calls()) == 2
    assert _asked(far) == 2


def test_a_lasting_401_is_no_loop_of_tokens(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.answers[TOTAL] = say({"error": ["Unauthorized."]}, 401)
    far.answers["GET", "/goal"] = say([])
    raised = []
    for _ in range(14):
        with pytest.raises(BadCredentials) as caught:
            pirsch.statistics.total(QUERY)
        raised.append(caught.value)
    assert _asked(far) == 2
    assert len(set(map(id, raised))) == 14
    assert hours.slept == []
    assert pirsch.goals.of(DOMAIN) == (), "what the token is good for goes on"
    hours.seconds += 61
    with pytest.raises(BadCredentials):
        pirsch.statistics.total(QUERY)
    assert _asked(far) == 3


@pytest.mark.parametrize("status", [400, 401, 403])
def test_bad_credentials_stop_everything(pirsch: Pirsch, far: FarSide, hours: Hours, status: int) -> None:
    far.answers["POST", "/token"] = say({"error": [f"wrong {SECRET}"]}, status)
    for _ in range(20):
        with pytest.raises(BadCredentials) as caught:
            pirsch.statistics.total(QUERY)
        assert SECRET not in str(caught.value)
    assert _asked(far) == 1
    assert hours.slept == []
    hours.seconds += 61
    with pytest.raises(BadCredentials):
        pirsch.statistics.total(QUERY)
    assert _asked(far) == 2


@pytest.mark.parametrize("given", [{}, {"access_token": None}, {"access_token": ["x"]}, []])
def test_a_token_that_is_none_is_an_error(pirsch: Pirsch, far: FarSide, given: object) -> None:
    far.answers["POST", "/token"] = say(given)
    with pytest.raises(PirschError):
        pirsch.statistics.total(QUERY)
    assert not far.calls()


@pytest.mark.parametrize("expiry", [None, "", "soon", 12, "2026-05-11T12:05:00.903607271Z"])
def test_any_expiry_will_do(pirsch: Pirsch, far: FarSide, expiry: object) -> None:
    far.tokens.add("a-token")
    far.answers["POST", "/token"] = say({"access_token": "a-token", "expires_at": expiry})
    far.answers[TOTAL] = say(TOTALS)
    pirsch.statistics.total(QUERY)
    pirsch.statistics.total(QUERY)
    assert _asked(far) == 1


def test_the_token_call_is_repeated_like_a_read(pirsch: Pirsch, far: FarSide) -> None:
    far.tokens.add("a-token")
    far.answers["POST", "/token"] = [HTML, Act(cut_after=0), say({"access_token": "a-token"})]
    far.answers[TOTAL] = say(TOTALS)
    assert pirsch.statistics.total(QUERY).visitors == 1


def test_it_is_renewed_a_minute_early(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.lifetime = "2026-05-11T13:00:00.903607271Z"
    far.answers[TOTAL] = say(TOTALS)
    pirsch.statistics.total(QUERY)
    hours.seconds = 59 * 60
    pirsch.statistics.total(QUERY)
    assert _asked(far) == 1
    hours.seconds = 59 * 60 + 1
    pirsch.statistics.total(QUERY)
    assert _asked(far) == 2


def test_a_failed_early_renewal_is_no_trouble(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.lifetime = "2026-05-11T13:00:00Z"
    far.answers[TOTAL] = say(TOTALS)
    pirsch.statistics.total(QUERY)
    for trouble in (HTML, say({}), Act(body=b"<html>"), say({}, 404), Act(cut_after=0)):
        far.answers["POST", "/token"] = trouble
        hours.seconds = 3_590
        assert pirsch.statistics.total(QUERY).visitors == 1
    far.answers["POST", "/token"] = HTML
    hours.seconds = 3_600
    with pytest.raises(TryLater):
        pirsch.statistics.total(QUERY)


# ---------------------------------------------------------------- the keeper of tokens by itself


class Fetches:
    """Gives out tokens, one after the other, each when the test says so."""

    def __init__(self, hours: Hours, error: Callable[[], PirschError] | None = None) -> None:
        self.go = threading.Event()
        self.started = threading.Event()
        self.count = 0
        self._hours = hours
        self._error = error

    def __call__(self) -> Token:
        self.count += 1
        self.started.set()
        assert self.go.wait(5)
        if self._error:
            raise self._error()
        now = self._hours.now()
        return token(f"token {self.count}", now + HOUR, now)


def test_a_late_401_of_an_old_token_keeps_the_newer_one(hours: Hours) -> None:
    fetches = Fetches(hours)
    fetches.go.set()
    tokens = Tokens(fetches, hours.now)
    old = tokens.current()
    newer = tokens.renewed(old)
    assert tokens.renewed(old) is newer
    assert tokens.current() is newer
    assert fetches.count == 2


def test_threads_that_wait_share_a_failure(hours: Hours) -> None:
    """Eight time-outs one after the other would be worse than one."""
    fetches = Fetches(hours, lambda: Unreachable("nobody there"))
    tokens = Tokens(fetches, hours.now)
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(tokens.current) for _ in range(8)]
        assert fetches.started.wait(5)
        while sum(one.running() for one in waiting) < 8:
            time.sleep(0.002)
        fetches.go.set()
        for one in waiting:
            assert isinstance(one.exception(5), Unreachable)
    assert fetches.count < 8
    assert len({id(one.exception()) for one in waiting}) == 8, "each thread adds to the traceback of its own"


def test_a_remembered_refusal_is_a_new_error_each_time(hours: Hours) -> None:
    fetches = Fetches(hours, lambda: BadCredentials("unknown", status=401))
    fetches.go.set()
    tokens = Tokens(fetches, hours.now)
    raised = []
    for _ in range(3):
        with pytest.raises(BadCredentials) as caught:
            tokens.current()
        raised.append(caught.value)
    assert len(set(map(id, raised))) == 3
    assert {(str(one), one.status) for one in raised} == {("401 unknown", 401)}
    assert fetches.count == 1


def test_our_wrong_clock_does_not_ask_for_each_call(hours: Hours) -> None:
    fetches = Fetches(hours)
    fetches.go.set()
    tokens = Tokens(lambda: token("x", NOON - HOUR, fetches().got_at), hours.now)
    assert tokens.current() is tokens.current()
    assert fetches.count == 1


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"client_id": "id"},
        {"client_secret": "s"},
        {"client_id": "id", "access_key": "pa_"},
        {"access_key": "pa_\n"},
    ],
)
def test_broken_credentials_are_a_mistake_here(parts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"belong together|is needed|no blanks"):
        Credentials(**parts)
