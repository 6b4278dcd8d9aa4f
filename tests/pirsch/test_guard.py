"""The one guarded call: what is repeated, what never is, and what becomes of every kind of bad answer."""

import gzip
import json
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import (
    BadCredentials,
    Forbidden,
    NotFound,
    NotReadable,
    PirschError,
    Refused,
    TryLater,
    Unreachable,
    Unsure,
)
from bot.pirsch.wire import Server
from tests.http.hours import Hours
from tests.pirsch.conftest import SECRET, SMALL
from tests.pirsch.every_call import CALL, DOMAIN, ENDPOINT, GOAL, HIT, QUERY, SCRIPTED
from tests.pirsch.far_side import CUT, HTML, NOTHING, Act, FarSide, Heard, say

TOTAL = ("GET", "/statistics/total")
TOTALS = {"visitors": 42, "views": 56, "sessions": 48, "bounces": 23, "bounce_rate": 1}
GOOD = say(TOTALS)

PASSING = [
    pytest.param(HTML, id="a proxy's page with 502"),
    pytest.param(say({"error": ["busy"]}, 503), id="503"),
    pytest.param(Act(status=504), id="504, empty"),
    pytest.param(CUT, id="cut before the headers"),
    pytest.param(Act(body=GOOD.body, cut_after=30), id="cut within the headers"),
    pytest.param(Act(body=GOOD.body, cut_after=80), id="cut within the body"),
]
SLOW = [
    pytest.param(Act(body=GOOD.body, wait=0.6), id="nothing for long"),
    pytest.param(Act(body=GOOD.body, drip=0.02), id="a body that drips"),
    pytest.param(Act(body=GOOD.body, drip=0.02, headers_drip=True), id="headers that drip"),
]


@pytest.mark.parametrize("trouble", PASSING)
def test_a_read_outlives_passing_trouble(pirsch: Pirsch, far: FarSide, hours: Hours, trouble: Act) -> None:
    far.answers[TOTAL] = [trouble, GOOD]
    assert pirsch.statistics.total(QUERY).visitors == 42
    assert len(far.calls()) == 2
    assert hours.slept == [0.75]


@pytest.mark.parametrize("trouble", PASSING)
def test_a_read_gives_up_after_four_tries(pirsch: Pirsch, far: FarSide, hours: Hours, trouble: Act) -> None:
    far.answers[TOTAL] = trouble
    with pytest.raises((Unreachable, TryLater)) as caught:
        pirsch.statistics.total(QUERY)
    assert len(far.calls()) == 4
    assert hours.slept == [0.75, 1.5, 3.0]
    assert (caught.value.method, caught.value.path) == TOTAL


@pytest.mark.parametrize("trouble", PASSING)
def test_a_flip_is_never_repeated(pirsch: Pirsch, far: FarSide, trouble: Act) -> None:
    for method, path, flip in (
        ("PUT", "/traffic/spike", pirsch.traffic.flip_spike_mails),
        ("PUT", "/traffic/warning", pirsch.traffic.flip_silence_mails),
        ("POST", "/domain/start-week-sunday", pirsch.domains.flip_week_start),
        ("PUT", "/domain/noindex", pirsch.domains.flip_noindex),
    ):
        far.answers[method, path] = [trouble, NOTHING]
        with pytest.raises(Unsure):
            flip(DOMAIN)
        assert len(far.calls(f"{method} {path}")) == 1


@pytest.mark.parametrize("trouble", SLOW)
def test_slowness_is_a_trouble_that_passes(impatient: Pirsch, far: FarSide, trouble: Act) -> None:
    far.answers[TOTAL] = [trouble, GOOD]
    assert impatient.statistics.total(QUERY).visitors == 42
    assert len(far.calls()) == 2


@pytest.mark.parametrize("trouble", SLOW)
def test_a_slow_flip_is_never_repeated(impatient: Pirsch, far: FarSide, trouble: Act) -> None:
    far.answers["PUT", "/traffic/spike"] = trouble
    with pytest.raises(Unsure):
        impatient.traffic.flip_spike_mails(DOMAIN)
    assert len(far.calls()) == 1


def test_no_answer_holds_a_call_for_longer_than_its_time(impatient: Pirsch, far: FarSide) -> None:
    """These headers would take three minutes, and no single byte of them is late."""
    headers = {"X-Long": "x" * 9_000}
    far.answers["PUT", "/traffic/spike"] = Act(drip=0.02, headers_drip=True, headers=headers)
    began = time.monotonic()
    with pytest.raises(Unsure):
        impatient.traffic.flip_spike_mails(DOMAIN)
    assert time.monotonic() - began < 60


def test_reads_share_a_connection(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = GOOD
    pirsch.statistics.total(QUERY)
    pirsch.statistics.total(QUERY)
    assert len({heard.connection for heard in far.calls()}) == 1


def test_a_flip_takes_a_connection_of_its_own(pirsch: Pirsch, far: FarSide) -> None:
    """A kept one that the far side closes just then would leave us in doubt for nothing."""
    far.answers[TOTAL] = GOOD
    far.answers["PUT", "/traffic/spike"] = NOTHING
    pirsch.statistics.total(QUERY)
    pirsch.traffic.flip_spike_mails(DOMAIN)
    read, flip = far.calls()
    assert read.connection != flip.connection


@pytest.mark.parametrize("clean", [401, 429])
def test_a_flip_is_replayed_after_a_clean_no(pirsch: Pirsch, far: FarSide, clean: int) -> None:
    far.answers["PUT", "/traffic/spike"] = [say({}, clean, Retry_After="2"), NOTHING]
    pirsch.traffic.flip_spike_mails(DOMAIN)
    assert len(far.calls()) == 2


def test_traffic_is_not_counted_twice(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["POST", "/hit"] = [Act(cut_after=0), NOTHING]
    with pytest.raises(Unsure):
        pirsch.ingest.hit(HIT)
    assert len(far.calls()) == 1


def test_nothing_is_in_doubt_when_nobody_listens(hours: Hours) -> None:
    with FarSide() as gone:
        pass
    credentials = Credentials(client_id="id", client_secret=SECRET)
    with (
        Pirsch(credentials, Server(url=gone.url), patience=SMALL, timing=hours.timing) as pirsch,
        pytest.raises(Unreachable),
    ):
        pirsch.traffic.flip_spike_mails(DOMAIN)
    assert hours.slept == []


def test_setting_a_threshold_again_changes_nothing_so_it_is_repeated(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["POST", "/traffic/spike"] = [CUT, HTML, NOTHING]
    pirsch.traffic.set_spike_threshold(DOMAIN, 100)
    assert [heard.json() for heard in far.calls()] == [{"domain_id": DOMAIN, "threshold": 100}] * 3


def test_a_500_is_not_repeated_but_named(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = say({"error": ["Internal Server Error."]}, 500)
    with pytest.raises(TryLater):
        pirsch.statistics.total(QUERY)
    assert len(far.calls()) == 1


def test_a_deleted_object_is_no_error(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["DELETE", "/goal"] = [CUT, say({"error": ["Goal not found."]}, 404)]
    assert CALL["goals.delete"](pirsch, SCRIPTED) is False
    far.answers["DELETE", "/goal"] = NOTHING
    assert CALL["goals.delete"](pirsch, SCRIPTED) is True


# ---------------------------------------------------------------- answers that cannot be read


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>Welcome to the hotel</html>", id="HTML"),
        pytest.param(b'{"visitors": 42', id="half"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"visitors": ' + b"1" * 10_000 + b"}", id="a number of ten thousand digits"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="an empty list"),
        pytest.param(b'"text"', id="a text"),
        pytest.param(json.dumps({**TOTALS, "visitors": None}).encode(), id="no visitors"),
        pytest.param(b'{"visitors": NaN}', id="not a number"),
    ],
)
def test_a_yes_in_unknown_words_is_no_zero(pirsch: Pirsch, far: FarSide, body: bytes) -> None:
    far.answers[TOTAL] = Act(body=body)
    with pytest.raises(NotReadable) as caught:
        pirsch.statistics.total(QUERY)
    assert len(far.calls()) == 1
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("body", [b"", b"<html>Welcome to the hotel</html>", b"null"])
def test_an_export_is_an_archive(pirsch: Pirsch, far: FarSide, body: bytes) -> None:
    far.answers["GET", "/statistics"] = Act(body=body)
    with pytest.raises(NotReadable, match="no ZIP archive"):
        pirsch.statistics.export_csv(QUERY, ["pages"])
    far.answers["GET", "/statistics"] = Act(body=b"PK\x03\x04")
    assert pirsch.statistics.export_csv(QUERY, ["pages"]) == b"PK\x03\x04"


def test_an_empty_body_is_no_empty_list(pirsch: Pirsch, far: FarSide) -> None:
    """Or a reconciler would create everything again."""
    far.answers["GET", "/goal"] = NOTHING
    with pytest.raises(NotReadable):
        pirsch.goals.of(DOMAIN)
    far.answers["GET", "/goal"] = say(None)
    assert pirsch.goals.of(DOMAIN) == ()


def test_a_huge_answer_is_not_taken(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(body=b" " * 200_001)
    with pytest.raises(NotReadable, match="more than 200000 bytes"):
        pirsch.statistics.total(QUERY)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_taken(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(body=gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
    with pytest.raises(NotReadable, match="more than 200000 bytes"):
        pirsch.statistics.total(QUERY)


def test_packed_and_chunked_answers_are_read(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(body=gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})
    assert pirsch.statistics.total(QUERY).visitors == 42


def test_broken_packing_is_no_crash(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(body=b"not gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(PirschError):
        pirsch.statistics.total(QUERY)


def test_we_do_not_follow_elsewhere(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(status=302, headers={"Location": "https://example.com/"})
    with pytest.raises(NotReadable, match="elsewhere"):
        pirsch.statistics.total(QUERY)


def test_a_connection_that_was_closed_meanwhile_is_no_trouble(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = replace(GOOD, close=True)
    for _ in range(3):
        assert pirsch.statistics.total(QUERY).visitors == 42


def test_cookies_are_not_kept(pirsch: Pirsch, far: FarSide) -> None:
    far.answers[TOTAL] = Act(body=GOOD.body, headers={"Set-Cookie": "who=us"})
    pirsch.statistics.total(QUERY)
    pirsch.statistics.total(QUERY)
    assert all("cookie" not in heard.headers for heard in far.heard)


# ---------------------------------------------------------------- what a no means


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Refused), (403, Forbidden), (404, NotFound), (409, Refused), (422, Refused)]
)
def test_a_no_is_named_for_what_can_be_done(
    pirsch: Pirsch, far: FarSide, status: int, kind: type[PirschError]
) -> None:
    far.answers[TOTAL] = say({"validation": {"from": "is not a date"}, "error": ["Nope."]}, status)
    with pytest.raises(kind) as caught:
        pirsch.statistics.total(QUERY)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.fields == {"from": ("is not a date",)}
    assert caught.value.messages == ("Nope.",)
    assert len(far.calls()) == 1


BODIES: list[Any] = [
    pytest.param({"validation": {"name": "too long"}, "error": ["No."]}, id="2021: texts"),
    pytest.param(
        {"validation": {"name": ["too long"]}, "error": ["No."]}, id="lists, as a third party has it"
    ),
    pytest.param(
        {"validation": {"name": "too long"}, "error": ["No."], "context": {"limit": 10}}, id="2024: context"
    ),
    pytest.param({"validation": {"name": "too long"}, "error": "No."}, id="error as a text"),
    pytest.param(
        {"validation": {"name": ["too long", None]}, "error": [None, "No."], "context": None},
        id="nulls inside",
    ),
]


@pytest.mark.parametrize("body", BODIES)
def test_every_form_of_an_error_body_is_one_form(pirsch: Pirsch, far: FarSide, body: Any) -> None:
    far.answers["GET", "/goal"] = say([])
    far.answers["POST", "/goal"] = say(body, 400)
    with pytest.raises(Refused) as caught:
        pirsch.goals.create(DOMAIN, GOAL)
    assert caught.value.fields == {"name": ("too long",)}
    assert caught.value.messages == ("No.",)
    assert str(caught.value) == "POST /goal: 400 refused (No.; name: too long)"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"No."',
        b"<html>",
        b"{}",
        b"[" * 100_000,
        b'{"validation": null, "error": null, "context": null}',
        b'{"validation": [], "error": {}, "context": []}',
        b'{"context": {"deep": ' + b"[" * 900 + b"]" * 900 + b"}}",
    ],
)
def test_an_error_body_that_says_nothing_is_still_a_no(pirsch: Pirsch, far: FarSide, body: bytes) -> None:
    far.answers[TOTAL] = Act(status=400, body=body)
    with pytest.raises(Refused) as caught:
        pirsch.statistics.total(QUERY)
    assert caught.value.fields == {}
    assert len(str(caught.value)) < 500


def test_context_is_told_as_simple_values(pirsch: Pirsch, far: FarSide) -> None:
    body = {"context": {"limit": 10, "plan": "standard", "nested": {"a": [1]}, "none": None}}
    far.answers[TOTAL] = say(body, 400)
    with pytest.raises(Refused) as caught:
        pirsch.statistics.total(QUERY)
    told = {"limit": 10, "plan": "standard", "nested": "{'a': [1]}", "none": None}
    assert caught.value.context == told


def test_no_secret_is_in_an_error(pirsch: Pirsch, far: FarSide) -> None:
    """Not the client's, not the token, not the address of a webhook, though Pirsch repeats them all."""
    everything = f"{SECRET} token-1-of-the-far-side {ENDPOINT} {'x' * 5_000}\x1b[31m\n"
    far.answers["GET", "/webhook"] = say([])
    far.answers["POST", "/webhook"] = say(
        {"validation": {"endpoint": everything}, "error": [everything]}, 400
    )
    with pytest.raises(Refused) as caught:
        pirsch.webhooks.create(DOMAIN, "purchase", ENDPOINT)
    told = str(caught.value) + repr(caught.value) + repr(caught.value.problem) + repr(caught.value.__dict__)
    assert SECRET not in told
    assert "token-1" not in told
    assert "nobody-guesses" not in told
    assert "\x1b" not in told
    assert len(told) < 4_000


@pytest.mark.parametrize("trouble", [CUT, Act(cut_after=28), HTML, Act(body=b"{"), say({}, 404)])
def test_no_secret_is_in_a_log_or_a_traceback(
    pirsch: Pirsch, far: FarSide, caplog: pytest.LogCaptureFixture, trouble: Act
) -> None:
    """Libraries like to quote whole addresses, and the code of an access link is a part of one."""
    caplog.set_level("DEBUG")
    far.answers["GET", "/domain"] = trouble
    with pytest.raises(PirschError) as caught:
        pirsch.domains.by_access_link("code-that-opens")
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    told += "".join(str(record.__dict__) for record in caplog.records)
    assert "code-that-opens" not in told.replace('by_access_link("code-that-opens")', "")
    assert SECRET not in told
    assert "token-1" not in told


def test_no_secret_is_in_a_repr() -> None:
    credentials = Credentials(client_id="id", client_secret=SECRET, access_key="pa_key")
    assert SECRET not in repr(credentials)
    assert "pa_key" not in repr(credentials)


@pytest.mark.parametrize("url", ["http://api.pirsch.io", "ftp://api.pirsch.io", "api.pirsch.io", "https://"])
def test_secrets_travel_encrypted(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Server(url=url)


# ---------------------------------------------------------------- limits


def test_a_429_is_obeyed(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.answers[TOTAL] = [say({}, 429, Retry_After="7"), GOOD]
    pirsch.statistics.total(QUERY)
    assert sum(hours.slept) == pytest.approx(7, abs=1)


def test_a_long_429_is_for_the_caller(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.answers[TOTAL] = say({}, 429, Retry_After="600")
    with pytest.raises(TryLater) as caught:
        pirsch.statistics.total(QUERY)
    assert caught.value.retry_after == timedelta(seconds=600)
    assert hours.slept == []
    with pytest.raises(TryLater):
        pirsch.statistics.growth(QUERY)
    assert len(far.calls()) == 1, "the pause holds for the whole class"


def test_the_sixty_first_setting_of_a_minute_waits(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    far.answers["GET", "/goal"] = say([])
    for _ in range(60):
        pirsch.goals.of(DOMAIN)
    hours.seconds += 40
    pirsch.goals.of(DOMAIN)
    assert hours.slept == [pytest.approx(20)]
    far.answers[TOTAL] = GOOD
    pirsch.statistics.total(QUERY)
    assert len(hours.slept) == 1, "statistics are free"


def test_the_sixty_first_setting_is_refused_when_the_wait_is_long(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/goal"] = say([])
    for _ in range(60):
        pirsch.goals.of(DOMAIN)
    with pytest.raises(TryLater) as caught:
        pirsch.goals.of(DOMAIN)
    assert caught.value.retry_after == timedelta(seconds=60)
    assert len(far.calls()) == 60


def test_a_write_waits_only_while_its_whole_time_is_left(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    """Cut short after a tenth of a second, a flip would be in doubt for nothing."""
    far.answers["GET", "/goal"] = say([])
    far.answers["PUT", "/traffic/spike"] = NOTHING
    for _ in range(60):
        pirsch.goals.of(DOMAIN)
    hours.seconds += 39
    with pytest.raises(TryLater):
        pirsch.traffic.flip_spike_mails(DOMAIN)
    assert (hours.slept, far.calls("PUT /traffic/spike")) == ([], [])
    hours.seconds += 2
    pirsch.traffic.flip_spike_mails(DOMAIN)
    assert hours.slept == [pytest.approx(19)]


def test_a_write_that_need_not_wait_is_sent_though_nothing_is_to_spare(far: FarSide, hours: Hours) -> None:
    far.answers["PUT", "/traffic/spike"] = NOTHING
    credentials = Credentials(client_id="our-client-id", client_secret=SECRET)
    patience = replace(SMALL, total=SMALL.exchange)
    timing = replace(hours.timing, monotonic=lambda: next(ticks))
    ticks = count(1_000.0, 0.001)
    with Pirsch(credentials, Server(url=far.url), patience=patience, timing=timing) as pirsch:
        pirsch.traffic.flip_spike_mails(DOMAIN)
    assert len(far.calls()) == 1


def test_a_repetition_without_time_leaves_the_doubt(pirsch: Pirsch, far: FarSide, hours: Hours) -> None:
    def slowly(heard: Heard) -> Act:
        hours.seconds += 21
        return CUT

    far.answers["POST", "/traffic/spike"] = slowly
    with pytest.raises(Unsure):
        pirsch.traffic.set_spike_threshold(DOMAIN, 100)
    assert len(far.calls()) == 1


def test_a_pause_holds_for_those_who_wait_already(far: FarSide, hours: Hours) -> None:
    """While this call waits for its place, another one is told to pause."""
    far.answers[TOTAL] = [
        replace(GOOD, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"}),
        GOOD,
    ]
    far.answers["GET", "/statistics/growth"] = say({}, 429, Retry_After="40")

    def sleep(seconds: float) -> None:
        hours.sleep(seconds)
        with pytest.raises(TryLater):
            pirsch.statistics.growth(QUERY)

    credentials = Credentials(client_id="our-client-id", client_secret=SECRET)
    timing = replace(hours.timing, sleep=sleep)
    with Pirsch(credentials, Server(url=far.url), patience=SMALL, timing=timing) as pirsch:
        pirsch.statistics.total(QUERY)
        with pytest.raises(TryLater):
            pirsch.statistics.total(QUERY)
    assert hours.slept == [5.0]
    assert len(far.calls("GET /statistics/total")) == 1


# ---------------------------------------------------------------- access keys


def test_an_access_key_sends_traffic_and_nothing_else(far: FarSide, keyed: Callable[[str], Pirsch]) -> None:
    far.tokens.add("pa_key")
    far.answers["POST", "/hit"] = NOTHING
    pirsch = keyed("pa_key")
    pirsch.ingest.hit(HIT)
    with pytest.raises(BadCredentials, match="OAuth client"):
        pirsch.statistics.total(QUERY)
    assert [heard.named for heard in far.heard] == ["POST /hit"]


def test_a_dead_access_key_is_not_refreshed(far: FarSide, keyed: Callable[[str], Pirsch]) -> None:
    with pytest.raises(BadCredentials) as caught:
        keyed("pa_dead_key").ingest.hit(HIT)
    assert "pa_dead_key" not in str(caught.value)
    assert [heard.named for heard in far.heard] == ["POST /hit"]
