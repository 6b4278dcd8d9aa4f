"""`jobs` and `why`: the whole program on a config, a store and a simulated Pirsch."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import migrations
from bot.cli import main
from bot.db import Database
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start

CONFIG = """
[pirsch]
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"

[mail]
host = "127.0.0.1"
port = 9
security = "none"
sender = "bot@example.com"

[channel.owner]
type = "mail"
to = ["owner@example.com"]

[[watch]]
name = "Visitors"
look = "visitors"
notify = ["owner"]

[[watch]]
name = "Too soon"
look = "silence"
silent_for = "1h"
notify = ["owner"]

[[watch]]
name = "Crowd"
look = "active"
above = 100000
notify = ["owner"]
"""
Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    site = Site(hostname="shop.example.com", visitors_per_day=30, incidents=())
    now = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251 - the program's own time is the real one
    with start(Settings(start_at=now, days=120, sites=(site,), limits=Limits(security=None))) as running:
        yield running


@pytest.fixture
def ask(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    user = simulator.keys.user
    monkeypatch.setenv("PIRSCH_CLIENT_ID", user.client_id)
    monkeypatch.setenv("PIRSCH_CLIENT_SECRET", user.client_secret)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(url=simulator.url))
    database = Database(f"sqlite:///{tmp_path / 'pirsch-bot.sqlite3'}")
    migrations.upgrade(database)
    database.close()

    def asked(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--config", str(config)])

    return asked


def test_jobs_run_now_by_name_or_by_watch_and_are_listed_with_what_they_saw(ask: Ask) -> None:
    ran = ask("jobs", "run", "Crowd")
    assert ran.exit_code == 0, ran.output
    assert ran.output.startswith("watch/shop/5m: Crowd: inside the limit (")
    assert (
        ask("jobs", "run", "watch/shop/20m").output
        == "watch/shop/20m: Visitors: history too short. Too soon: history too short.\n"
    )
    assert ask("jobs", "run", "history/shop").output == "history/shop: 55 days fetched.\n"
    assert "Visitors: usual (" in ask("jobs", "run", "Visitors").output
    listed = ask("jobs").output
    for name in ("watch/shop/5m", "watch/shop/20m", "history/shop"):
        assert name in listed
    assert "The watches ask about 15 times an hour." in listed


def test_who_is_unknown_is_told_what_is_near(ask: Ask) -> None:
    refused = ask("jobs", "run", "Visitor")
    assert refused.exit_code == 2
    assert 'did you mean "Visitors"?' in refused.output


def test_why_tells_each_step_also_when_nothing_was_said(ask: Ask) -> None:
    assert "nothing is kept that is so old" in ask("why", "Visitors").output
    ask("jobs", "run", "history/shop")
    ask("jobs", "run", "Visitors")
    said = ask("why", "Visitors")
    assert said.exit_code == 0, said.output
    for word in (
        "ok, usual",
        "Read",
        "grace of 35 min",
        "from 56 days",
        "Judged",
        "by chance",
        "Spell",
        "Told",
    ):
        assert word in said.output
    assert "nothing to decide" in said.output
    assert "nothing is kept that is so old" in ask("why", "Visitors", "--at", "1h").output
    assert ask("why", "Visitors", "--site", "blog").exit_code == 2
    assert ask("why", "Visitor").exit_code == 2


def test_why_names_the_days_that_are_not_like_others(ask: Ask, simulator: Simulator, tmp_path: Path) -> None:
    today = simulator.clock().date()
    with (tmp_path / "config.toml").open("a") as config:
        days = f"{today - timedelta(days=1)} to {today + timedelta(days=1)}"  # in whatever zone the site is
        config.write(f'\n[[occasion]]\nname = "Sale"\ndays = ["{days}"]\n')
    ask("jobs", "run", "history/shop")
    ask("jobs", "run", "Visitors")
    said = ask("why", "Visitors").output
    assert "  Occasion  Sale" in said
    assert "from 55 days" in said  # yesterday was left out


def test_check_says_which_watch_can_never_see_anything_once_the_hours_are_there(ask: Ask) -> None:
    assert "no news" not in ask("check").output
    ask("jobs", "run", "history/shop")
    assert "“Too soon”: 1 h without anybody are no news on shop; " in ask("check").output


def test_the_doctor_counts_the_calls(ask: Ask) -> None:
    assert "the watches ask about 15 times an hour" in ask("doctor").output


def test_a_limit_is_shown_with_its_number(ask: Ask) -> None:
    ask("jobs", "run", "Crowd")
    assert "against the limit of 100,000" in ask("why", "Crowd").output
