"""Against the simulated Pirsch, which sends each event once: what was refused is what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot import agenda, leases, pipeline
from bot.agenda import First
from bot.audits import hooks
from bot.db import Database
from bot.facts import DeliveriesLost
from bot.http.timing import Timing
from bot.jobs import Ran, Turn
from bot.jobs.deliveries import Deliveries
from bot.sandbox.pirsch import Limits, Simulator, Site, start
from bot.sandbox.pirsch import Settings as PirschSettings
from bot.sandbox.pirsch.faults import server_error
from bot.settings import read
from bot.sites import Sites
from tests.spine.making import judges, rule, told
from tests.stores.making import keep

SHOP = "shop.example.com"
TOKEN = "t" * 43
NOW = datetime(2026, 11, 17, 22, 30, tzinfo=UTC)  # half an hour before midnight in Berlin
CONFIG = """
[pirsch]
client_id = {{ env = "ID" }}
client_secret = {{ env = "SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"
hook_token = {{ env = "TOKEN" }}
"""


@pytest.fixture(params=["sqlite"])  # the far side varies here, not the store
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A simulated dashboard, the bot's store, and the job that compares them."""

    simulator: Simulator
    database: Database
    sites: Sites

    def hook(self, event: str, address: str = f"https://bot.example.com/hooks/shop/{TOKEN}") -> None:
        fields = {"description": "", "event": event, "endpoint": address, "active": True}
        self.simulator.account.shelves["webhook"].make(fields, self.simulator.domain_id(SHOP))

    def day(self, *, lost: int = 0) -> int:
        """Let a day pass in which all purchases come but the first few; return how many there were."""
        since = self.simulator.clock()
        self.simulator.advance(timedelta(days=1), send=False)
        record = self.simulator.account.records[self.simulator.domain_id(SHOP)]
        span = int(since.timestamp()) + 1800, int(since.timestamp()) + 1800 + 86_400
        happened = [event for _, event in record.events(*span) if event.name == "purchase"]
        for event in happened[lost:]:
            at = datetime.fromtimestamp(event.at + 1, UTC)
            keep(self.database, b'{"event_name": "purchase"}', at=at)
        with self.database.transaction() as tx:
            pipeline.judge_events(tx, judges(rule()), self.simulator.clock(), 1000)
        return len(happened)

    def run(self) -> Ran:
        now = self.simulator.clock()
        job = Deliveries(
            site="shop",
            source=partial(self.sites.open, "shop"),
            hooks=partial(hooks, self.sites, "shop", [f"/hooks/shop/{TOKEN}"]),
            judges=judges(rule()),
            zone=ZoneInfo("Europe/Berlin"),
            kept_for=timedelta(days=90),
        ).job
        with self.database.transaction() as tx:
            agenda.plan(tx, {job.name: First(timing=str(job.timing), due_at=now)})
            claim = agenda.claim_now(tx, job.name, "me", 60)
        assert claim is not None
        turn = Turn(due_at=now, now=now, clock=lambda: now, database=self.database, claim=claim)
        ran = job.run(turn)
        with self.database.transaction() as tx:
            agenda.give_back(tx, "me")
        return ran

    def told(self) -> list[DeliveriesLost]:
        contents = [notice.content for notice in told(self.database, "owner")]
        return [one for one in contents if isinstance(one, DeliveriesLost)]


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    site = Site(hostname=SHOP, visitors_per_day=1500, incidents=())
    limits = Limits(security=None, configuration=None)
    pirsch = PirschSettings(start_at=NOW, speed=0, days=120, sites=(site,), limits=limits)
    with start(pirsch) as simulator, opened(simulator) as sites:
        with database.transaction() as tx:
            leases.note_absence(tx, NOW)
        yield Shop(simulator=simulator, database=database, sites=sites)


@contextmanager
def opened(simulator: Simulator) -> Iterator[Sites]:
    user = simulator.keys.user
    environ = {"ID": user.client_id, "SECRET": user.client_secret, "TOKEN": TOKEN}
    timing = Timing(now=simulator.clock, sleep=lambda seconds: None)
    sites = Sites(read(CONFIG.format(url=simulator.url), environ), simulator.clock, timing)
    yield sites
    sites.close()


def test_a_day_on_which_all_came_is_compared_and_not_told(shop: Shop) -> None:
    shop.hook("purchase")
    happened = shop.day()
    shop.simulator.advance(timedelta(hours=6), send=False)
    ran = shop.run()
    assert happened > 10
    assert ran.said == "1 days compared, nothing is missing."
    assert shop.told() == []


def test_what_was_lost_is_named_with_its_number(shop: Shop) -> None:
    shop.hook("purchase")
    happened = shop.day(lost=4)
    shop.simulator.advance(timedelta(hours=6), send=False)
    assert shop.run().said == "1 days compared, 4 events are missing."
    [content] = shop.told()
    [event] = content.events
    assert (event.name, event.sent, event.lost) == ("purchase", happened, 4)
    assert shop.run().said.startswith("Nothing to compare")
    assert len(shop.told()) == 1


def test_after_days_without_a_comparison_each_is_made_up_for(shop: Shop) -> None:
    shop.hook("purchase")
    shop.day()
    shop.simulator.advance(timedelta(hours=6), send=False)
    shop.run()
    shop.simulator.advance(timedelta(days=3), send=False)
    assert shop.run().said.startswith("3 days compared")
    assert [content.day.day for content in shop.told()] == [19, 20, 21]


def test_other_people_s_webhooks_are_not_ours_to_miss(shop: Shop) -> None:
    shop.hook("purchase", "https://elsewhere.example.com/hooks/shop/other")
    shop.day(lost=4)
    shop.simulator.advance(timedelta(hours=6), send=False)
    assert shop.run().said.startswith("Nothing to compare")


def test_a_day_is_compared_when_it_has_been_over_for_some_time(shop: Shop) -> None:
    shop.hook("purchase")
    shop.day(lost=1)
    shop.simulator.advance(timedelta(hours=2), send=False)  # half past one after midnight
    assert shop.run().said.startswith("Nothing to compare")
    shop.simulator.advance(timedelta(hours=1), send=False)
    assert shop.run().said == "1 days compared, 1 events are missing."


def test_a_day_before_the_store_was_there_is_nobody_s_loss(shop: Shop) -> None:
    shop.hook("purchase")
    with shop.database.transaction() as tx:
        leases.forget_absences(tx, NOW)
    shop.simulator.advance(timedelta(hours=7), send=False)
    assert shop.run().said.startswith("Nothing to compare")


def test_a_webhook_that_is_off_is_named(shop: Shop) -> None:
    shop.hook("purchase")
    shop.day(lost=4)
    for one in shop.simulator.account.shelves["webhook"]:
        one.fields["active"] = False
    shop.simulator.advance(timedelta(hours=6), send=False)
    shop.run()
    assert shop.told()[0].switched_off == ("purchase",)


def test_while_pirsch_is_down_the_day_waits(shop: Shop) -> None:
    shop.hook("purchase")
    shop.day(lost=4)
    shop.simulator.advance(timedelta(hours=6), send=False)
    shop.simulator.faults.plan(server_error(503).to("GET", "/statistics/events", times=20))
    assert shop.run().failed
    shop.simulator.faults.clear()
    assert shop.run().said == "1 days compared, 4 events are missing."
