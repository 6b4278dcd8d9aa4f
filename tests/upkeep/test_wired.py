"""The settings reach the parts: a rule's wish, the jobs over a simulated Pirsch, the page, the commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot import errands, events, pipeline
from bot.app import build, create_app
from bot.cli import main
from bot.facts import Deed
from bot.jobs import Runner
from bot.manage import ledger
from bot.settings import BadSettings, Settings, read
from bot.upkeep import additions, proposals
from tests.manage.keeping import NOON, SHOP, Town

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
name = "Login"
event = "admin login"
notify = ["owner"]
do = {{ filter = "meta.ip", lasts = "7d", at_most = 2 }}

[manage.shop]
mode = "approve"
spike_threshold = "auto"
warning_days = "auto"
filter = []

[[manage.shop.goal]]
name = "Signup"
event = "signup"
visitors = 500
when_reached = {{ raise_by = "20%" }}
"""


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def environ(town: Town, store_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    keys = town.simulator.keys.user
    found = {
        "LINKS": "a secret that signs links, long enough",
        "ID": keys.client_id,
        "SECRET": keys.client_secret,
        "TOKEN": "a-token-that-nobody-guesses",
        "HOOK": "https://hooks.slack.com/services/x",
        "DATABASE_URL": store_url,
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def text(town: Town) -> str:
    return FILE.format(url=town.simulator.url, host=SHOP)


@pytest.fixture
def settings(text: str, environ: dict[str, str]) -> Settings:
    return read(text, environ)


def hear(town: Town, settings: Settings, **meta: str) -> None:
    house = build(settings)
    body = json.dumps({"event_name": "admin login", "event_meta": meta}).encode()
    house.keeper.keep(events.Arrival(site="shop", body=body, size=len(body), received_at=NOON))
    with town.database.transaction() as tx:
        pipeline.judge_events(tx, house.judges, NOON, 10)
    house.stop()


def test_an_event_asks_for_a_filter_in_its_own_transaction(town: Town, settings: Settings) -> None:
    for number in range(5):
        hear(town, settings, ip=f"93.184.216.{number}")
    hear(town, settings, ip="0.0.0.0/0")
    hear(town, settings)
    with town.database.reading() as tx:
        asked = errands.waiting(tx, 10)
    assert [(one.deed, one.subject, one.from_event) for one in asked] == [
        (Deed.FILTER, "93.184.216.0", True),
        (Deed.FILTER, "93.184.216.1", True),
    ]


def test_the_jobs_run_over_pirsch_and_the_page_asks(town: Town, settings: Settings) -> None:
    hear(town, settings, ip="93.184.216.9")
    house = build(settings)
    every = house.upkeep.jobs(house.sites)
    runner = Runner(town.database, every, house.lanes, house.upkeep.now, "test")
    with town.database.transaction() as tx:
        runner.plan(tx, house.upkeep.now())
    said = {
        name: runner.run_now(name) for name in ("upkeep", "upkeep/shop", "thresholds/shop", "suspects/shop")
    }
    assert all(one is not None and not one.failed for one in said.values()), said
    with town.database.reading() as tx:
        waiting = proposals.latest(tx, 10, waiting=True)
        advice = [one.key for one in additions.standing(tx, house.upkeep.now(), "shop")]
    assert {one.draft.about for one in waiting} == {"filter ip 93.184.216.9", "the file"}
    assert sorted(advice) == ["spike_threshold", "warning_days"]
    links = house.upkeep.links
    assert links is not None
    path = links.to(waiting[0], "owner").removeprefix("https://bot.example.com")
    app = create_app(settings)
    page = app.test_client().get(path)
    assert page.status_code == 200
    assert "Yes, do it" in page.text
    app.extensions["house"].stop()
    house.stop()


def test_the_commands_list_approve_and_undo(
    town: Town, settings: Settings, text: str, tmp_path: Path
) -> None:
    hear(town, settings, ip="93.184.216.9")
    config = tmp_path / "config.toml"
    config.write_text(text)

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, [*words, "--config", str(config)], catch_exceptions=False)

    house = build(settings)
    runner = Runner(town.database, house.upkeep.jobs(house.sites), house.lanes, house.upkeep.now, "test")
    with town.database.transaction() as tx:
        runner.plan(tx, house.upkeep.now())
    runner.run_now("upkeep")
    house.stop()
    assert "93.184.216.9" in run("proposals").output
    with town.database.reading() as tx:
        (one,) = proposals.latest(tx, 5, waiting=True)
    done = run("approve", one.id, "--yes")
    assert done.exit_code == 0, done.output
    assert [found["filter"] for found in town.shelf("filter")] == ["93.184.216.9"]
    again = run("approve", one.id, "--yes")
    assert again.exit_code == 1
    assert "somebody else has decided" in again.output
    assert "ip 93.184.216.9" in run("additions").output
    with town.database.reading() as tx:
        number = ledger.entries(tx, site="shop", most=1)[0].id
    undone = run("undo", str(number))
    assert undone.exit_code == 0, undone.output
    assert town.shelf("filter") == []
    assert "Nothing is wanted beyond the file." in run("additions").output
    assert "no entry 9999" in run("undo", "9999").output


@pytest.mark.parametrize(
    ("do", "says"),
    [
        ("{}", "exactly one of"),
        ('{ filter = "meta.ip", webhook = "x" }', "exactly one of"),
        ('{ filter = "0.0.0.0/0" }', "the meta that holds an address"),
        ('{ filter = "meta.ip", by = "5%" }', "by goes with raise_goal"),
        ('{ raise_goal = "Signup" }', "raise_goal needs by"),
        ('{ raise_spike_threshold = "lots" }', "a share is needed"),
        ('{ raise_spike_threshold = "0%" }', "more than 0%"),
        ('{ report = "nobody" }', "mail address"),
        ('{ webhook = "x", at_most = 0 }', "at_most"),
    ],
)
def test_a_wrong_wish_is_said(text: str, environ: dict[str, str], do: str, says: str) -> None:
    wrong = text.replace('{ filter = "meta.ip", lasts = "7d", at_most = 2 }', do)
    assert wrong != text
    with pytest.raises(BadSettings) as bad:
        read(wrong, environ)
    assert any(says in line for line in bad.value.lines())


def test_a_filter_is_made_of_one_event(text: str, environ: dict[str, str]) -> None:
    wrong = text.replace('event = "admin login"', 'event = "admin login"\ncollect = "5m"')
    with pytest.raises(BadSettings) as bad:
        read(wrong, environ)
    assert any("a filter is made from a single event" in line for line in bad.value.lines()), list(
        bad.value.lines()
    )
