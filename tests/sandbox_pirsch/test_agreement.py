"""Any two answers about the same traffic agree, because all are counted from the same sessions."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.sandbox.pirsch import Simulator, Site, start
from tests.sandbox_pirsch.conftest import SETTINGS, Caller, calling, total

COUNTED = ("views", "sessions", "bounces")


@pytest.fixture(scope="module")
def whole(numbers: Caller) -> dict[str, Any]:
    found: dict[str, Any] = numbers.shop("/total")
    assert found["visitors"] > 3_000
    return found


@pytest.mark.parametrize("path", ["/visitor", "/hours", "/minutes", "/weekdays"])
@pytest.mark.parametrize("scale", ["day", "week", "month", "year"])
def test_series_add_up_to_the_total(numbers: Caller, whole: dict[str, Any], path: str, scale: str) -> None:
    rows = numbers.shop(path, scale=scale)
    assert {name: total(rows, name) for name in COUNTED} == {name: whole[name] for name in COUNTED}


def test_days_count_more_visitors_than_the_total(numbers: Caller, whole: dict[str, Any]) -> None:
    """A fingerprint lasts a day by UTC; who is there around midnight in Berlin is on two local days."""
    days = total(numbers.shop("/visitor"), "visitors")
    assert whole["visitors"] < days < whole["visitors"] * 1.02


@pytest.mark.parametrize("path", ["/channel", "/hostname"])
def test_wide_breakdowns_add_up(numbers: Caller, whole: dict[str, Any], path: str) -> None:
    rows = numbers.shop(path)
    assert {name: total(rows, name) for name in COUNTED} == {name: whole[name] for name in COUNTED}


@pytest.mark.parametrize(
    "path", ["/country", "/region", "/city", "/language", "/os", "/os/version", "/browser", "/screen"]
)
def test_attributes_of_visitors_add_up(numbers: Caller, whole: dict[str, Any], path: str) -> None:
    rows = numbers.shop(path)
    assert total(rows, "visitors") == whole["visitors"]
    assert total(rows, "relative_visitors") == pytest.approx(1)


def test_platforms_add_up(numbers: Caller, whole: dict[str, Any]) -> None:
    found = numbers.shop("/platform")
    counts = [found[f"platform_{name}"] for name in ("desktop", "mobile", "unknown")]
    assert sum(counts) == whole["visitors"]
    assert sum(value for name, value in found.items() if "relative" in name) == pytest.approx(1)


def test_pages_add_up(numbers: Caller, whole: dict[str, Any]) -> None:
    assert total(numbers.shop("/page"), "views") == whole["views"]
    assert total(numbers.shop("/page/entry"), "entries") == whole["sessions"]
    assert total(numbers.shop("/page/exit"), "exits") == whole["sessions"]


@pytest.mark.parametrize(
    ("path", "column", "name"),
    [
        ("/page", "path", "path"),
        ("/country", "country_code", "country"),
        ("/browser", "browser", "browser"),
        ("/referrer", "referrer", "referrer"),
        ("/channel", "channel", "channel"),
        ("/utm/campaign", "utm_campaign", "utm_campaign"),
    ],
)
def test_each_row_is_the_total_under_its_filter(numbers: Caller, path: str, column: str, name: str) -> None:
    for row in numbers.shop(path, limit=4):
        filtered = numbers.shop("/total", (name, row[column] or "null"))
        assert {key: filtered[key] for key in row if key in filtered} == {
            key: value for key, value in row.items() if key in filtered
        }


def test_a_filter_and_its_contrary_share_the_total(numbers: Caller, whole: dict[str, Any]) -> None:
    here, elsewhere = (numbers.shop("/total", country=value) for value in ("de", "!de"))
    for name in (*COUNTED, "visitors"):
        assert here[name] + elsewhere[name] == whole[name]
    assert here["cr"] + elsewhere["cr"] == pytest.approx(1)


def test_events_agree_with_their_list_and_meta(numbers: Caller) -> None:
    events = {row["name"]: row for row in numbers.shop("/events")}
    listed: Counter[str] = Counter()
    for offset in range(0, 1_000, 100):
        for row in numbers.shop("/event/list", limit=100, offset=offset) or []:
            listed[row["name"]] += row["count"]
    assert listed == {name: row["count"] for name, row in events.items()}
    products = numbers.shop("/event/meta", event="purchase", event_meta_key="product")
    assert total(products, "count") == events["purchase"]["count"]
    bought = numbers.shop("/total", event="purchase")
    assert bought["visitors"] == events["purchase"]["visitors"]
    assert bought["cr"] == pytest.approx(events["purchase"]["cr"])


def test_revenue_is_the_sum_of_the_orders(numbers: Caller) -> None:
    orders = numbers.shop("/event/meta", event="purchase", event_meta_key="amount", limit=100)
    asked = numbers.shop("/total", event="purchase", custom_metric_key="amount", custom_metric_type="float")
    revenue = sum(float(row["meta_value"]) * row["count"] for row in orders)
    assert asked["custom_metric_total"] == pytest.approx(revenue)
    assert asked["custom_metric_avg"] == pytest.approx(revenue / total(orders, "count"))


def test_goals_and_funnels_count_as_the_total_does(api: Caller, pirsch: Simulator) -> None:
    domain = pirsch.domain_id("shop.example.com")
    api.post("/goal", domain_id=domain, name="Order", path_pattern="/checkout/**", event_name="purchase")
    stats = api.shop("/goals")[0]["stats"]
    bought = api.shop("/total", event="purchase")
    assert (stats["visitors"], stats["views"], stats["cr"]) == (
        bought["visitors"],
        bought["views"],
        bought["cr"],
    )
    funnel = api.post(
        "/funnel",
        domain_id=domain,
        name="Buying",
        steps=[
            {"name": "Product", "filter": {"path_pattern": ["/products/*"]}},
            {"name": "Cart", "filter": {"path": ["/cart"]}},
            {"name": "Order", "filter": {"event_name": ["purchase"]}},
        ],
    )
    steps = api.shop("/funnel", funnel_id=funnel["id"])["data"]
    looked = api.shop("/total", pattern="(?i)^/products/[^/]*$")["visitors"]
    assert [step["visitors"] for step in steps][::2] == [looked, bought["visitors"]]
    assert steps[0]["visitors"] > steps[1]["visitors"] > steps[2]["visitors"] > 0
    only_german = api.shop("/funnel", funnel_id=funnel["id"], country="de")["data"]
    assert 0 < only_german[2]["visitors"] < steps[2]["visitors"]


def test_a_session_tells_what_the_list_says(numbers: Caller) -> None:
    for row in numbers.shop("/session/list", limit=20):
        ids = {"visitor_id": row["visitor_id"], "session_id": row["session_id"]}
        told = numbers.shop("/session/details", **ids)
        views = [one["page_view"] for one in told if one["page_view"]]
        assert len(views) == row["page_views"]
        assert (views[0]["path"], views[-1]["path"]) == (row["entry_path"], row["exit_path"])
        assert str(views[0]["visitor_id"]) == row["visitor_id"]
        assert row["is_bounce"] == (len(told) == 1 or all(_passive(one) for one in told[1:]))


def test_who_is_active_was_there_in_the_window(numbers: Caller, still: Simulator) -> None:
    active = numbers.get("/statistics/active", id=still.domain_id("shop.example.com"), start=3600)
    window = numbers.shop("/total", start=3600)
    assert active["visitors"] == window["visitors"] > 0
    assert total(active["stats"], "visitors") >= active["visitors"]
    assert total(active["countries"], "visitors") == active["visitors"]


def test_every_day_is_the_total_of_that_day(numbers: Caller) -> None:
    """Across the change of daylight saving time, too."""
    first = date(2026, 10, 23)
    rows = numbers.shop("/visitor", from_=str(first), to=str(first + timedelta(days=4)))
    for ahead, row in enumerate(rows):
        day = str(first + timedelta(days=ahead))
        assert row["day"] == f"{day}T00:00:00Z"
        alone = numbers.shop("/total", from_=day, to=day)
        assert {name: row[name] for name in alone} == alone


def _passive(row: dict[str, Any]) -> bool:
    return bool(row["event"]) and row["event"]["name"] == "404 Page Not Found"


@pytest.mark.parametrize("path", ["/visitor", "/hours", "/minutes"])
def test_filtered_series_add_up(numbers: Caller, path: str) -> None:
    cart = {"path": "/cart"}
    assert total(numbers.shop(path, **cart), "views") == numbers.shop("/total", **cart)["views"] > 100
    money = {"event": "purchase", "custom_metric_key": "amount", "custom_metric_type": "float"}
    revenue = numbers.shop("/total", **money)["custom_metric_total"]
    assert total(numbers.shop(path, **money), "custom_metric_total") == pytest.approx(revenue)
    rates = [row["cr"] for row in numbers.shop(path, **money)]
    assert 0 < max(rates) <= 1


def test_growth_agrees_with_two_totals(numbers: Caller) -> None:
    now, then = {"from_": "2026-11-10", "to": "2026-11-16"}, {"from_": "2026-11-03", "to": "2026-11-09"}
    filters: list[dict[str, str]] = [{}, {"path": "/"}, {"event": "add_to_cart"}]
    for one in filters:
        grown = numbers.shop("/growth", **now, **one)
        new, old = (numbers.shop("/total", **days, **one) for days in (now, then))
        for name in ("visitors", "views", "sessions"):
            assert grown[f"{name}_growth"] == pytest.approx((new[name] - old[name]) / old[name])
        assert grown["bounces_growth"] == pytest.approx(_grown(new["bounce_rate"], old["bounce_rate"]))
        assert grown["cr_growth"] == pytest.approx(_grown(new["cr"], old["cr"]) if "event" in one else 0)
        assert (grown["time_spent_growth"] == 0) == ("event" in one)  # these events take no time


def test_goals_know_tags_and_meta(api: Caller, pirsch: Simulator) -> None:
    goal = {"domain_id": pirsch.domain_id("shop.example.com"), "name": "g"}
    api.post("/goal", **goal, path_pattern="/blog/*", tags=["author=Ada"])
    api.post("/goal", **goal, path_pattern="/**", tags=["author"])
    euros = {"event_name": "purchase", "event_meta_key": "currency", "event_meta_value": "EUR"}
    api.post("/goal", **goal, **euros, custom_metric_key="amount", custom_metric_type="integer")
    ada, anyone, paid = (row["stats"] for row in api.shop("/goals"))
    assert ada["views"] == api.shop("/total", tag_author="Ada")["views"]
    assert anyone["views"] == api.shop("/total", tag="author")["views"] > ada["views"]
    assert paid["visitors"] == api.shop("/total", event="purchase", meta_currency="EUR")["visitors"]
    assert paid["custom_metric_total"] > 0  # whole amounts only: "59.9" is no integer and counts as 0


def test_what_is_going_on_is_told_as_far_as_it_went() -> None:
    """Sessions that are under way count with what they have, and what comes later comes later."""
    busy = Site(hostname="shop.example.com", visitors_per_day=4_000, incidents=())
    with start(replace(SETTINGS, sites=(busy,))) as pirsch, calling(pirsch) as api:
        seen = 0.0
        for _ in range(6):
            pirsch.advance(timedelta(minutes=3))
            rows = api.shop("/session/list", from_="2026-11-18", to="2026-11-18", limit=100)
            now = f"{pirsch.clock():%Y-%m-%dT%H:%M:%SZ}"
            assert all(row["start"] <= row["time"] <= now for row in rows)
            views = total(api.shop("/page", from_="2026-11-18", to="2026-11-18"), "views")
            whole = api.shop("/total", from_="2026-11-18", to="2026-11-18")["views"]
            assert whole == pytest.approx(views, abs=8)  # they differ by sessions that began yesterday
            assert views > seen
            seen = views


def _grown(now: float, before: float) -> float:
    return (now - before) / before if before else float(bool(now))
