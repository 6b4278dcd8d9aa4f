"""The job, against the simulated Pirsch: what is reached there is an event here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot import agenda, pipeline
from bot.agenda import First
from bot.db import Database
from bot.facts import EventHeard
from bot.goals.gather import look
from bot.http.timing import Timing
from bot.jobs import Turn
from bot.jobs.goals import Goals
from bot.jobs.job import Ran
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start
from bot.sandbox.pirsch.faults import empty, server_error
from bot.sources.errors import Misconfigured
from bot.sources.pirsch import PirschSource, source
from bot.sources.source import Source
from tests.sources.conftest import QUICK
from tests.spine.making import judges, rule, told

SHOP = "shop.example.com"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite"])  # the far side varies here, not the store
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass(frozen=True, kw_only=True)
class Looking:
    """A simulated dashboard, its client, and the job that looks at its goals."""

    simulator: Simulator
    pirsch: Pirsch
    database: Database

    @property
    def domain(self) -> DomainId:
        return DomainId(self.simulator.domain_id(SHOP))

    @property
    def source(self) -> PirschSource:
        return source(self.pirsch, SHOP, self.simulator.clock)

    def run(self) -> Ran:
        now = self.simulator.clock()
        job = Goals(site="shop", source=lambda: self.source).job
        with self.database.transaction() as tx:
            agenda.plan(tx, {job.name: First(timing=str(job.timing), due_at=now)})
            claim = agenda.claim_now(tx, job.name, "me", 60)
        assert claim is not None
        clock = self.simulator.clock
        ran = job.run(Turn(due_at=now, now=now, clock=clock, database=self.database, claim=claim))
        with self.database.transaction() as tx:
            agenda.give_back(tx, "me")
            pipeline.judge_events(tx, judges(rule(event="goal.reached")), now, 100)
        return ran

    def told(self) -> list[dict[str, str]]:
        contents = [notice.content for notice in told(self.database)]
        return [dict(one.event.meta) for one in contents if isinstance(one, EventHeard)]

    def advance(self, length: timedelta) -> None:
        self.simulator.advance(length, send=False)


@pytest.fixture
def looking(database: Database) -> Iterator[Looking]:
    site = Site(hostname=SHOP, visitors_per_day=400, incidents=())
    limits = Limits(security=None, configuration=None)
    with start(Settings(start_at=NOW, speed=0, days=120, sites=(site,), limits=limits)) as simulator:
        user = simulator.keys.user
        credentials = Credentials(client_id=user.client_id, client_secret=user.client_secret)
        timing = Timing(now=simulator.clock, sleep=lambda seconds: None)
        server = Server(url=simulator.url)
        with Pirsch(credentials, server, patience=QUICK, timing=timing) as client:
            yield Looking(simulator=simulator, pirsch=client, database=database)


def test_a_goal_is_reached_while_the_day_goes_on(looking: Looking) -> None:
    looking.pirsch.goals.create(looking.domain, GoalDraft(name="Readers", path="/blog/**", visitors=60))
    looking.run()
    before = look(looking.source, looking.simulator.clock()).goals[0]
    assert before.visitors < 60
    for _ in range(14):
        looking.advance(60 * MINUTE)
        looking.run()
    [meta] = looking.told()
    assert (meta["goal"], meta["proof"], meta["target_visitors"]) == ("Readers", "counted", "60")
    assert int(meta["visitors"]) >= 60


def test_a_goal_counts_from_the_day_on_which_it_was_made(looking: Looking) -> None:
    looking.pirsch.goals.create(looking.domain, GoalDraft(name="Readers", path="/blog/**", visitors=10_000))
    looking.advance(timedelta(days=2))
    looking.pirsch.goals.create(looking.domain, GoalDraft(name="Later", path="/blog/**", visitors=10_000))
    looking.advance(60 * MINUTE)
    looking.simulator.ledger.clear()
    counted = {one.name: one.visitors for one in look(looking.source, looking.simulator.clock()).goals}
    assert counted["Readers"] > 2 * counted["Later"] > 0
    assert looking.simulator.ledger.counts()["GET /statistics/goals"] == 2


def test_a_goal_that_pirsch_deletes_when_it_is_reached_is_told_once(looking: Looking) -> None:
    draft = GoalDraft(name="Launch", path="/**", visitors=300, delete_reached=True)
    looking.pirsch.goals.create(looking.domain, draft)
    looking.run()
    looking.advance(timedelta(hours=26))  # nobody looked in time to count
    assert look(looking.source, looking.simulator.clock()).goals == ()
    for _ in range(4):
        looking.run()
        looking.advance(5 * MINUTE)
    [meta] = looking.told()
    assert (meta["goal"], meta["proof"]) == ("Launch", "vanished")


def test_while_pirsch_is_down_nothing_is_known_and_nothing_is_said(looking: Looking) -> None:
    draft = GoalDraft(name="Launch", path="/**", visitors=40_000, delete_reached=True)
    looking.pirsch.goals.create(looking.domain, draft)
    looking.run()
    looking.simulator.faults.plan(server_error(503).to("GET", "/statistics/goals", times=20))
    ran = looking.run()
    assert ran.failed
    assert "503" in ran.said
    looking.advance(10 * MINUTE)
    looking.simulator.faults.clear()
    looking.run()
    assert looking.told() == []


def test_one_empty_answer_is_not_believed(looking: Looking) -> None:
    draft = GoalDraft(name="Launch", path="/**", visitors=40_000, delete_reached=True)
    looking.pirsch.goals.create(looking.domain, draft)
    looking.run()
    looking.advance(5 * MINUTE)
    looking.simulator.faults.plan(empty(200).to("GET", "/statistics/goals", times=1))
    looking.run()
    for _ in range(3):
        looking.advance(5 * MINUTE)
        looking.run()
    assert looking.told() == []


def test_a_site_that_cannot_be_opened_fails_the_run_with_its_reason(database: Database) -> None:
    def closed() -> Source:
        raise Misconfigured("Pirsch: these keys open nothing", "Make new ones.")

    job = Goals(site="shop", source=closed).job
    now = NOW
    with database.transaction() as tx:
        agenda.plan(tx, {job.name: First(timing=str(job.timing), due_at=now)})
        claim = agenda.claim_now(tx, job.name, "me", 60)
    assert claim is not None
    ran = job.run(Turn(due_at=now, now=now, clock=lambda: now, database=database, claim=claim))
    assert ran == Ran(said="Pirsch: these keys open nothing", failed=True)
