"""From an event at the door, or a number at Pirsch, to a change there and a line in the ledger.

Nothing between is left out: the receiver, the rules, the jobs of the agenda, the plan and its guard.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock, pipeline
from bot.app import build, create_app
from bot.db import Database
from bot.jobs import Ran
from bot.manage import ledger
from bot.manage.ledger import Entry
from bot.sandbox.pirsch import Limits, Site, start
from bot.sandbox.pirsch import Settings as World
from bot.settings import read
from bot.upkeep import proposals
from tests.manage.keeping import SHOP, Town

TOKEN = "a-token-that-nobody-guesses"
FILE = """
[bot]
public_url = "https://bot.example.com"
owner = "owner"
link_secret = {{ env = "LINKS" }}

[pirsch]
client_id = {{ env = "ID" }}
client_secret = {{ env = "SECRET" }}
url = "{url}"

[site.shop]
domain = "{host}"
hook_token = {{ env = "TOKEN" }}

[channel.owner]
type = "slack"
hook = {{ env = "HOOK" }}

[[rule]]
name = "Acting"
event = "it happened"
notify = ["owner"]
do = {do}

[manage.shop]
mode = "auto"
{managed}
"""
TARGET = 1000  # of visitors: not within three days, and within six
GOAL = """
[[manage.shop.goal]]
name = "Front page"
path = "/"
visitors = {target}
when_reached = {{ raise_by = "50%" }}
"""


@dataclass(kw_only=True)
class Way:
    """A bot, a shop at a simulated Pirsch, and time that is theirs."""

    town: Town
    database: Database
    environ: dict[str, str]
    moved: Path
    do: str = '{ webhook = "refund" }'
    managed: str = ""

    def settings(self) -> Any:
        text = FILE.format(url=self.town.simulator.url, host=SHOP, do=self.do, managed=self.managed)
        return read(text, self.environ)

    def happen(self, *, times: int = 1, **meta: str) -> None:
        """An event comes in, as Pirsch sends one, and is judged."""
        app = create_app(self.settings())
        body = json.dumps({"event_name": "it happened", "event_meta": meta}).encode()
        for _ in range(times):
            answer = app.test_client().post(f"/hooks/shop/{TOKEN}", data=body)
            assert answer.status_code == 204
        app.extensions["house"].stop()
        self.judge()

    def judge(self) -> None:
        house = build(self.settings())
        with self.database.transaction() as tx:
            pipeline.judge_events(tx, house.judges, clock.now(), 100)
        house.stop()

    def spike_threshold(self) -> int:
        switches = self.town.simulator.account.switches
        return switches[self.town.domain, "spike"].threshold

    def run(self, *names: str) -> list[Ran]:
        """Run jobs of the agenda, one after the other."""
        house = build(self.settings())
        with self.database.transaction() as tx:
            house.runner.plan(tx, clock.now())
        ran = [house.runner.run_now(name) for name in names]
        house.stop()
        assert all(one is not None and not one.failed for one in ran), ran
        return [one for one in ran if one is not None]

    def later(self, length: timedelta) -> None:
        self.town.simulator.advance(length, send=False)
        self.tell_the_time()

    def tell_the_time(self) -> None:
        real = datetime.now(UTC)  # noqa: TID251 - by how much the real one is moved
        clock.move(self.moved, self.town.simulator.clock() - real)

    def booked(self) -> list[Entry]:
        with self.database.reading() as tx:
            return list(reversed(ledger.entries(tx, site="shop", most=20)))

    def waiting(self) -> list[str]:
        with self.database.reading() as tx:
            return [one.draft.about for one in proposals.latest(tx, 10, waiting=True)]


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def way(database: Database, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    shop = Site(hostname=SHOP, visitors_per_day=300, incidents=(), growth_per_year=0)
    limits = Limits(security=None, configuration=None)
    start_at = datetime(2026, 5, 11, 12, tzinfo=UTC)
    with start(World(start_at=start_at, speed=0, days=120, sites=(shop,), limits=limits)) as running:
        town = Town(running, database)
        keys = running.keys.user
        environ = {
            "LINKS": "a secret that signs links, long enough",
            "ID": keys.client_id,
            "SECRET": keys.client_secret,
            "TOKEN": TOKEN,
            "HOOK": "https://hooks.slack.com/services/x",
            "DATABASE_URL": store_url,
            clock.MOVED: str(tmp_path / "clock"),
        }
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        made = Way(town=town, database=database, environ=environ, moved=tmp_path / "clock")
        made.tell_the_time()
        yield made
        town.close()


def lines(entries: list[Entry]) -> list[tuple[str, str, str, str | None, str]]:
    return [(one.entry, one.kind, one.verb, one.outcome, one.why) for one in entries]


def test_a_report_for_somebody(way: Way) -> None:
    way.do = '{ report = "client@example.com", every = "week" }'
    way.happen(report="evil@example.com", email="evil@example.com")
    way.run("upkeep")
    (report,) = way.town.shelf("report")
    assert (report["email"], report["interval"], report["summary"]) == ("client@example.com", 1, True)
    assert lines(way.booked()) == [
        ("intent", "report", "create", None, "added by rule Acting"),
        ("outcome", "report", "create", "done", "added by rule Acting"),
    ]


def test_a_webhook_for_one_more_event(way: Way) -> None:
    way.happen()
    way.run("upkeep")
    (webhook,) = way.town.shelf("webhook")
    assert (webhook["event"], webhook["endpoint"]) == (
        "refund",
        f"https://bot.example.com/hooks/shop/{TOKEN}",
    )
    assert lines(way.booked()) == [
        ("intent", "webhook", "create", None, "added by rule Acting"),
        ("outcome", "webhook", "create", "done", "added by rule Acting"),
    ]
    assert TOKEN not in str(way.booked())


def test_a_higher_spike_threshold_for_a_day(way: Way) -> None:
    way.do, way.managed = '{ raise_spike_threshold = "50%" }', "spike_threshold = 40"
    way.run("upkeep/shop")
    way.happen(times=3)
    way.run("upkeep", "upkeep/shop")
    assert way.spike_threshold() == 60
    way.later(timedelta(hours=25))
    way.run("upkeep", "upkeep/shop")
    assert way.spike_threshold() == 40
    assert lines(way.booked())[1::2] == [
        ("outcome", "spike_threshold", "update", "said_yes", "manage.shop.spike_threshold"),
        ("outcome", "spike_threshold", "update", "said_yes", "added by rule Acting"),
        ("outcome", "spike_threshold", "update", "said_yes", "manage.shop.spike_threshold"),
    ]


def test_a_filter_from_an_event_waits_for_a_yes_whatever_the_file_says(way: Way) -> None:
    way.do = '{ filter = "meta.ip", lasts = "7d" }'
    way.happen(ip="93.184.216.9")
    way.run("upkeep")
    assert way.town.shelf("filter") == []
    assert way.booked() == []
    assert way.waiting() == ["filter ip 93.184.216.9"]


def test_a_goal_that_is_reached_is_raised(way: Way) -> None:
    way.managed = GOAL.format(target=TARGET)
    way.run("upkeep/shop", "goals/shop")
    assert way.town.shelf("goal")[0]["visitor_goal"] == TARGET
    for days in (3, 3, 0):  # not yet, reached, and told already
        way.later(timedelta(days=days))
        way.run("goals/shop")
        way.judge()
        way.run("upkeep", "upkeep/shop")
    (goal,) = way.town.shelf("goal")
    assert goal["visitor_goal"] == TARGET * 3 // 2
    assert lines(way.booked())[1::2] == [
        ("outcome", "goal", "create", "done", "manage.shop.goal[1]"),
        ("outcome", "goal", "update", "done", "added by when_reached"),
    ]


def test_a_goal_that_pirsch_deleted_on_reaching_comes_back_with_a_higher_target(way: Way) -> None:
    way.managed = GOAL.format(target=TARGET) + "delete_reached = true"
    way.run("upkeep/shop", "goals/shop")
    shelf = way.town.simulator.account.shelves["goal"]
    (goal,) = shelf.of(way.town.domain)
    shelf.drop(goal.id)
    for _ in range(2):
        way.later(timedelta(minutes=5))
        way.run("goals/shop")
    way.judge()
    way.run("upkeep", "upkeep/shop")
    assert [one["visitor_goal"] for one in way.town.shelf("goal")] == [TARGET * 3 // 2]


@pytest.mark.parametrize("do", ['{ report = "client@example.com" }', '{ webhook = "refund" }'])
def test_a_flood_of_events_is_one_change(way: Way, do: str) -> None:
    way.do = do
    way.happen(times=25)
    way.run("upkeep", "upkeep")
    assert len(way.town.shelf("report") + way.town.shelf("webhook")) == 1
    assert len(way.booked()) == 2
