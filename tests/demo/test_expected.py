"""What the check expects, by tables: Pirsch's documents on one side, the demo's rules on the other."""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.demo.expected import LONGEST_KEPT, body_key, expected
from bot.sandbox.shop import mixed_events
from bot.sandbox.shop.strangers import HOSTILE_TEXT, RUBBISH
from tests.demo.sending import event, rubbish, sent


@pytest.mark.parametrize(
    ("meta", "total"),
    [
        ({"amount": "24.90"}, "24.90"),
        ({"amount": "199,99"}, "199.99"),
        ({"amount": "1.299,00"}, "1299"),
        ({"amount": "$5"}, "0"),
        ({"amount": "12.50 EUR"}, "0"),
        ({"amount": "free"}, "0"),
        ({"amount": ""}, "0"),
        ({"amount": "  8.75 "}, "8.75"),
        ({}, "0"),
    ],
)
def test_amounts_are_what_a_person_would_read(meta: Mapping[str, str], total: str) -> None:
    found = expected([sent(event("purchase", meta))])
    assert (found.orders, found.total) == (1, Decimal(total))


@pytest.mark.parametrize(
    ("name", "meta", "big"),
    [
        ("purchase", {"amount": "500", "currency": "USD", "order_id": "KT-1"}, {"KT-1": 1}),
        ("purchase", {"amount": "499.99", "currency": "USD", "order_id": "KT-1"}, {}),
        ("purchase", {"amount": "900", "currency": "EUR", "order_id": "KT-1"}, {}),
        ("purchase", {"amount": "1.299,00", "currency": "USD", "order_id": "KT-1"}, {"KT-1": 1}),
        ("purchase", {"amount": "$5", "currency": "USD", "order_id": "KT-1"}, {}),
        ("refund", {"amount": "900", "currency": "USD", "order_id": "KT-1"}, {}),
    ],
)
def test_big_orders_are_told_by_their_number(
    name: str, meta: Mapping[str, str], big: Mapping[str, int]
) -> None:
    assert expected([sent(event(name, meta))]).big == Counter(big)


def test_an_event_is_expected_as_pirsch_tells_it() -> None:
    told = event(" sign\ud83dup ", {" plan ": " club\n", "empty": " ", "": "x"})
    body = {"event_name": "sign\ufffdup", "event_duration": 0, "event_meta": {"plan": "club"}}
    found = expected([sent(told)])
    assert found.kept == Counter([body_key(json.dumps(body).encode())])
    assert found.told == Counter(["sign\ufffdup"])
    assert (found.sent, found.unreadable, found.wrong) == (1, 0, ())


@pytest.mark.parametrize(
    ("name", "meta", "fits"),
    [
        ("x" * 200, {}, True),
        ("x" * 201, {}, False),
        ("e", {"k" * 100: "v" * 2000}, True),
        ("e", {"k" * 101: "v"}, False),
        ("e", {"k": "v" * 2001}, False),
        ("e", {"k": " " + "v" * 2000}, True),
        ("e", {f"k{n}": "v" for n in range(20)}, True),
        ("e", {f"k{n}": "v" for n in range(21)}, False),
        ("e", {f"k{n}": "" for n in range(21)}, True),
    ],
)
def test_what_is_too_long_has_to_be_refused_and_nothing_else(
    name: str, meta: Mapping[str, str], fits: bool
) -> None:
    taken, refused = expected([sent(event(name, meta))]), expected([sent(event(name, meta), 400)])
    assert (taken.wrong == (), refused.wrong == ()) == (fits, not fits)
    assert (taken.sent, refused.sent) == (1, 0)


@pytest.mark.parametrize("status", [None, 302, 401, 404, 500])
def test_any_other_answer_is_wrong(status: int | None) -> None:
    for item in (event("signup", {}), rubbish("words")):
        assert expected([sent(item, status)]).wrong == (f"{item.what!r} was answered by {status or 'gone'}",)


def test_rubbish_is_kept_and_only_some_of_it_is_an_event() -> None:
    found = expected([sent(rubbish(what), 204) for what in RUBBISH])
    assert found.kept == Counter(f"rubbish: {what}" for what in RUBBISH)
    assert (found.sent, found.unreadable, found.orders) == (0, len(RUBBISH) - 1, 1)
    assert found.wrong == ()


@pytest.mark.parametrize("count", [19, 20, 60])
def test_broken_links_are_news_from_twenty_on(count: int) -> None:
    flood = [sent(event("404 Page Not Found", {})) for _ in range(count)]
    assert expected(flood).alarms == (count >= 20)


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_known_again_also_when_it_was_cut(what: str) -> None:
    assert body_key(RUBBISH[what][:LONGEST_KEPT]) == f"rubbish: {what}"


def test_bodies_are_the_same_however_they_are_written_and_no_others() -> None:
    one = b'{"event_name": "e", "event_duration": 0, "event_meta": {"a": "1", "b": "\\u00e4"}}'
    same = '{"event_meta":{"b":"ä","a":"1"},"event_name":"e","event_duration":0}'.encode()
    assert body_key(one) == body_key(same)
    assert body_key(one) != body_key(one.replace(b'"1"', b'"2"'))
    assert body_key(b"neither").startswith("unknown")


def test_the_checks_own_events_hold_something_of_everything() -> None:
    items = mixed_events(count=200)
    found = expected([sent(item, 200 if item.event else 204) for item in items])
    assert found.sent == 180
    assert found.alarms == 1
    assert found.big.total() > 2
    assert found.total > 0
    assert {item.what.rpartition(" as ")[0] for item in items} >= set(HOSTILE_TEXT)
