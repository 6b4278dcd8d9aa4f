"""How Umami is asked: with which proof, how often, and what becomes of every way to say no."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Request, Response

from bot.http.budget import Limit
from bot.http.decoding import Unfit
from bot.sandbox.serving import Serving
from bot.umami import answers
from bot.umami.auth import ApiKey, Login
from bot.umami.client import Umami
from bot.umami.dialect import Condition, Dialect, Field, Operator, Span, filters
from bot.umami.errors import (
    BadCredentials,
    NotReadable,
    Refused,
    TryLater,
    Unaskable,
    Unreachable,
    said,
)
from bot.umami.wire import CLOUD, Patience, Server
from tests.http.hours import Hours
from tests.umami.conftest import Join
from tests.umami.recorded import DST, SHOP, Recorded

SPAN = Span(since=datetime(2026, 11, 9, tzinfo=UTC), until=datetime(2026, 11, 21, tzinfo=UTC))


def logins(recorded: Recorded) -> int:
    return sum(one.path == "/auth/login" for one in recorded.asked)


# ---------------------------------------------------------------- who asks


def test_one_login_is_enough(recorded: Recorded, umami: Umami) -> None:
    for _ in range(3):
        umami.stats(SHOP, SPAN)
    assert logins(recorded) == 1


def test_a_token_that_died_is_replaced_once(recorded: Recorded, umami: Umami) -> None:
    umami.stats(SHOP, SPAN)
    recorded.token = "another secret of the server, another token"
    assert umami.stats(SHOP, SPAN).visitors == 91
    assert logins(recorded) == 2


def test_a_website_of_others_is_no_reason_to_log_in_again_and_again(recorded: Recorded, umami: Umami) -> None:
    recorded.foreign = DST
    for _ in range(4):
        with pytest.raises(BadCredentials, match="may not see this website"):
            umami.stats(DST, SPAN)
    assert umami.stats(SHOP, SPAN).visitors == 91
    assert logins(recorded) == 2


def test_a_wrong_password_is_not_tried_again_and_again(recorded: Recorded, join: Join, hours: Hours) -> None:
    mistaken = join(recorded, Login(username="admin", password="a-wrong-word"))
    for _ in range(3):
        with pytest.raises(BadCredentials) as told:
            mistaken.stats(SHOP, SPAN)
        assert "a-wrong-word" not in str(told.value)
    assert logins(recorded) == 1
    hours.seconds += 61
    with pytest.raises(BadCredentials):
        mistaken.stats(SHOP, SPAN)
    assert logins(recorded) == 2


def test_a_key_needs_no_login(recorded: Recorded, join: Join) -> None:
    assert join(recorded, ApiKey(key=recorded.token)).stats(SHOP, SPAN).visitors == 91
    assert logins(recorded) == 0


def test_no_secret_shows() -> None:
    for secret in (Login(username="admin", password="hidden"), ApiKey(key="hidden")):
        assert "hidden" not in repr(secret)


@pytest.mark.parametrize("key", ["", "two words", "ключ", "line\nend"])
def test_a_key_is_one_plain_word(key: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        ApiKey(key=key)


def test_the_cloud_has_its_own_door() -> None:
    assert Server.at(CLOUD).address("/websites") == "https://api.umami.is/v1/websites"
    assert Server.at("https://api.umami.is/v1/eu").cloud
    assert (
        Server.at("https://stats.example.com/").address("/websites")
        == "https://stats.example.com/api/websites"
    )
    with pytest.raises(ValueError, match="https"):
        Server.at("http://stats.example.com")


# ---------------------------------------------------------------- a far side that says no


class Saying:
    """Answers each call with the next of its replies; the last one stays."""

    def __init__(self, *replies: Response) -> None:
        self.replies = list(replies)
        self.headers: list[dict[str, str]] = []

    def __call__(self, environ: dict[str, object], start_response: Any) -> Any:
        self.headers.append(dict(Request(environ).headers))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply(environ, start_response)


def asked(
    far: Saying, hours: Hours, *, cloud: bool = False, limit: Limit | None = None, times: int = 1
) -> int:
    """Ask for totals with a key, and return the visitors."""
    patience = Patience(exchange=timedelta(seconds=5), total=timedelta(seconds=60), limit=limit)
    found = 0
    with Serving(far) as serving:
        server = Server(url=serving.url, cloud=cloud)
        with Umami(ApiKey(key="k-1"), server, patience=patience, timing=hours.timing) as umami:
            for _ in range(times):
                found = umami.stats(SHOP, SPAN).visitors
    return found


def ok() -> Response:
    body = '{"pageviews": 3, "visitors": "2", "visits": 2, "bounces": 1, "totaltime": null, "comparison": {}}'
    return Response(body, content_type="application/json")


def test_the_key_goes_where_the_server_looks_for_it(hours: Hours) -> None:
    own, cloud = Saying(ok()), Saying(ok())
    assert asked(own, hours) == asked(cloud, hours, cloud=True) == 2
    assert own.headers[0]["Authorization"] == "Bearer k-1"
    assert cloud.headers[0]["X-Umami-Api-Key"] == "k-1"
    assert "Authorization" not in cloud.headers[0]


@pytest.mark.parametrize("status", [502, 503, 504, 429, 500])
def test_what_passes_is_asked_again(hours: Hours, status: int) -> None:
    assert asked(Saying(Response(b"", status), ok()), hours) == 2


def test_a_500_is_asked_again_once_only(hours: Hours) -> None:
    far = Saying(Response(b"", 500), Response(b"", 500), ok())
    with pytest.raises(TryLater):
        asked(far, hours)
    assert len(far.headers) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (404, Refused), (405, Refused), (401, BadCredentials), (302, NotReadable)],
)
def test_a_no_is_a_no(hours: Hours, status: int, error: type[Exception]) -> None:
    far = Saying(Response(b"<!DOCTYPE html><html></html>", status), ok())
    with pytest.raises(error):
        asked(far, hours)
    assert len(far.headers) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"beep"',
        b'{"visitors": null}',
        b'{"visitors": {"value": "many"}}',
        b"[" * 9999,
    ],
)
def test_what_is_no_answer_is_no_number(hours: Hours, body: bytes) -> None:
    with pytest.raises(NotReadable):
        asked(Saying(Response(body, 200)), hours)


def test_nobody_there(hours: Hours) -> None:
    with Serving(Saying(ok())) as gone:
        url = gone.url
    with (
        Umami(ApiKey(key="k-1"), Server(url=url, cloud=False), timing=hours.timing) as umami,
        pytest.raises(Unreachable),
    ):
        umami.stats(SHOP, SPAN)


def test_no_window_has_more_than_its_calls(hours: Hours) -> None:
    asked(Saying(ok()), hours, limit=Limit(calls=50, window=timedelta(seconds=15)), times=101)
    assert sum(hours.slept) == pytest.approx(30, abs=0.1)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": "Unauthorized"}, "Unauthorized"),
        ({"error": ["startAt: Required", "endAt: Required"]}, "startAt: Required; endAt: Required"),
        ({"error": []}, ""),
        (None, ""),
        ("text", ""),
        (
            {"error": {"message": "Bad request", "properties": {"filters": {"errors": ["an object"]}}}},
            "Bad request; filters: an object",
        ),
        ({"error": "the key k-1 is bad\x00"}, "the key … is bad "),
    ],
)
def test_what_an_error_says(body: object, told: str) -> None:
    assert said(body, ["k-1"]) == told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_no_answer_breaks_the_readers(data: object) -> None:
    zone = ZoneInfo("Europe/Berlin")
    for read in (
        answers.stats,
        answers.values,
        answers.campaigns,
        lambda told: answers.series(told, zone),
        lambda told: answers.event_series(told, zone),
        lambda told: answers.many(answers.Report, told),
        lambda told: answers.many(answers.Step, told),
    ):
        try:
            read(data)
        except Unfit:
            continue
    assert isinstance(said({"error": data}), str)


def conditions() -> Iterator[Condition]:
    for field, operator in itertools.product(Field, Operator):
        yield Condition(field=field, value="x", operator=operator)


@pytest.mark.parametrize("dialect", Dialect)
def test_only_names_that_a_version_knows_are_sent(dialect: Dialect) -> None:
    known = {
        Dialect.V2: {"url", "host"},
        Dialect.V3: {"path", "hostname"},
    }[dialect] | {"referrer", "country", "region", "city", "browser", "os", "device", "tag"}
    sent: set[str] = set()
    for one in conditions():
        try:
            sent |= filters([one], dialect).keys()
        except Unaskable:
            continue
    assert sent == known


@pytest.mark.parametrize(
    ("dialect", "value", "operator", "written"),
    [
        (Dialect.V2, "/blog", Operator.CONTAINS, "~/blog"),
        (Dialect.V2, "/blog", Operator.LACKS, "!~/blog"),
        (Dialect.V2, "/blog", Operator.IS_NOT, "!/blog"),
        (Dialect.V3, "/blog", Operator.IS, "/blog"),
        (Dialect.V3, "/blog", Operator.IS_NOT, "neq./blog"),
        (Dialect.V3, "c.example", Operator.IS, "eq.c.example"),
        (Dialect.V3, "t.co", Operator.IS, "eq.t.co"),
    ],
)
def test_how_a_demand_is_written(dialect: Dialect, value: str, operator: Operator, written: str) -> None:
    (found,) = filters([Condition(field=Field.PATH, value=value, operator=operator)], dialect).values()
    assert found == written


@pytest.mark.parametrize(
    ("dialect", "value"),
    [(Dialect.V2, "!x"), (Dialect.V2, "~x"), (Dialect.V2, ""), (Dialect.V3, "a,b"), (Dialect.V3, "")],
)
def test_what_would_be_read_otherwise_is_not_asked(dialect: Dialect, value: str) -> None:
    with pytest.raises(Unaskable):
        filters([Condition(field=Field.PATH, value=value)], dialect)


def test_two_demands_on_one_field_are_not_asked() -> None:
    twice = [Condition(field=Field.COUNTRY, value=value) for value in ("DE", "US")]
    with pytest.raises(Unaskable):
        filters(twice, Dialect.V3)


def test_utm_as_2_19_tells_it() -> None:
    rows = [
        {"url_query": "utm_source=google&gclid=x", "num": 3},
        {"url_query": "?utm_source=google&utm_medium=cpc", "num": "2"},
        {"url_query": "page=2", "num": 9},
        {"url_query": None, "num": 40},
    ]
    assert answers.campaigns(rows) == {"utm_source": {"google": 5}, "utm_medium": {"cpc": 2}}


def test_a_bucket_of_clickhouse_is_an_instant() -> None:
    zone = ZoneInfo("Europe/Berlin")
    local, instant = "2026-11-09 00:00:00", "2026-11-08T23:00:00Z"
    assert (
        answers.instant(local, zone)
        == answers.instant(instant, zone)
        == datetime(2026, 11, 8, 23, tzinfo=UTC)
    )
