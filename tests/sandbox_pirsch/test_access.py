"""Clients, scopes, tokens, access keys, access links, rate limits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.sandbox.pirsch import Limits, Simulator, start
from tests.sandbox_pirsch.conftest import BLOG, BROWSER, NOW, SETTINGS, SHOP, Caller, calling

HIT = {"url": f"https://{SHOP}/", "ip": "192.0.2.1", "user_agent": BROWSER}


def test_wrong_credentials(pirsch: Simulator) -> None:
    keys = pirsch.keys.user
    wrong: list[object] = [
        {"client_id": keys.client_id, "client_secret": "x"},
        {"client_id": "x", "client_secret": keys.client_secret},
        {"client_id": keys.client_id},
        {"client_id": 1, "client_secret": None},
        [],
    ]
    for body in wrong:
        assert requests.post(f"{pirsch.url}/api/v1/token", json=body, timeout=20).status_code == 400


def test_secrets_do_not_print(pirsch: Simulator) -> None:
    assert pirsch.keys.user.client_secret not in repr(pirsch.keys.user)
    assert pirsch.keys.user.client_secret not in repr(pirsch.keys)


def test_tokens_end(api: Caller, pirsch: Simulator) -> None:
    assert api.send("GET", "/domain").ok
    pirsch.clock.advance(timedelta(hours=1))
    assert api.send("GET", "/domain").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Basic x", "Bearer nonsense", "Bearer pa_nonsense"])
def test_who_is_unknown_is_refused(pirsch: Simulator, header: str) -> None:
    reply = requests.get(f"{pirsch.url}/api/v1/domain", headers={"Authorization": header}, timeout=20)
    assert reply.status_code == 401
    assert reply.json() == {"validation": {}, "error": ["Unauthorized"], "context": {}}


def test_a_domain_client_sees_its_own_domain_only(pirsch: Simulator) -> None:
    with calling(pirsch, BLOG) as api:
        assert [one["hostname"] for one in api.get("/domain")] == [BLOG]
        for path, name in (("/statistics/total", "id"), ("/goal", "id"), ("/webhook", "domain_id")):
            query = {name: pirsch.domain_id(SHOP), "from": "2026-11-01", "to": "2026-11-02"}
            reply = api.send("GET", path, query)
            assert (reply.status_code, reply.json()["error"]) == (404, ["Domain not found."])
        assert api.send("POST", "/domain", body={"hostname": "new.example.com"}).status_code == 403
        assert api.send("GET", "/user").status_code == 403
        with calling(pirsch) as owner:
            goal = owner.post("/goal", domain_id=pirsch.domain_id(SHOP), name="G", event_name="purchase")
        assert api.send("DELETE", "/goal", {"id": goal["id"]}).status_code == 404


def test_access_keys_may_send_and_nothing_else(pirsch: Simulator) -> None:
    key = Caller(pirsch=pirsch, bearer=pirsch.keys.access_keys[SHOP])
    with key.session:
        assert key.send("POST", "/hit", body=HIT).status_code == 200
        assert key.send("GET", "/domain").status_code == 403
        assert key.send("POST", "/goal", body={}).status_code == 403


def test_scopes(pirsch: Simulator) -> None:
    keys = pirsch.account.door.admit(pirsch.domain_id(SHOP), {"statistics": "r", "domains": "r"}, "reader")
    token, _ = pirsch.account.door.token(keys.client_id, keys.client_secret)
    reader = Caller(pirsch=pirsch, bearer=token)
    with reader.session:
        assert reader.send("GET", "/goal", {"id": pirsch.domain_id(SHOP)}).ok
        assert reader.send("POST", "/goal", body={}).status_code == 403
        assert reader.send("POST", "/hit", body=HIT).status_code == 403
        assert reader.send("GET", "/billing").status_code == 403


def test_access_links_look_without_a_client(pirsch: Simulator, api: Caller) -> None:
    domain = pirsch.domain_id(SHOP)
    link = api.post("/domain/link", domain_id=domain, description="for the press", valid_until=None)
    days = {"from": "2026-11-01", "to": "2026-11-02"}

    def look(path: str, **query: Any) -> requests.Response:
        return requests.get(f"{pirsch.url}/api/v1{path}", params={"access": link["code"]} | query, timeout=20)

    assert look("/domain").json()["hostname"] == SHOP
    assert "/" in look("/statistics/options/page", id=domain, **days).json()
    assert look("/statistics", id=domain, pages=1, **days).content[:2] == b"PK"
    assert look("/statistics/options/page", id=pirsch.domain_id(BLOG), **days).status_code == 404
    assert look("/statistics/total", id=domain, **days).status_code == 401
    assert look("/domain", access="wrong").status_code == 404
    ended = f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    assert api.send("PUT", "/domain/link", body={"id": link["id"], "valid_until": ended}).ok
    assert look("/domain").status_code == 404


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PATCH", "/goal", 405)])
def test_unknown_calls(api: Caller, method: str, path: str, status: int) -> None:
    assert api.send(method, path).status_code == status


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"[" * 60_000, b"\xff"])
def test_bodies_that_are_none(api: Caller, raw: bytes) -> None:
    reply = api.session.post(
        f"{api.pirsch.url}/api/v1/goal",
        data=raw,
        headers={"Authorization": f"Bearer {api.bearer}"},
        timeout=20,
    )
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_rate_limits_slide_and_say_so() -> None:
    limits = Limits(configuration=3, token=5)
    with start(replace(SETTINGS, limits=limits)) as pirsch, calling(pirsch) as api:
        replies = []
        for _ in range(4):
            replies.append(api.send("GET", "/domain"))
            pirsch.clock.advance(timedelta(seconds=10))
        assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
        assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["2", "1", "0", "0"]
        last = replies[-1].headers
        assert (last["X-RateLimit-Limit"], last["Retry-After"]) == ("3", "30")
        assert last["X-RateLimit-Reset"] == str(int(NOW.timestamp()) + 60)
        assert api.send("GET", "/statistics/active", {"id": pirsch.domain_id(SHOP)}).ok  # another class
        with calling(pirsch, SHOP) as other:
            assert other.send("GET", "/domain").ok  # another client
        pirsch.clock.advance(timedelta(seconds=20))
        assert api.send("GET", "/domain").ok


@pytest.mark.parametrize(
    ("limits", "method", "path"),
    [
        (Limits(statistics=1), "GET", "/statistics/active"),
        (Limits(ingest=1), "POST", "/hit"),
        (Limits(security=1), "POST", "/user/password"),
    ],
)
def test_each_class_has_its_limit(limits: Limits, method: str, path: str) -> None:
    with start(replace(SETTINGS, limits=limits)) as pirsch, calling(pirsch) as api:
        codes = [api.send(method, path, {"id": pirsch.domain_id(SHOP)}, HIT).status_code for _ in range(2)]
        assert codes[0] in (200, 403)
        assert codes[1] == 429


def test_the_token_call_can_be_limited() -> None:
    with start(replace(SETTINGS, limits=Limits(token=1))) as pirsch:
        body = {"client_id": "x", "client_secret": "x"}
        codes = [requests.post(f"{pirsch.url}/api/v1/token", json=body, timeout=20).status_code for _ in "ab"]
        assert codes == [400, 429]


def test_without_plus() -> None:
    with start(replace(SETTINGS, plus=False)) as pirsch, calling(pirsch) as api:
        domain = pirsch.domain_id(SHOP)
        assert not api.get("/domain", id=domain)["subscription_plus"]
        for path in ("/webhook", "/funnel", "/theme"):
            assert api.send("POST", path, body={"domain_id": domain}).status_code == 403
        assert api.send("GET", "/webhook", {"domain_id": domain}).ok
