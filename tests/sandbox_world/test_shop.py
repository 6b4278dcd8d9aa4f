"""The shop's events are the same for the same seed, and go to Pirsch; rubbish goes to the bot."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from flask import Flask, Response, redirect, request

from bot.sandbox.serving import Serving
from bot.sandbox.shop import NAMES, Item, Kind, Shop, Tracker, mixed_events
from bot.sandbox.shop.events import ShopEvent
from bot.sandbox.shop.guests import Guest
from bot.sandbox.shop.strangers import HOSTILE_TEXT, RUBBISH
from bot.sandbox.shop.till import HAPPENINGS


@dataclass
class Ears:
    """Pirsch's ingest and a webhook's address; both answer as they are told, with 200 after that."""

    url: str = ""
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    answers: list[int] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What Pirsch was told."""
        return [json.loads(body) for path, body in self.heard if path == "api/v1/event"]


@pytest.fixture
def ears() -> Iterator[Ears]:
    """Somebody who listens."""
    app, ears = Flask(__name__), Ears()

    @app.post("/<path:path>")
    def hear(path: str) -> Response:
        ears.heard.append((path, request.get_data()))
        ears.keys.add(request.headers.get("Authorization"))
        status = ears.answers.pop(0) if ears.answers else 200
        if status == 302:
            return redirect("/elsewhere", 302)  # type: ignore[return-value]
        return Response(status=status)

    with Serving(app) as serving:
        ears.url = serving.url
        yield ears


@pytest.fixture
def shop(ears: Ears) -> Iterator[Shop]:
    """A shop that tells them."""
    tracker = Tracker(url=ears.url, key="pa_key", hostname="kites.example")
    with Shop(tracker=tracker, endpoint=f"{ears.url}/hooks/kites") as open_shop:
        yield open_shop


def test_the_same_seed_makes_the_same_events() -> None:
    assert mixed_events(7) == mixed_events(7)
    assert mixed_events(7) != mixed_events(8)


@pytest.mark.parametrize("count", [0, 1, 10, 200, 333])
def test_as_many_events_as_asked_for(count: int) -> None:
    assert len(mixed_events(3, count)) == count


def test_two_hundred_events_have_something_of_everything() -> None:
    kinds = Counter(item.kind for item in mixed_events(1, 200))
    assert kinds == {Kind.GOOD: 100, Kind.FLOOD: 60, Kind.HOSTILE: 20, Kind.RUBBISH: 20}
    assert {item.what for item in mixed_events(1, 200) if item.kind is Kind.RUBBISH} == set(RUBBISH)


def test_only_rubbish_has_a_body_of_its_own() -> None:
    for item in mixed_events(5, 400):
        assert (item.event is None) == (item.kind is Kind.RUBBISH)
        assert item.body == (b"" if item.event else RUBBISH[item.what])


def test_good_events_have_the_names_that_the_shop_lists() -> None:
    items = mixed_events(5, 400)
    plain = {one.event.name for one in items if one.event and one.kind is not Kind.HOSTILE}
    assert plain == set(NAMES)


def test_many_people_come() -> None:
    guests = {one.event.guest for one in mixed_events(5, 400) if one.event}
    assert len(guests) > 300
    assert all(ip_address(guest.ip) in ip_network("100.64.0.0/10") for guest in guests)


@pytest.mark.parametrize("text", HOSTILE_TEXT.values(), ids=HOSTILE_TEXT)
def test_an_event_is_written_as_pirschs_ingest_wants_it(text: str) -> None:
    tracker = Tracker(url="http://127.0.0.1", key="pa_key", hostname="kites.example")
    who = Guest(ip="100.64.0.1", user_agent="a browser", language="de")
    event = ShopEvent(name=text, guest=who, path="/newsletter", meta={text: text}, duration=7)
    assert json.loads(tracker.body(event)) == {
        "url": "https://kites.example/newsletter",
        "ip": "100.64.0.1",
        "user_agent": "a browser",
        "accept_language": "de",
        "event_name": text,
        "event_duration": 7,
        "event_meta": {text: text},
    }
    assert "pa_key" not in repr(tracker)


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_no_event(what: str) -> None:
    try:
        found = json.loads(RUBBISH[what])
        readable = (
            isinstance(found["event_name"], str)
            and isinstance(found.get("event_meta", {}), dict)
            and isinstance(found.get("event_duration", 0), int)
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        readable = False
    assert not readable or len(RUBBISH[what]) > 256 << 10


def test_strangers_try_all_their_texts() -> None:
    hostile = [item for item in mixed_events(1, 400) if item.kind is Kind.HOSTILE]
    assert {item.what.rpartition(" as ")[0] for item in hostile} == set(HOSTILE_TEXT)


def test_an_event_is_told_to_pirsch_once_with_the_access_key(shop: Shop, ears: Ears) -> None:
    delivery = shop.deliver(shop.visitors.purchase("199,99"))
    assert delivery.good
    assert delivery.status == 200
    (event,) = ears.events
    assert (event["event_name"], event["event_meta"]["amount"]) == ("purchase", "199,99")
    assert ears.keys == {"Bearer pa_key"}
    assert (shop.figures.sent, shop.figures.answered, shop.figures.rubbish) == (1, 1, 0)


def test_rubbish_goes_to_the_webhooks_address_by_somebody_without_a_key(shop: Shop, ears: Ears) -> None:
    item = shop.visitors.rubbish()
    assert shop.deliver(item).good
    assert ears.heard == [("hooks/kites", item.body)]
    assert ears.keys == {None}
    assert (shop.figures.rubbish, shop.figures.rubbish_answered) == (1, 1)


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_what_is_not_2xx_counts_as_failed_and_is_never_sent_again(
    shop: Shop, ears: Ears, status: int
) -> None:
    ears.answers += [status, status]
    for item in (shop.visitors.sign_up(), shop.visitors.rubbish()):
        delivery = shop.deliver(item)
        assert (delivery.good, delivery.status) == (False, status)
    assert len(ears.heard) == 2
    assert (shop.figures.sent, shop.figures.answered, shop.figures.rubbish_answered) == (2, 0, 0)


def test_nobody_listening_is_said_in_words() -> None:
    with Shop() as shop:
        for item in (shop.visitors.sign_up(), shop.visitors.rubbish()):
            assert shop.deliver(item).error == "no endpoint yet"
        shop.endpoint = "http://127.0.0.1:9/hooks/shop"
        delivery = shop.deliver(shop.visitors.rubbish())
        assert delivery.status is None
        assert delivery.error == "NewConnectionError"


def test_the_sending_can_be_replaced(shop: Shop, ears: Ears) -> None:
    sent: list[Item] = []

    def ingest(item: Item) -> int:
        sent.append(item)
        return 200

    shop.send = ingest
    assert shop.deliver(shop.visitors.big_order()).status == 200
    assert [item.what for item in sent] == ["purchase"]
    assert ears.heard == []


@pytest.mark.parametrize("what", HAPPENINGS)
def test_each_button_does_something(shop: Shop, ears: Ears, what: str) -> None:
    wait(shop.submit([shop.visitors.sign_up()]), timeout=30)
    count = shop.happen(what)
    wait(shop.submit([shop.visitors.sign_up()]), timeout=30)
    shop.stop()
    assert count == {"orders": 50, "flood": 60}.get(what, 1)


def test_a_flood_is_delivered_whole_in_the_background(shop: Shop, ears: Ears) -> None:
    items = mixed_events(1, 60)
    wait(shop.submit(items), timeout=30)
    assert len(ears.heard) == 60
    wanted = Counter(item.event.name for item in items if item.event)
    assert Counter(event["event_name"] for event in ears.events) == wanted
    assert [delivery.number for delivery in shop.deliveries()] == list(range(1, 61))
    assert shop.figures.waiting == 0


def test_the_amount_is_sent_as_it_was_typed(shop: Shop, ears: Ears) -> None:
    shop.happen("purchase", "$5 <b>")
    wait(shop.submit([shop.visitors.sign_up()]), timeout=30)
    shop.stop()
    assert any(event["event_meta"].get("amount") == "$5 <b>" for event in ears.events)
