"""Every call of the client, over a socket, against a Pirsch that was written from the documents by others."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count

import pytest

from bot.http.timing import Timing
from bot.pirsch import paging
from bot.pirsch.answers.owned import Filter, Webhook
from bot.pirsch.auth import Credentials
from bot.pirsch.calls import CALLS, Repeat
from bot.pirsch.client import Pirsch
from bot.pirsch.conditions import Dimension, contains, equals
from bot.pirsch.errors import BadCredentials, Refused, Unsure
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import (
    AccessLinkId,
    AlternativeId,
    DomainId,
    FunnelId,
    GoalId,
    LinkId,
    OrganizationId,
    ReportId,
    SessionId,
    ViewId,
    VisitorId,
)
from bot.pirsch.query import Query
from bot.pirsch.wire import Patience, Server
from bot.sandbox.pirsch import Cut, Fault, Limits, Settings, Simulator, Site, start
from bot.sandbox.pirsch.faults import bad_gateway, cut, empty, limited, slow, unauthorized, wrong_json
from tests.pirsch.every_call import CALL, FUNNEL, GOAL, LINK, REPORT

SHOP = "shop.example.com"
NOW = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 15)
SETTINGS = Settings(
    start_at=NOW,
    speed=0,
    days=120,
    sites=(Site(hostname=SHOP, visitors_per_day=60),),
    limits=Limits(security=None, configuration=None),
)
QUICK = Patience(exchange=timedelta(seconds=5), first_pause=timedelta(milliseconds=2), limits={})
CREATIONS = [name for name, call in CALLS.items() if call.repeat is Repeat.LOOK]
NUMBERS = count(1)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start(SETTINGS) as running:
        shop = next(iter(running.account.shelves["domain"]))
        shop.fields["custom_domain"] = "stats.example.com"
        yield running


@pytest.fixture
def pirsch(simulator: Simulator) -> Iterator[Pirsch]:
    with _client(simulator, QUICK) as client:
        yield client
    simulator.faults.clear()


def _client(simulator: Simulator, patience: Patience) -> Pirsch:
    credentials = Credentials(
        client_id=simulator.keys.user.client_id,
        client_secret=simulator.keys.user.client_secret,
        access_key=simulator.keys.access_keys[SHOP],
    )
    timing = Timing(now=simulator.clock, sleep=lambda seconds: None)
    return Pirsch(credentials, Server(url=simulator.url), patience=patience, timing=timing)


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A world in which each object is made when a call asks for it."""

    pirsch: Pirsch
    simulator: Simulator
    number: int = field(default_factory=lambda: next(NUMBERS))
    custom_domain: str = "stats.example.com"

    @property
    def domain(self) -> DomainId:
        return DomainId(self.simulator.domain_id(SHOP))

    @property
    def subdomain(self) -> str:
        return self.pirsch.domains.get(self.domain).subdomain

    @property
    def access_code(self) -> str:
        return self.pirsch.access_links.create(self.domain, f"code {self.number}").value.code

    @property
    def query(self) -> Query:
        return Query.days(self.domain, MONDAY, SUNDAY, tz="Europe/Berlin")

    @property
    def minutes(self) -> Query:
        return Query.window(self.domain, date(2026, 11, 17), time(10), time(11))

    @property
    def visit(self) -> tuple[VisitorId, SessionId]:
        session = self.pirsch.statistics.sessions(self.query)[0]
        return session.visitor_id, session.session_id

    @property
    def organization(self) -> OrganizationId:
        made = self.simulator.account.shelves["organization"].make({"name": "Ours"})
        return OrganizationId(made.id)

    @property
    def access_link(self) -> AccessLinkId:
        return self.pirsch.access_links.create(self.domain, f"link {self.number}").value.id

    @property
    def alternative(self) -> AlternativeId:
        return self.pirsch.alternatives.create(self.domain, f"alternative-{self.number}.example.com").value.id

    @property
    def webhook(self) -> Webhook:
        endpoint = f"https://bot.example.com/hooks/{self.number}"
        return self.pirsch.webhooks.create(self.domain, "purchase", endpoint).value

    @property
    def filter(self) -> Filter:
        return self.pirsch.filters.create(self.domain, "ip", f"198.51.100.{self.number}").value

    @property
    def goal(self) -> GoalId:
        draft = replace(GOAL, name=f"goal {self.number}")
        return self.pirsch.goals.create(self.domain, draft).value.id

    @property
    def funnel(self) -> FunnelId:
        draft = replace(FUNNEL, name=f"funnel {self.number}")
        return self.pirsch.funnels.create(self.domain, draft).value.id

    @property
    def report(self) -> ReportId:
        (made,) = self.pirsch.reports.create(self.domain, [f"{self.number}@example.com"], REPORT)
        return made.value.id

    @property
    def link(self) -> LinkId:
        draft = replace(LINK, name=f"link {self.number}")
        return self.pirsch.links.create(self.domain, draft).value.id

    @property
    def view(self) -> ViewId:
        return self.pirsch.views.create(self.domain, f"view {self.number}", {"period": 5}).value.id


@pytest.fixture
def world(pirsch: Pirsch, simulator: Simulator) -> Simulated:
    return Simulated(pirsch=pirsch, simulator=simulator)


@pytest.mark.parametrize("name", sorted(set(CALL) - set(CREATIONS)))
def test_every_call_is_understood(pirsch: Pirsch, world: Simulated, simulator: Simulator, name: str) -> None:
    call = CALLS[name]
    before = simulator.ledger.count(call.method, call.path)
    CALL[name](pirsch, world)
    assert simulator.ledger.count(call.method, call.path) > before


# ---------------------------------------------------------------- numbers that agree


def test_the_parts_are_the_whole(pirsch: Pirsch, world: Simulated) -> None:
    total = pirsch.statistics.total(world.query)
    days = pirsch.statistics.visitors(world.query)
    assert [one.day for one in days] == [MONDAY + timedelta(days=number) for number in range(7)]
    assert sum(one.views for one in days) == total.views > 0
    assert sum(one.views or 0 for one in pirsch.statistics.hours(world.query)) == total.views
    pages = paging.to_the_end(partial(pirsch.breakdowns.pages, world.query), sort="views")
    assert pages.complete
    assert sum(one.views or 0 for one in pages.rows) == total.views


def test_pages_are_read_to_the_end(pirsch: Pirsch, world: Simulated) -> None:
    sessions = paging.to_the_end(partial(pirsch.statistics.sessions, world.query), sort="time")
    assert sessions.complete
    keys = {(one.visitor_id, one.session_id) for one in sessions.rows}
    assert len(keys) == len(sessions.rows) == pirsch.statistics.total(world.query).sessions > 200


def test_conditions_choose(pirsch: Pirsch, world: Simulated) -> None:
    everybody = pirsch.statistics.total(world.query).visitors
    germans = pirsch.statistics.total(world.query.where(Dimension.COUNTRY, equals("DE"))).visitors
    readers = pirsch.statistics.total(world.query.where(Dimension.PATH, contains("/blog"))).visitors
    assert 0 < germans < everybody
    assert 0 < readers < everybody


# ---------------------------------------------------------------- objects that keep what they are


def test_a_goal_written_back_loses_nothing(pirsch: Pirsch, world: Simulated) -> None:
    draft = GoalDraft(
        name=f"everything {world.number}",
        path="/checkout/**",
        tags=("author=Ada",),
        event="purchase",
        event_meta_key="currency",
        event_meta_value="EUR",
        custom_metric_key="amount",
        custom_metric_type="float",
        visitors=100_000,
        cr_percent=99.5,
        custom_metric_total=1_000_000.0,
        custom_metric_avg=9_000.5,
        email_reached=True,
    )
    made = pirsch.goals.create(world.domain, draft).value
    assert (made.visitors, made.cr_percent, made.glob) == (100_000, 99.5, "/checkout/**")
    pirsch.goals.update(world.domain, made.id, GoalDraft.of(made))
    (again,) = (one for one in pirsch.goals.of(world.domain) if one.id == made.id)
    assert replace(again, changed_at=None) == replace(made, changed_at=None)


def test_a_locked_object_refuses_for_good(pirsch: Pirsch, world: Simulated, simulator: Simulator) -> None:
    webhook = world.webhook
    simulator.lock("webhook", webhook.id)
    with pytest.raises(Refused):
        pirsch.webhooks.update(world.domain, webhook)


# ---------------------------------------------------------------- faults

SHELVES = {
    "domains": "domain",
    "access_links": "access",
    "alternatives": "alternative",
}


def _count(simulator: Simulator, name: str) -> int:
    area = name.partition(".")[0]
    return sum(1 for _ in simulator.account.shelves[SHELVES.get(area, area.removesuffix("s"))])


FAULTS: dict[str, Fault] = {
    "none": Fault(),
    "cut before": cut(Cut.BEFORE),
    "cut after": cut(Cut.AFTER),
    "cut in the middle": cut(Cut.MIDDLE),
    "502, not done": bad_gateway(),
    "502, done": bad_gateway(done=True),
    "empty": empty(),
    "wrong JSON": wrong_json(),
    "401": unauthorized(),
    "429": limited(NOW),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CREATIONS)
def test_nothing_is_created_twice(name: str, fault: str) -> None:
    """A second call makes good what the first left in doubt, and never makes a second thing."""
    with start(SETTINGS) as fresh, _client(fresh, QUICK) as pirsch:
        world = Simulated(pirsch=pirsch, simulator=fresh)
        before = _count(fresh, name)
        fresh.faults.plan(FAULTS[fault].to("POST", CALLS[name].path))
        try:
            CALL[name](pirsch, world)
        except Unsure:
            assert _count(fresh, name) == before
        assert fresh.ledger.count("POST", CALLS[name].path) <= (2 if fault in ("401", "429") else 1)
        CALL[name](pirsch, world)
        assert _count(fresh, name) == before + 1


def test_a_switch_is_flipped_once_or_nobody_knows(
    pirsch: Pirsch, world: Simulated, simulator: Simulator
) -> None:
    for fault in (cut(Cut.BEFORE), cut(Cut.AFTER), bad_gateway(), bad_gateway(done=True)):
        simulator.faults.plan(fault.to("PUT", "/traffic/spike"))
        before = simulator.ledger.count("PUT", "/traffic/spike")
        with pytest.raises(Unsure):
            pirsch.traffic.flip_spike_mails(world.domain)
        assert simulator.ledger.count("PUT", "/traffic/spike") == before + 1


def test_a_read_outlives_everything_that_passes(
    pirsch: Pirsch, world: Simulated, simulator: Simulator
) -> None:
    expected = pirsch.statistics.total(world.query)
    for fault in (cut(Cut.BEFORE), cut(Cut.MIDDLE), bad_gateway(), unauthorized(), limited(NOW)):
        simulator.faults.plan(fault.to("GET", "/statistics/total"))
        assert pirsch.statistics.total(world.query) == expected


def test_a_slow_answer_is_not_waited_for(world: Simulated, simulator: Simulator) -> None:
    impatient = replace(QUICK, exchange=timedelta(seconds=0.3))
    with _client(simulator, impatient) as pirsch:
        pirsch.domains.all()
        simulator.faults.plan(slow(timedelta(seconds=1)).to("GET", "/domain"))
        assert pirsch.domains.all()


def test_a_token_that_ran_out_is_renewed(world: Simulated, simulator: Simulator, pirsch: Pirsch) -> None:
    pirsch.statistics.total(world.query)
    simulator.account.door.expire_all()
    before = simulator.ledger.count("POST", "/token")
    pirsch.statistics.total(world.query)
    assert simulator.ledger.count("POST", "/token") == before + 1


def test_wrong_credentials_are_said_to_be(simulator: Simulator, world: Simulated) -> None:
    wrong = Credentials(client_id=simulator.keys.user.client_id, client_secret="not-the-secret")
    with Pirsch(wrong, Server(url=simulator.url)) as pirsch, pytest.raises(BadCredentials) as caught:
        pirsch.statistics.total(world.query)
    assert "not-the-secret" not in str(caught.value)
