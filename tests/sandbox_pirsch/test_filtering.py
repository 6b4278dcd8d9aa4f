"""Filters of a query, and traffic filters of a dashboard."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.pirsch import Simulator, start
from bot.sandbox.pirsch.choice import choice
from tests.sandbox_pirsch.conftest import NOW, SHOP, Caller, calling, empty_site
from tests.sandbox_pirsch.test_ingest import row, send

DAYS = {"from_": "2026-11-19", "to": "2026-11-30"}


@pytest.mark.parametrize(
    ("values", "passes", "fails"),
    [
        (["a"], ["a"], ["b", "", "aa"]),
        (["a", "b"], ["a", "b"], ["c"]),
        (["!a"], ["b", ""], ["a"]),
        (["!a", "!b"], ["c"], ["a", "b"]),
        (["~oo"], ["FOO", "foo"], ["bar"]),
        (["^oo"], ["bar", ""], ["foo"]),
        (["~oo", "^bar"], ["foo"], ["foobar", "x"]),
        (["null"], [""], ["null", "a"]),
        (["!null"], ["a"], [""]),
        (["null", "a"], ["", "a"], ["b"]),
    ],
)
def test_operators(values: list[str], passes: list[str], fails: list[str]) -> None:
    test = choice(values)
    assert all(test(text) for text in passes)
    assert not any(test(text) for text in fails)


def test_names_are_joined_by_and_values_by_or(numbers: Caller) -> None:
    german, french = (numbers.shop("/total", country=code)["sessions"] for code in ("de", "fr"))
    both = numbers.shop("/total", ("country", "de"), ("country", "fr"))["sessions"]
    assert both == german + french
    mobile = numbers.shop("/total", country="de", platform="mobile")["sessions"]
    desktop = numbers.shop("/total", country="de", platform="!mobile")["sessions"]
    assert mobile + desktop == german
    assert 0 < mobile < german


def test_pages_by_pattern_and_path(numbers: Caller) -> None:
    pattern = "(?i)^/products/[^/]+$"
    rows = [one for one in numbers.shop("/page") if one["path"].startswith("/products/")]
    assert numbers.shop("/total", pattern=pattern)["views"] == sum(one["views"] for one in rows)
    beside = numbers.shop("/total", path="/cart", pattern=pattern)
    assert beside == numbers.shop("/total", path="/cart")  # the pattern is ignored
    reply = numbers.send("GET", "/statistics/total", _query(numbers, pattern="("))
    assert (reply.status_code, list(reply.json()["validation"])) == (400, ["pattern"])


def test_meta(numbers: Caller) -> None:
    euros = numbers.shop("/total", event="purchase", meta_currency="EUR")["visitors"]
    others = numbers.shop("/total", event="purchase", meta_currency="!EUR")["visitors"]
    every = numbers.shop("/total", event="purchase")["visitors"]
    assert max(euros, others) < every <= euros + others
    assert numbers.shop("/total", event="purchase", event_meta_key="plan")["visitors"] == 0


def test_meta_of_no_event_is_not_applied(numbers: Caller) -> None:
    """Without a word: the answer is that of all traffic."""
    everything = numbers.shop("/total")
    assert numbers.shop("/total", meta_currency="EUR") == everything
    assert numbers.shop("/total", event_meta_key="plan") == everything


def test_sorting_searching_paging(numbers: Caller) -> None:
    rows = numbers.shop("/page", sort="views", direction="asc")
    assert [one["views"] for one in rows] == sorted(one["views"] for one in rows)
    assert [one["path"] for one in numbers.shop("/page", sort="path", direction="asc")] == sorted(
        one["path"] for one in rows
    )
    assert {one["path"] for one in numbers.shop("/page", search="METER")} == {"/products/wind-meter"}
    pages = [numbers.shop("/page", limit=4, offset=offset) or [] for offset in range(0, len(rows) + 4, 4)]
    assert [one for page in pages for one in page] == numbers.shop("/page")
    assert numbers.shop("/options/page", search="meter") == ["/products/wind-meter"]


@pytest.mark.parametrize(
    ("type_", "value", "query"),
    [
        ("country", "de", {"country": "de"}),
        ("page", "/blog/**", {"pattern": "^/blog/"}),
        ("ip", "198.18.0.0/16", {"city": "Berlin"}),
    ],
)
def test_traffic_filters_act_on_new_traffic_only(
    api: Caller, pirsch: Simulator, type_: str, value: str, query: dict[str, str]
) -> None:
    before = api.shop("/total", to="2026-11-18", **query)["views"]
    domain = pirsch.domain_id(SHOP)
    made = api.post("/filter", domain_id=domain, type=type_, filter=value, description="")
    pirsch.advance(timedelta(days=5))
    with calling(pirsch) as later:
        assert later.shop("/total", **DAYS, **query)["views"] == 0
        assert later.shop("/total", **DAYS)["views"] > 0
        assert later.shop("/total", to="2026-11-17", **query)["views"] == pytest.approx(before, abs=120)
        later.send("DELETE", "/filter", {"id": made["id"]})
    pirsch.advance(timedelta(days=3))
    with calling(pirsch) as last:
        assert last.shop("/total", from_="2026-11-24", to="2026-11-30", **query)["views"] > 0
        assert last.shop("/total", from_="2026-11-19", to="2026-11-22", **query)["views"] == 0


def test_the_first_hostname_drops_all_others() -> None:
    with start(empty_site()) as pirsch, calling(pirsch, SHOP) as api:
        other = f"https://staging.{SHOP}/"
        send(api, "hit", row(url=other, ip="192.0.2.50", minutes_ago=1))
        domain = pirsch.domain_id(SHOP)
        first = api.post("/filter", domain_id=domain, type="hostname", filter="www.example.com")
        send(api, "hit", row(), row(url=other))
        assert api.shop("/total")["views"] == 1
        api.post("/filter", **first | {"filter": SHOP})
        send(api, "hit", row(), row(url=other))
        assert api.shop("/total")["views"] == 2
        listed = api.get("/filter", domain_id=domain)
        assert [(one["id"], one["filter"]) for one in listed] == [(first["id"], SHOP)]


@pytest.mark.parametrize(
    ("type_", "value"), [("ip", "999.1.1.1"), ("country", "Germany"), ("referrer", "x"), ("", ""), ("ip", "")]
)
def test_filters_that_make_no_sense(api: Caller, pirsch: Simulator, type_: str, value: str) -> None:
    body = {"domain_id": pirsch.domain_id(SHOP), "type": type_, "filter": value}
    assert api.send("POST", "/filter", body=body).status_code == 400


def test_a_new_code_stops_the_record(api: Caller, pirsch: Simulator) -> None:
    domain = pirsch.domain_id(SHOP)
    old = api.get("/domain", id=domain)["identification_code"]
    assert api.send("PUT", "/domain", body={"id": domain}).json()["identification_code"] != old
    pirsch.advance(timedelta(days=1))
    with calling(pirsch) as later:
        assert later.shop("/total", from_="2026-11-19", to="2026-11-19")["sessions"] == 0
        assert later.shop("/total", to="2026-11-17")["sessions"] > 0


def test_deleted_days_are_gone(api: Caller, pirsch: Simulator) -> None:
    day = f"{NOW - timedelta(days=3):%Y-%m-%d}"
    body = {"id": pirsch.domain_id(SHOP), "kind": "all", "from": day, "to": day}
    assert api.shop("/total", from_=day, to=day)["sessions"] > 10
    assert api.send("DELETE", "/statistics", body=body).ok
    assert api.shop("/total", from_=day, to=day)["sessions"] <= 1  # one may have begun the day before
    assert api.send("DELETE", "/statistics", body=body | {"from": "x"}).status_code == 400


def _query(numbers: Caller, **more: Any) -> dict[str, Any]:
    return {"id": numbers.pirsch.domain_id(SHOP), "from": "2026-11-01", "to": "2026-11-02"} | more
