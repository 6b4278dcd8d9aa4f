"""What is sent in is counted like everything else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.pirsch import start
from tests.sandbox_pirsch.conftest import BROWSER, NOW, SHOP, Caller, calling, empty_site
from tests.sandbox_pirsch.test_period import VECTORS

TODAY = {"from_": "2026-11-18", "to": "2026-11-18"}


@pytest.fixture
def quiet() -> Iterator[Caller]:
    """A shop in which only happens what is sent in."""
    with start(empty_site()) as pirsch, calling(pirsch, SHOP) as api:
        yield api


def row(path: str = "/", ip: str = "192.0.2.1", *, minutes_ago: float = 0, **more: object) -> dict[str, Any]:
    at = NOW - timedelta(minutes=minutes_ago)
    url = f"https://{SHOP}{path}"
    return {"url": url, "ip": ip, "user_agent": BROWSER, "time": f"{at:%Y-%m-%dT%H:%M:%SZ}"} | more


def send(api: Caller, kind: str, *rows: dict[str, Any]) -> int:
    return api.send("POST", f"/{kind}/batch", body=list(rows)).status_code


def test_active_visitors(quiet: Caller) -> None:
    vector = VECTORS["active"]
    for place, views in enumerate(vector["page_views_minutes_ago"].values()):
        rows = [row(path, f"192.0.2.{place}", minutes_ago=ago) for path, ago in views]
        assert send(quiet, "hit", *rows) == 200
    domain = quiet.pirsch.domain_id(SHOP)
    found = quiet.get("/statistics/active", id=domain, start=vector["window_seconds"])
    assert found["visitors"] == vector["expected"]["visitors"]
    assert [[one["path"], one["visitors"]] for one in found["stats"]] == vector["expected"]["stats"]


def test_an_event_does_not_make_active_but_a_keep_alive_does(quiet: Caller) -> None:
    domain = quiet.pirsch.domain_id(SHOP)

    def active() -> int:
        return int(quiet.get("/statistics/active", id=domain, start=600)["visitors"])

    send(quiet, "hit", row(minutes_ago=25))
    send(quiet, "event", row(minutes_ago=5, event_name="scroll"))
    assert active() == 0
    send(quiet, "session", row(minutes_ago=4))
    assert active() == 1
    assert quiet.shop("/session/list", **TODAY)[0]["extended"] == 1


def test_half_an_hour_of_silence_ends_a_session(quiet: Caller) -> None:
    send(quiet, "hit", row(minutes_ago=100), row("/a", minutes_ago=71), row("/b", minutes_ago=40))
    found = quiet.shop("/total", **TODAY)
    assert (found["visitors"], found["views"], found["sessions"], found["bounces"]) == (1, 3, 2, 1)


def test_an_interaction_is_no_bounce(quiet: Caller) -> None:
    send(quiet, "event", row("/a", event_name="seen", non_interactive=True))
    assert quiet.shop("/total", **TODAY)["bounces"] == 1
    send(quiet, "event", row("/a", event_name="done"))
    found = quiet.shop("/total", **TODAY)
    assert (found["views"], found["sessions"], found["bounces"]) == (1, 1, 0)


def test_identity_ends_with_the_day_by_utc(quiet: Caller) -> None:
    hours = 14.5  # midnight by UTC was so long ago
    send(quiet, "hit", row(minutes_ago=hours * 60 + 5), row(minutes_ago=hours * 60 - 5))
    assert quiet.shop("/total")["visitors"] == 2


def test_where_visitors_come_from(quiet: Caller) -> None:
    path = "/?utm_source=news&utm_medium=email&utm_campaign=may"
    send(quiet, "hit", row(path, referrer="https://www.google.com/search", accept_language="fr-FR"))
    assert quiet.shop("/channel", **TODAY)[0]["channel"] == "Email"
    assert quiet.shop("/utm/campaign", **TODAY)[0]["utm_campaign"] == "may"
    assert quiet.shop("/referrer", **TODAY)[0]["referrer_name"] == "Google"
    assert quiet.shop("/language", **TODAY)[0]["language"] == "fr"
    assert quiet.shop("/browser/version", **TODAY)[0] == {
        "browser": "Chrome",
        "browser_version": "141.0",
        "visitors": 1,
        "relative_visitors": 1,
    }


def test_tags_are_kept(quiet: Caller) -> None:
    send(quiet, "hit", row(tags={"author": "Ada"}), row("/b", "192.0.2.9", tags={"author": "Grace"}))
    assert quiet.shop("/tags", **TODAY)[0]["visitors"] == 2
    details = quiet.shop("/tag/details", tag="author", **TODAY)
    assert {one["value"] for one in details} == {"Ada", "Grace"}
    assert quiet.shop("/options/tag/value", tag="author", **TODAY) == ["Ada", "Grace"]
    assert quiet.shop("/total", tag_author="Ada", **TODAY)["visitors"] == 1
    assert quiet.shop("/total", tag="author", **TODAY)["visitors"] == 2


@pytest.mark.parametrize(
    ("kind", "changes", "wrong"),
    [
        ("hit", {"url": ""}, "url"),
        ("hit", {"url": "ftp://x/"}, "url"),
        ("hit", {"ip": ""}, "ip"),
        ("hit", {"user_agent": None}, "user_agent"),
        ("hit", {"title": 5}, "title"),
        ("hit", {"time": "yesterday"}, "time"),
        ("hit", {"time": "2026-11-18T10:00:00"}, "time"),
        ("hit", {"time": ""}, "time"),
        ("hit", {"tags": {str(number): "x" for number in range(21)}}, "tags"),
        ("event", {"event_name": ""}, "event_name"),
        ("event", {"event_meta": {"k": "v" * 2001}}, "event_meta"),
        ("event", {"event_meta": {"k" * 101: "v"}}, "event_meta"),
        ("event", {"event_meta": {"k": ["v"]}}, "event_meta"),
        ("event", {"event_meta": "text"}, "event_meta"),
    ],
)
def test_wrong_fields_are_named(quiet: Caller, kind: str, changes: dict[str, Any], wrong: str) -> None:
    reply = quiet.send("POST", f"/{kind}/batch", body=[row(event_name="e") | changes])
    assert reply.status_code == 400
    assert list(reply.json()["validation"]) == [wrong]
    assert quiet.shop("/total")["views"] == 0


def test_bots_are_dropped_with_a_smile(quiet: Caller) -> None:
    assert send(quiet, "hit", row(user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")) == 200
    assert quiet.shop("/total")["views"] == 0


def test_a_user_client_says_which_site_by_the_address() -> None:
    with start(empty_site()) as pirsch, calling(pirsch) as api:
        assert send(api, "hit", row()) == 200
        assert send(api, "hit", row(url="https://elsewhere.example.com/")) == 404
        assert api.shop("/total", **TODAY)["views"] == 1


def test_the_future_is_now(quiet: Caller) -> None:
    send(quiet, "hit", row(minutes_ago=-600))
    assert quiet.shop("/total", **TODAY)["views"] == 1
