"""What a running process says of itself, and what it does when its ground is missing."""

import resource
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from bot import events, migrations
from bot.app import EPHEMERAL
from bot.db import Database
from bot.sandbox.slack import Slack
from tests.postgresql import server
from tests.process.running import CONFIG, TOKEN, Bot, place
from tests.waiting import SOON

ORDER = b'{"event_name": "purchase"}'


def post(bot: Bot, body: bytes = ORDER) -> int:
    return requests.post(bot.hook, body, timeout=25).status_code


def test_a_new_clone_needs_no_set_up_and_stops_cleanly(tmp_path: Path, slack: Slack) -> None:
    with place(tmp_path, slack, f"sqlite:///{tmp_path / 'new' / 'bot.sqlite3'}") as here:
        bot = here.serve()
        bot.wait_until_started()
        assert post(bot) == 204
        slack.wait_for(1, SOON, "sales")
        found = bot.ready()
        assert (found["status"], found["ready"], found["warnings"]) == (200, True, [])
        with requests.Session() as open_connection:  # a kept-alive connection must not hold it up
            open_connection.get(f"{bot.url}/healthz", timeout=30)
            began = time.monotonic()
            assert bot.terminate() == 0
            assert time.monotonic() - began < 15
        assert TOKEN not in bot.log


def test_sqlite_on_a_dyno_is_said_in_the_log_in_readyz_and_in_the_first_message(
    tmp_path: Path, slack: Slack
) -> None:
    with place(tmp_path, slack, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as here:
        bot = here.serve(DYNO="web.1")
        bot.wait_until_started()
        (message,) = slack.wait_for(1, SOON, "owner")
        assert bot.ready()["warnings"] == [EPHEMERAL]
        assert [line["level"] for line in bot.lines(EPHEMERAL)] == ["critical"]
        assert "What the bot remembers is lost at every restart" in message.text


@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_tables_nothing_is_kept_and_readyz_says_what_is_missing(
    tmp_path: Path, slack: Slack, blank_url: str
) -> None:
    """A release phase that did not run: the process is alive, and well as soon as the tables are there."""
    with place(tmp_path, slack, blank_url) as here, closing(Database(blank_url)) as database:
        bot = here.serve()
        bot.wait_until_alive()
        found = bot.ready()
        assert (found["status"], found["ready"]) == (503, False)
        assert "pirsch-bot db upgrade" in found["checks"]["migrations"]
        assert post(bot) == 503
        migrations.upgrade(database)
        bot.wait_until_started()
        assert post(bot) == 204
        slack.wait_for(1, SOON, "sales")
        assert bot.ready()["ready"]
        assert bot.terminate() == 0


def test_a_database_that_is_away_at_the_start_and_at_the_end(tmp_path: Path, slack: Slack) -> None:
    """The platform would restart a process that ends, each time later than the time before."""
    with server() as running, place(tmp_path, slack, running.get_uri()) as here:
        with closing(Database(running.get_uri())) as database:
            migrations.upgrade(database)
        running.stop()
        bot = here.serve()
        bot.wait_until_alive()
        assert bot.ready()["checks"] == {"database": "not reachable"}
        assert post(bot) == 503
        running.ensure_postgres_running()
        bot.wait_until_started()
        assert post(bot) == 204
        slack.wait_for(1, SOON, "sales")
        running.stop()
        assert post(bot) == 503
        assert bot.ready()["status"] == 503
        assert requests.get(f"{bot.url}/healthz", timeout=30).status_code == 200
        assert bot.terminate() == 0


def test_a_full_disk_is_answered_with_503_and_loses_nothing(tmp_path: Path, slack: Slack) -> None:
    path = tmp_path / "bot.sqlite3"
    with (
        place(tmp_path, slack, f"sqlite:///{path}") as here,
        closing(Database(f"sqlite:///{path}")) as database,
    ):
        migrations.upgrade(database)

        def small_disk() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

        bot = here.serve(before=small_disk, BOT_ROLES="web")
        bot.wait_until_alive()
        said = [post(bot, bytes([number]) * 100_000) for number in range(12)]
        assert said[0] == 204
        assert said[-1] == 503
        with database.reading() as tx:
            kept = [one.body[0] for one in events.seen(tx)][::-1]
        assert kept == [number for number, status in enumerate(said) if status == 204]
        assert requests.get(f"{bot.url}/healthz", timeout=30).status_code == 200
        assert "event not kept" in bot.log


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_mistake_in_the_config_ends_the_process_with_words(
    tmp_path: Path, slack: Slack, command: str
) -> None:
    config = CONFIG.replace('notify = ["sales"]', 'notify = ["sale"]')
    with place(tmp_path, slack, f"sqlite:///{tmp_path / 'bot.sqlite3'}", config) as here:
        bot: Bot = getattr(here, command)()
        assert bot.process.wait(SOON.total_seconds()) != 0
        assert 'there is no channel "sale"' in bot.log
        assert bot.log.count('there is no channel "sale"') == 1


def test_an_unknown_role_ends_the_process_with_words(tmp_path: Path, slack: Slack) -> None:
    with place(tmp_path, slack, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as here:
        bot = here.serve(BOT_ROLES="web,wroker")
        assert bot.process.wait(SOON.total_seconds()) != 0
        assert "it takes web, worker, or both" in bot.log
