"""Nothing that is sent breaks the simulator: every answer is an answer, and no 500."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.pirsch import Simulator, start
from tests.sandbox_pirsch.conftest import BROWSER, SHOP, Caller, calling, empty_site

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(
    [
        *(
            "from",
            "to",
            "tz",
            "start",
            "from_time",
            "to_time",
            "scale",
            "limit",
            "offset",
            "sort",
            "direction",
        ),
        *("search", "country", "path", "pattern", "event", "meta_x", "tag", "tag_x", "custom_metric_key"),
    ]
)
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "2026-11-10",
        "0001-01-01",
        "9999-12-31",
        "-1",
        "1e9",
        "!",
        "~",
        "^",
        "null",
        "(",
        "24:00",
        "Europe",
        "week",
    ]
)
PATHS = st.sampled_from(
    [
        "total",
        "visitor",
        "growth",
        "hours",
        "page",
        "events",
        "event/meta",
        "country",
        "active",
        "options/page",
    ]
)
VALUES = st.recursive(
    st.sampled_from(["http://[", "https://x:99999/", "https://", "//", "999.1.1.1", "\ud800"])
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@FEW
@given(path=PATHS, query=st.lists(st.tuples(NAMES, TEXTS), max_size=6))
def test_any_query(numbers: Caller, path: str, query: list[tuple[str, str]]) -> None:
    whole = [("id", numbers.pirsch.domain_id(SHOP)), ("from", "2026-11-10"), ("to", "2026-11-11"), *query]
    assert numbers.send("GET", f"/statistics/{path}", whole).status_code in (200, 400)


@pytest.fixture(scope="module")
def quiet() -> Iterator[Caller]:
    with start(empty_site()) as pirsch, calling(pirsch, SHOP) as api:
        yield api


@FEW
@given(
    kind=st.sampled_from(["hit", "event", "session"]),
    changes=st.dictionaries(
        st.sampled_from(
            ["url", "ip", "user_agent", "event_name", "event_meta", "tags", "referrer", "event_duration"]
        ),
        VALUES,
        max_size=4,
    ),
)
def test_any_event(quiet: Caller, kind: str, changes: dict[str, object]) -> None:
    body = {"url": f"https://{SHOP}/", "ip": "192.0.2.1", "user_agent": BROWSER, "event_name": "e"} | changes
    reply = quiet.session.post(
        f"{quiet.pirsch.url}/api/v1/{kind}",
        data=json.dumps(body),
        headers={"Authorization": f"Bearer {quiet.bearer}"},
        timeout=20,
    )
    assert reply.status_code in (200, 400)
    assert quiet.get("/statistics/active", id=quiet.pirsch.domain_id(SHOP))["visitors"] >= 0


def test_half_surrogates_come_back_readable(quiet: Caller) -> None:
    body = (
        b'{"domain_id": "%s", "name": "\\ud83d", "event_name": "e"}' % quiet.pirsch.domain_id(SHOP).encode()
    )
    reply = quiet.session.post(
        f"{quiet.pirsch.url}/api/v1/goal",
        data=body,
        headers={"Authorization": f"Bearer {quiet.bearer}"},
        timeout=20,
    )
    assert reply.json()["name"] == "\ufffd"


def test_bodies_have_an_end(pirsch: Simulator, api: Caller) -> None:
    headers = {"Authorization": f"Bearer {api.bearer}"}
    with requests.Session() as session:
        url = f"{pirsch.url}/api/v1/goal"
        try:
            status = session.post(url, data=b"x" * (9 << 20), headers=headers, timeout=20).status_code
        except requests.ConnectionError:
            status = 413  # it hung up while we were still sending
        assert status == 413
        assert session.get(f"{pirsch.url}/api/v1/domain", headers=headers, timeout=20).ok


@pytest.mark.parametrize("seconds", [1e308, -1, 1e9])
def test_a_fault_of_no_real_length_is_refused(pirsch: Simulator, seconds: float) -> None:
    for kind in ("slow", "limited"):
        fault = {"kind": kind, "seconds": seconds}
        reply = requests.post(f"{pirsch.url}/_sandbox/faults", json=fault, timeout=20)
        assert (reply.status_code, list(reply.json()["validation"])) == (400, ["seconds"])


def test_a_delay_is_a_minute_at_most(pirsch: Simulator) -> None:
    fault = {"kind": "slow", "seconds": 3_600}
    assert requests.post(f"{pirsch.url}/_sandbox/faults", json=fault, timeout=20).ok
    struck = pirsch.faults.take("GET", "/domain")
    assert struck is not None
    assert struck.delay == timedelta(minutes=1)


def test_what_is_not_below_the_prefix_is_not_there(pirsch: Simulator, api: Caller) -> None:
    headers = {"Authorization": f"Bearer {api.bearer}"}
    for path in ("/domain", "/api/v2/domain", "/api/v1domain", "/api/v1"):
        assert requests.get(pirsch.url + path, headers=headers, timeout=20).status_code == 404


def test_strangers_do_not_fill_the_memory(pirsch: Simulator, api: Caller) -> None:
    for number in range(3):
        api.send("POST", f"/nothing/{number}", body="x" * 5_000)
    assert not [named for named in pirsch.ledger.counts() if "nothing" in named]
    assert max(len(one.body) for one in pirsch.ledger.calls()) == 1024
    with calling(pirsch):
        pirsch.clock.advance(timedelta(hours=2))
        with calling(pirsch):
            assert len(pirsch.account.door._tokens) == 1
