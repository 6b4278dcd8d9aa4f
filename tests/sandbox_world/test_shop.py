"""The shop's events are the same for the same seed, and are sent as Pirsch sends them."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, redirect, request

from bot.sandbox.serving import Serving
from bot.sandbox.shop import Item, Kind, Shop, mixed_events
from bot.sandbox.shop.strangers import HOSTILE_TEXT, RUBBISH
from bot.sandbox.shop.till import HAPPENINGS


@dataclass
class Ears:
    """A webhook's far end that answers with the statuses it is told, 204 after those."""

    url: str = ""
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    agents: set[str | None] = field(default_factory=set)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def ears() -> Iterator[Ears]:
    """Somebody who listens."""
    app, ears = Flask(__name__), Ears()

    @app.post("/hooks/<name>")
    def hook(name: str) -> Response:
        ears.heard.append((name, request.get_data()))
        ears.agents.add(request.headers.get("User-Agent"))
        status = ears.answers.pop(0) if ears.answers else 204
        if status == 302:
            return redirect("/hooks/elsewhere", 302)  # type: ignore[return-value]
        return Response(status=status)

    with Serving(app) as serving:
        ears.url = f"{serving.url}/hooks/shop"
        yield ears


@pytest.fixture
def shop(ears: Ears) -> Iterator[Shop]:
    """A shop that tells them."""
    with Shop(endpoint=ears.url) as open_shop:
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


def test_a_body_says_exactly_what_its_event_says() -> None:
    for item in mixed_events(5, 400):
        if item.event is None:
            continue
        assert json.loads(item.body) == {
            "event_name": item.event.name,
            "event_duration": item.event.duration,
            "event_meta": dict(item.event.meta),
        }
        assert all(isinstance(text, str) for pair in item.event.meta.items() for text in pair)


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
    bodies = [item for item in mixed_events(1, 400) if item.kind is Kind.HOSTILE]
    assert {item.what.rpartition(" as ")[0] for item in bodies} == set(HOSTILE_TEXT)


def test_an_event_is_sent_once_as_pirsch_sends_it(shop: Shop, ears: Ears) -> None:
    item = shop.visitors.purchase("199,99")
    delivery = shop.deliver(item)
    assert delivery.good
    assert delivery.status == 204
    assert ears.heard == [("shop", item.body)]
    assert ears.agents == {"Pirsch"}
    assert shop.figures.sent == shop.figures.answered == 1


@pytest.mark.parametrize("status", [302, 404, 500, 503])
def test_what_is_not_2xx_counts_as_failed_and_is_never_sent_again(
    shop: Shop, ears: Ears, status: int
) -> None:
    ears.answers.append(status)
    delivery = shop.deliver(shop.visitors.sign_up())
    assert (delivery.good, delivery.status) == (False, status)
    assert len(ears.heard) == 1
    assert (shop.figures.sent, shop.figures.answered) == (1, 0)


def test_nobody_listening_is_said_in_words() -> None:
    with Shop() as shop:
        assert shop.deliver(shop.visitors.sign_up()).error == "no endpoint yet"
        shop.endpoint = "http://127.0.0.1:9/hooks/shop"
        delivery = shop.deliver(shop.visitors.sign_up())
        assert delivery.status is None
        assert delivery.error == "NewConnectionError"


def test_an_event_may_have_an_endpoint_of_its_own(shop: Shop, ears: Ears) -> None:
    shop.endpoints["refund"] = ears.url.replace("shop", "refunds")
    shop.deliver(shop.visitors.refund())
    shop.deliver(shop.visitors.purchase())
    assert [name for name, _ in ears.heard] == ["refunds", "shop"]


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
    wait(shop.submit([shop.visitors.sign_up()]), timeout=5)
    count = shop.happen(what)
    wait(shop.submit([shop.visitors.sign_up()]), timeout=5)
    shop.stop()
    assert count == {"orders": 50, "flood": 60}.get(what, 1)


def test_a_flood_is_delivered_whole_in_the_background(shop: Shop, ears: Ears) -> None:
    wait(shop.submit(mixed_events(1, 60)), timeout=10)
    assert len(ears.heard) == 60
    assert Counter(body for _, body in ears.heard) == Counter(item.body for item in mixed_events(1, 60))
    assert [delivery.number for delivery in shop.deliveries()] == list(range(1, 61))


def test_the_amount_is_sent_as_it_was_typed(shop: Shop, ears: Ears) -> None:
    shop.happen("purchase", "$5 <b>")
    wait(shop.submit([shop.visitors.sign_up()]), timeout=5)
    shop.stop()
    assert any(json.loads(body)["event_meta"].get("amount") == "$5 <b>" for _, body in ears.heard)
