"""Every way in which Pirsch can fail has its name, and nothing above hears of the client's own errors."""

from datetime import date, timedelta

import pytest

from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Cut, Fault, Simulator
from bot.sandbox.pirsch.faults import bad_gateway, cut, empty, forbidden, limited, server_error, wrong_json
from bot.sources.errors import Gone, Misconfigured, Refused, SourceError, Unavailable, Unreadable
from bot.sources.periods import one_day
from bot.sources.pirsch import dashboard, source
from tests.sources.conftest import AUTUMN, QUICK, SHOP, Join, Joined

DAY = one_day(date(2026, 11, 10))
FAULTS = [
    pytest.param(bad_gateway(), Unavailable, id="bad gateway"),
    pytest.param(server_error(500), Unavailable, id="server error"),
    pytest.param(cut(Cut.BEFORE), Unavailable, id="cut"),
    pytest.param(cut(Cut.MIDDLE), Unavailable, id="half an answer"),
    pytest.param(limited(AUTUMN, timedelta(seconds=600)), Unavailable, id="limited"),
    pytest.param(forbidden(), Misconfigured, id="forbidden"),
    pytest.param(Fault(status=404, body=b""), Gone, id="gone"),
    pytest.param(Fault(status=400, body=b'{"error": ["no"]}'), Refused, id="refused"),
    pytest.param(empty(), Unreadable, id="empty"),
    pytest.param(wrong_json(), Unreadable, id="wrong JSON"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_a_failure_has_its_name(shop: Joined, fault: Fault, kind: type[SourceError]) -> None:
    shop.simulator.faults.plan(fault.to("GET", "/statistics/total", times=10))
    with pytest.raises(SourceError) as caught:
        shop.source.totals(DAY)
    assert type(caught.value) is kind
    assert "/statistics/total" in caught.value.why
    if isinstance(caught.value, Misconfigured):
        assert "scopes" in caught.value.remedy


def test_a_limit_says_when_to_come_back(shop: Joined) -> None:
    fault = limited(AUTUMN, timedelta(seconds=600))
    shop.simulator.faults.plan(fault.to("GET", "/statistics/total", times=10))
    with pytest.raises(Unavailable) as caught:
        shop.source.totals(DAY)
    assert caught.value.retry_after is not None
    assert timedelta(seconds=590) < caught.value.retry_after <= timedelta(seconds=600)


def test_wrong_credentials_are_for_a_person(autumn: Simulator) -> None:
    wrong = Credentials(client_id="nobody", client_secret="a-secret-that-is-wrong")
    pirsch = Pirsch(wrong, Server(url=autumn.url), patience=QUICK)
    with pirsch, pytest.raises(Misconfigured) as caught:
        source(pirsch, SHOP, autumn.clock)
    assert "client_id" in caught.value.remedy
    assert "a-secret" not in str(caught.value)


def test_nobody_answers() -> None:
    credentials = Credentials(client_id="a", client_secret="b")
    pirsch = Pirsch(credentials, Server(url="http://127.0.0.1:9"), patience=QUICK)
    with pirsch, pytest.raises(Unavailable):
        dashboard(pirsch.domains, SHOP)


def test_a_dashboard_that_is_not_there(shop: Joined) -> None:
    with pytest.raises(Gone, match="no dashboard"):
        dashboard(shop.pirsch.domains, "shop.example.co")
    assert dashboard(shop.pirsch.domains, "SHOP.example.com").hostname == SHOP


def test_two_dashboards_of_one_hostname(join: Join, autumn: Simulator) -> None:
    joined = join(autumn)
    shelf = autumn.account.shelves["domain"]
    second = autumn.account.open_domain({"hostname": SHOP, "subdomain": "second"})
    try:
        with pytest.raises(Misconfigured, match="2 dashboards"):
            dashboard(joined.pirsch.domains, SHOP)
    finally:
        shelf.drop(second.id)
