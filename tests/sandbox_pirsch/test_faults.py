"""Whatever can go wrong on the way, on demand."""

import time
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.sandbox.pirsch import Simulator, faults
from bot.sandbox.pirsch.faults import Cut, Wait
from tests.sandbox_pirsch.conftest import NOW, SHOP, Caller

HOOK = {"event": "purchase", "endpoint": "https://bot.example.com/hooks"}


def create(api: Caller) -> requests.Response:
    return api.send("POST", "/webhook", body=HOOK | {"domain_id": api.pirsch.domain_id(SHOP)})


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        (faults.unauthorized(), 401, 0),
        (faults.forbidden(), 403, 0),
        (faults.server_error(), 500, 0),
        (faults.server_error(503, done=True), 503, 1),
        (faults.bad_gateway(), 502, 0),
        (faults.bad_gateway(done=True), 502, 1),
        (faults.empty(), 200, 1),
        (faults.wrong_json(), 200, 1),
        (faults.limited(NOW), 429, 0),
    ],
)
def test_answers_can_be_spoilt(
    api: Caller, pirsch: Simulator, fault: faults.Fault, status: int, made: int
) -> None:
    pirsch.faults.plan(fault.to("POST", "/webhook"))
    assert create(api).status_code == status
    assert len(pirsch.account.shelves["webhook"].created) == made
    assert create(api).json()["event"] == "purchase"  # the next call is all right


def test_bad_gateways_and_wrong_json_are_not_json(api: Caller, pirsch: Simulator) -> None:
    pirsch.faults.plan(faults.bad_gateway(), faults.wrong_json(), faults.empty())
    page = create(api)
    assert page.headers["Content-Type"] == "text/html"
    with pytest.raises(requests.JSONDecodeError):
        create(api).json()
    assert create(api).content == b""


@pytest.mark.parametrize(("cut", "made"), [(Cut.BEFORE, 0), (Cut.AFTER, 1), (Cut.MIDDLE, 1)])
def test_connections_can_be_cut(api: Caller, pirsch: Simulator, cut: Cut, made: int) -> None:
    pirsch.faults.plan(faults.cut(cut).to("POST", "/webhook"))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        create(api)
    assert len(pirsch.account.shelves["webhook"].created) == made
    assert pirsch.ledger.calls()[-1].status is None
    assert create(api).ok


def test_half_an_answer_is_really_sent(api: Caller, pirsch: Simulator) -> None:
    pirsch.faults.plan(faults.cut(Cut.MIDDLE))
    url, headers = f"{pirsch.url}/api/v1/domain", {"Authorization": f"Bearer {api.bearer}"}
    with requests.get(url, headers=headers, timeout=20, stream=True) as reply:
        assert reply.status_code == 200
        assert reply.raw.read(1) == b"["
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            _ = reply.content  # the rest never comes


def test_answers_can_be_slow(api: Caller, pirsch: Simulator) -> None:
    pirsch.faults.plan(faults.slow(timedelta(milliseconds=150)))
    began = time.monotonic()
    assert create(api).ok
    assert time.monotonic() - began >= 0.15


@pytest.mark.parametrize("form", list(Wait))
def test_every_form_of_waiting(api: Caller, pirsch: Simulator, form: Wait) -> None:
    pirsch.faults.plan(faults.limited(NOW, timedelta(seconds=3), form))
    reply = create(api)
    told = {name: reply.headers.get(name) for name in ("Retry-After", "X-RateLimit-Reset")}
    at = int(NOW.timestamp()) + 3
    expected: dict[Wait, dict[str, Any]] = {
        Wait.SECONDS: {"Retry-After": "3"},
        Wait.DATE: {"Retry-After": "Wed, 18 Nov 2026 14:30:03 GMT"},
        Wait.RETRY_EPOCH: {"Retry-After": f"{at}"},
        Wait.RETRY_MILLISECONDS: {"Retry-After": f"{at}000"},
        Wait.RESET_EPOCH: {"X-RateLimit-Reset": f"{at}"},
        Wait.RESET_MILLISECONDS: {"X-RateLimit-Reset": f"{at}000"},
        Wait.RESET_DATE: {"X-RateLimit-Reset": "Wed, 18 Nov 2026 14:30:03 GMT"},
        Wait.RESET_ISO: {"X-RateLimit-Reset": "2026-11-18T14:30:03Z"},
        Wait.RUBBISH: {"Retry-After": "soon", "X-RateLimit-Reset": "-"},
        Wait.NOTHING: {},
    }
    assert reply.status_code == 429
    assert {name: value for name, value in told.items() if value} == expected[form]


def test_faults_strike_what_they_are_meant_for(api: Caller, pirsch: Simulator) -> None:
    pirsch.faults.plan(faults.server_error().to("GET", "/statistics/*", times=2))
    assert create(api).ok
    assert api.send("GET", "/domain").ok
    query = {"id": pirsch.domain_id(SHOP)}
    assert [api.send("GET", "/statistics/active", query).status_code for _ in range(3)] == [500, 500, 200]
    pirsch.faults.plan(faults.server_error())
    pirsch.faults.clear()
    assert create(api).ok


def steer(pirsch: Simulator, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{pirsch.url}/_sandbox/{path}", json=body, timeout=20)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "unauthorized"}, 401),
        ({"kind": "forbidden"}, 403),
        ({"kind": "limited", "seconds": 2, "wait": "date"}, 429),
        ({"kind": "server_error", "status": 504, "done": True}, 504),
        ({"kind": "bad_gateway"}, 502),
        ({"kind": "empty"}, 200),
        ({"kind": "wrong_json"}, 200),
        ({"kind": "slow", "seconds": 0.01}, 200),
        ({"kind": "cut", "cut": "after"}, None),
    ],
)
def test_faults_over_http(api: Caller, pirsch: Simulator, body: dict[str, Any], status: int | None) -> None:
    assert steer(pirsch, "POST", "faults", body | {"method": "POST", "path": "/webhook"}).ok
    assert steer(pirsch, "GET", "").json()["faults"] == 1
    if status is None:
        with pytest.raises(requests.ConnectionError):
            create(api)
    else:
        assert create(api).status_code == status
    assert pirsch.faults.waiting() == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "cut", "cut": "sideways"}),
        ("faults", [1]),
        ("clock", {"advance_seconds": -1}),
        ("clock", {"advance_seconds": 1e300}),
        ("incidents", {"domain_id": "nowhere", "trouble": "spam"}),
        ("locks", {"shelf": "cupboard", "id": "x"}),
        ("locks", {"shelf": "goal", "id": "x", "locked": True}),
        ("nothing", {}),
    ],
)
def test_the_controls_refuse_nonsense(pirsch: Simulator, path: str, body: object) -> None:
    assert steer(pirsch, "POST", path, body).status_code in (400, 404)


def test_the_controls_take_json_only(pirsch: Simulator) -> None:
    url = f"{pirsch.url}/_sandbox/tokens/expire"
    assert (
        requests.post(url, data="{}", headers={"Content-Type": "text/plain"}, timeout=20).status_code == 415
    )


def test_the_clock_over_http(api: Caller, pirsch: Simulator) -> None:
    assert steer(pirsch, "POST", "clock", {"advance_seconds": 60, "silent": True}).json() == {
        "now": "2026-11-18T14:31:00.000000Z"
    }
    assert steer(pirsch, "POST", "clock", {"speed": 2}).ok
    assert steer(pirsch, "GET", "").json()["speed"] == 2


def test_incidents_over_http(pirsch: Simulator) -> None:
    domain = pirsch.domain_id(SHOP)
    body = {"domain_id": domain, "trouble": "viral", "hours": 5, "strength": 3, "label": "https://n.example/"}
    assert steer(pirsch, "POST", "incidents", body).ok
    made = pirsch.account.records[domain].incidents[-1]
    assert (made.label, made.start_at) == ("https://n.example/", NOW)
    assert steer(pirsch, "POST", "incidents", body | {"trouble": "flood"}).status_code == 400


def test_what_was_asked_and_made_is_told(api: Caller, pirsch: Simulator) -> None:
    id = create(api).json()["id"]
    assert (
        steer(pirsch, "GET", "calls").json()["POST /webhook"] == pirsch.ledger.count("POST", "/webhook") == 1
    )
    assert steer(pirsch, "GET", "created").json()["webhook"] == [id]
    assert steer(pirsch, "GET", "mails").json() == []
    assert steer(pirsch, "GET", "deliveries").json() == []
    assert steer(pirsch, "DELETE", "calls", {}).ok
    assert pirsch.ledger.counts() == {}


def test_tokens_can_be_made_invalid(api: Caller, pirsch: Simulator) -> None:
    assert steer(pirsch, "POST", "tokens/expire", {}).ok
    assert create(api).status_code == 401
