"""/healthz and /readyz in every state the bot can be in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import db, health, leases, outbox
from bot.db import Database
from bot.jobs import LEAD
from bot.leases import SCHEDULE
from bot.outbox import Attempt, Claimed
from tests.spine.making import body, hear, judges
from tests.stores.making import NOON, at, keep, notice


@contextmanager
def asked(database: Database, now: datetime = NOON, *warnings: str) -> Iterator[FlaskClient]:
    app = Flask("test")
    app.register_blueprint(health.pages(database, lambda: now, lambda: list(warnings)))
    with app.test_client() as client:
        assert client.get("/healthz").get_data() == b"ok\n"  # alive, whatever else
        yield client


def ready(database: Database, now: datetime = NOON, *warnings: str) -> dict[str, Any]:
    with asked(database, now, *warnings) as client:
        answer = client.get("/readyz")
    found: dict[str, Any] = answer.get_json()
    assert answer.status_code == (200 if found["ready"] else 503)
    return found


def beat(database: Database, at: datetime = NOON) -> None:
    with database.transaction() as tx:
        leases.lead(tx, SCHEDULE, "me", 60.0, at)


def put(database: Database, at: datetime = NOON) -> None:
    with database.transaction() as tx:
        outbox.put(tx, ["sales"], notice(), at)


def test_all_is_well(database: Database) -> None:
    beat(database)
    hear(database, judges(told=None), body(), b"rubbish")
    keep(database, body())
    assert ready(database) == {
        "ready": True,
        "warnings": [],
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "scheduler": "ok",
            "oldest_waiting_notice_seconds": None,
            "notices": {"waiting": 0, "dead": 0},
            "events": {"kept": 1, "quarantined": 1},
        },
    }


def test_without_tables(blank: Database) -> None:
    found = ready(blank)
    assert not found["ready"]
    assert found["checks"]["migrations"] == f"at nothing, {db.SCHEMA} is needed: pirsch-bot db upgrade"


def test_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "gone.sqlite3").mkdir()
    for url in (f"sqlite:///{tmp_path / 'gone.sqlite3'}", f"postgresql://u:geheim@/x?host={tmp_path}"):
        database = Database(url)
        assert ready(database) == {"ready": False, "warnings": [], "checks": {"database": "not reachable"}}
        database.close()


def test_nobody_ever_ran_the_schedule(database: Database) -> None:
    found = ready(database)
    assert (found["ready"], found["checks"]["scheduler"]) == (False, "no process runs the schedule")


@pytest.mark.parametrize(
    ("seconds", "well"), [(0, True), (3 * LEAD, True), (3 * LEAD + 1, False), (-60, True)]
)
def test_the_schedule_is_silent(database: Database, seconds: float, well: bool) -> None:
    beat(database)
    assert ready(database, at(seconds))["ready"] is well


@pytest.mark.parametrize(("seconds", "warns"), [(0, False), (600, False), (601, True)])
def test_a_notice_waits_for_long(database: Database, seconds: float, warns: bool) -> None:
    put(database)
    beat(database, at(seconds))
    found = ready(database, at(seconds))
    assert found["ready"]  # a far side that is away is no reason to restart us
    assert found["checks"]["oldest_waiting_notice_seconds"] == seconds
    assert bool(found["warnings"]) is warns


def test_a_channel_is_closed(database: Database) -> None:
    beat(database)
    put(database)
    with database.transaction() as tx:
        claimed = outbox.claim(tx, "sales", "me", NOON, timedelta(seconds=20))
        assert isinstance(claimed, Claimed)
        refused = Attempt(tried_at=NOON, seconds=0, outcome="closed", why="Slack refuses #sales")
        outbox.close(tx, claimed, refused, "Invite the bot to #sales.", at(1800), at(1800), gives_up=True)
    found = ready(database)
    assert (found["ready"], found["warnings"]) == (True, ["a channel is closed: pirsch-bot outbox lanes"])
    assert found["checks"]["notices"] == {"waiting": 0, "dead": 1}


def test_what_the_process_warns_of_is_shown(database: Database) -> None:
    beat(database)
    assert ready(database, NOON, "The store is SQLite on a dyno")["warnings"] == [
        "The store is SQLite on a dyno"
    ]


def test_the_pages_are_open_to_everybody_and_name_nobody(database: Database) -> None:
    beat(database)
    put(database)
    hear(database, judges(told="boss"), b"rubbish")
    with asked(database) as client:
        text = client.get("/readyz").get_data(as_text=True)
    assert not [word for word in ("sales", "shop", "boss", str(database.url.database)) if word in text]


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_looking_is_all_that_one_can_do(database: Database, page: str) -> None:
    with asked(database) as client:
        assert client.post(page).status_code == 405
        assert client.head(page).get_data() == b""
