"""Webhooks: sent once, in order, counted, switched off, revived."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from bot.sandbox.pirsch import start
from bot.sandbox.pirsch.webhooks import LIVES, post
from tests.sandbox_pirsch.conftest import BROWSER, SETTINGS, SHOP, Caller, calling, empty_site


class Ear(ThreadingHTTPServer):
    """Hears webhooks and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.heard = 204, list[dict[str, Any]]()
        self.url = f"http://127.0.0.1:{self.server_port}/hooks/secret?x=1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        ear = self.server
        assert isinstance(ear, Ear)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ear.heard.append(body | {"path": self.path})
        self.send_response(ear.status)
        self.send_header("Location", ear.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def quiet() -> Iterator[Caller]:
    """A shop in which only happens what is sent in."""
    with start(empty_site()) as pirsch, calling(pirsch, SHOP) as api:
        yield api


def listen(api: Caller, ear: Ear, event: str = "purchase") -> Any:
    domain_id = api.pirsch.domain_id(SHOP)
    return api.post("/webhook", domain_id=domain_id, event=event, endpoint=ear.url, description="till")


def buy(api: Caller, **changes: object) -> None:
    sale = {
        "url": "https://shop.example.com/checkout/thank-you?utm_source=x",
        "ip": "192.0.2.7",
        "user_agent": BROWSER,
        "event_name": "purchase",
        "event_meta": {"amount": "199.99", "currency": " EUR ", "empty": "", "category": "own"},
        "event_duration": 3,
        "tags": {"category": "page", "author": "Ada"},
    }
    api.post("/event", **(sale | changes))


def test_the_body_is_the_documented_one(quiet: Caller, ear: Ear) -> None:
    listen(quiet, ear)
    buy(quiet)
    buy(quiet, event_name="other")
    assert quiet.pirsch.postman.settle(10)
    assert ear.heard == [
        {
            "event_name": "purchase",
            "event_duration": 3,
            "event_meta": {"amount": "199.99", "currency": "EUR", "category": "own", "author": "Ada"},
            "path": "/hooks/secret?x=1",
        }
    ]


def test_halves_of_characters_are_replaced_as_go_does_and_the_webhook_is_sent(
    quiet: Caller, ear: Ear
) -> None:
    listen(quiet, ear, "half \ud83d")
    buy(quiet, event_name="half \ud83d", event_meta={"whole": "\ud83d\ude00", "half\udc00": "\ud83d"})
    assert quiet.pirsch.postman.settle(10)
    assert [one["event_name"] for one in ear.heard] == ["half \ufffd"]
    meta = ear.heard[0]["event_meta"]
    assert (meta["whole"], meta["half\ufffd"]) == ("\U0001f600", "\ufffd")


def test_deliveries_are_counted_and_timed(quiet: Caller, ear: Ear) -> None:
    listen(quiet, ear)
    buy(quiet)
    assert quiet.pirsch.postman.settle(10)
    ear.status = 500
    buy(quiet)
    assert quiet.pirsch.postman.settle(10)
    postman = quiet.pirsch.postman
    assert (postman.sent, postman.failed, postman.waiting) == (2, 1, 0)
    assert [(one.number, one.status) for one in postman.deliveries] == [(1, 204), (2, 500)]
    assert all(one.took > timedelta(0) for one in postman.deliveries)
    told = requests.get(f"{quiet.pirsch.url}/_sandbox/deliveries", timeout=30).json()
    assert [one["took"] for one in told] == [one.took.total_seconds() for one in postman.deliveries]


def test_generated_events_are_sent_in_order_as_the_clock_moves(ear: Ear) -> None:
    with start(SETTINGS) as pirsch, calling(pirsch) as api:
        listen(api, ear)
        listen(api, ear, "add_to_cart")
        pirsch.advance(timedelta(days=10))
        bought = [one["event_meta"]["order_id"] for one in ear.heard if one["event_name"] == "purchase"]
        with calling(pirsch) as later:  # the first token ran out
            counts = {row["name"]: row["count"] for row in _since(later, "/events")}
        assert len(bought) == counts["purchase"] > 3
        assert len(ear.heard) == counts["purchase"] + counts["add_to_cart"]
        record = pirsch.account.records[pirsch.domain_id(SHOP)]
        first = int((pirsch.clock() - timedelta(days=10)).timestamp()) + 1
        events = [event for _, event in record.events(first, int(pirsch.clock().timestamp()) + 1)]
        ids = [dict(event.meta)["order_id"] for event in events if event.name == "purchase"]
        assert bought == ids


def test_the_clock_can_move_in_silence(ear: Ear) -> None:
    with start(SETTINGS) as pirsch, calling(pirsch) as api:
        listen(api, ear, "add_to_cart")
        pirsch.advance(timedelta(days=5), send=False)
        pirsch.rounds.catch_up()
        assert pirsch.postman.settle(10)
        assert ear.heard == []


def test_time_that_passes_by_itself_sends_too(ear: Ear) -> None:
    long = timedelta(days=365)  # or the token would end before the next call
    hasty = replace(SETTINGS, speed=200_000, pump_every=timedelta(milliseconds=20), token_lifetime=long)
    with start(hasty) as pirsch, calling(pirsch) as api:
        listen(api, ear, "add_to_cart")
        for _ in range(500):
            if ear.heard:
                break
            threading.Event().wait(0.02)
        assert ear.heard


@pytest.mark.parametrize("status", [400, 500, 301, 307])
def test_after_more_than_100_failures_it_is_off_until_it_is_saved(
    quiet: Caller, ear: Ear, status: int
) -> None:
    hook = listen(quiet, ear)
    ear.status = status
    for _ in range(LIVES):
        buy(quiet)
    assert quiet.pirsch.postman.settle(20)
    assert _hook(quiet)["active"]
    buy(quiet)
    buy(quiet)
    assert quiet.pirsch.postman.settle(20)
    assert not _hook(quiet)["active"]
    assert [mail.kind for mail in quiet.pirsch.account.mails] == ["webhook"]
    heard = len(ear.heard)
    assert heard <= LIVES + 1  # redirects are not followed, nothing is sent again

    ear.status = 204
    quiet.post("/webhook", **{name: hook[name] for name in ("id", "domain_id", "event", "endpoint")})
    assert _hook(quiet)["active"]
    buy(quiet)
    assert quiet.pirsch.postman.settle(20)
    assert len(ear.heard) == heard + 1
    assert quiet.pirsch.postman.deliveries[-1].arrived


def test_nobody_listening_is_a_failure(quiet: Caller) -> None:
    assert post("http://127.0.0.1:1/x", b"{}", 1) is None
    assert post("https://127.0.0.1:1/x", b"{}", 1) is None
    assert post("http://[", b"{}", 1) is None


def test_two_equal_webhooks_hear_twice(quiet: Caller, ear: Ear) -> None:
    listen(quiet, ear)
    listen(quiet, ear)
    buy(quiet)
    assert quiet.pirsch.postman.settle(10)
    assert len(ear.heard) == 2


def test_bots_and_other_sites_tell_nobody(quiet: Caller, ear: Ear) -> None:
    listen(quiet, ear)
    buy(quiet, user_agent="curl/8.0")
    assert quiet.pirsch.postman.settle(10)
    assert ear.heard == []
    buy(quiet, user_agent="curl/8.0", disable_bot_filter=True)
    assert quiet.pirsch.postman.settle(10)
    assert len(ear.heard) == 1


def test_a_change_takes_its_time(ear: Ear) -> None:
    slow = empty_site(config_delay=timedelta(minutes=5))
    with start(slow) as pirsch, calling(pirsch, SHOP) as api:
        listen(api, ear)
        buy(api)
        pirsch.advance(timedelta(minutes=6))
        buy(api)
        assert pirsch.postman.settle(10)
        assert len(ear.heard) == 1


def test_short_links_bring_their_own(quiet: Caller, ear: Ear) -> None:
    link = quiet.post(
        "/link",
        domain_id=quiet.pirsch.domain_id(SHOP),
        name="Flyer",
        webhook_endpoint=ear.url,
        urls=[{"url": "https://shop.example.com/"}],
    )
    hook = _hook(quiet)
    assert (hook["id"], hook["event"]) == (link["webhook_id"], "Link: Flyer")
    buy(quiet, event_name="Link: Flyer")
    assert quiet.pirsch.postman.settle(10)
    assert len(ear.heard) == 1
    quiet.send("DELETE", "/link", {"id": link["id"]})
    assert quiet.get("/webhook", domain_id=quiet.pirsch.domain_id(SHOP)) is None


def test_a_deleted_webhook_hears_nothing(quiet: Caller, ear: Ear) -> None:
    hook = listen(quiet, ear)
    quiet.send("DELETE", "/webhook", {"id": hook["id"]})
    buy(quiet)
    assert quiet.pirsch.postman.settle(10)
    assert ear.heard == []


def _hook(api: Caller) -> Any:
    (found,) = api.get("/webhook", domain_id=api.pirsch.domain_id(SHOP))
    return found


def _since(api: Caller, path: str) -> Any:
    """Return what happened after the start: all there is, less what there was."""
    before = {row["name"]: row["count"] for row in _at_first(path)}
    return [row | {"count": row["count"] - before[row["name"]]} for row in api.shop(path, to="2026-12-31")]


def _at_first(path: str) -> Any:
    with start(SETTINGS) as pirsch, calling(pirsch) as api:
        return api.shop(path)
