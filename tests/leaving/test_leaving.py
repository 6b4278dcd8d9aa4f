"""Leaving a channel by the link in a mail: GET asks, POST acts, without a cookie, and the owner hears."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import clock, leaving, outbox, recipients
from bot.db import Database
from bot.deliver.owner import Owner
from bot.facts import Trouble
from bot.leaving import GOOD_FOR, Leaving
from bot.pages import Pages
from bot.signing import Signer
from bot.writing.formats import Formats

HERE = "https://bot.example.com"
SECRET = "a secret that signs links, long enough"
ADA = "ada@example.com"


@pytest.fixture
def backend() -> str:
    """SQLite: the pages vary here, not the store."""
    return "sqlite"


@dataclass(kw_only=True)
class Door:
    """The page, and what came of it."""

    database: Database
    web: FlaskClient
    woken: list[str]

    def path(self, channel: str = "owner", address: str = ADA, *, purpose: str | None = None) -> str:
        signer = Signer(SECRET, clock.now)
        if purpose is not None:
            return f"/unsubscribe/{signer.sign(purpose, [channel, address])}"
        return leaving.link(signer, HERE, channel, address).removeprefix(HERE)

    def paused(self) -> frozenset[str]:
        with self.database.reading() as tx:
            return recipients.paused(tx, "owner")

    def told(self) -> list[str]:
        with self.database.reading() as tx:
            contents = [entry.notice.content for entry in outbox.entries(tx)]
        return [content.what for content in contents if isinstance(content, Trouble)]


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    woken: list[str] = []
    app = Flask("test", static_folder=None, template_folder=None)
    page = Leaving(
        database=database,
        signer=Signer(SECRET, clock.now),
        pages=Pages([], Formats(zone=ZoneInfo("UTC"))),
        addresses={"owner": (ADA, "bob@example.com"), "sales": ()},
        owner=Owner(channel="sales"),
        clock=clock.now,
        wake=woken.extend,
    )
    app.register_blueprint(leaving.blueprint(page))
    with app.test_client() as web:
        yield Door(database=database, web=web, woken=woken)


def test_looking_does_nothing_and_asks(door: Door) -> None:
    answer = door.web.get(door.path())
    assert answer.status_code == 200
    assert ADA in answer.text
    assert '<form method="post">' in answer.text
    assert (door.paused(), door.told()) == (frozenset(), [])
    assert door.web.head(door.path()).status_code == 200
    assert door.paused() == frozenset()


def test_a_mail_program_leaves_by_one_click(door: Door) -> None:
    answer = door.web.post(door.path(), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert door.paused() == {ADA}
    assert door.told() == ["ada@example.com has unsubscribed from channel owner"]
    assert door.woken == ["sales"]


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=One-Click", b"\xff\x00", b"answer=leave"])
def test_whatever_is_posted_leaves(door: Door, body: bytes) -> None:
    assert door.web.post(door.path(), data=body).status_code == 200
    assert door.paused() == {ADA}


def test_twice_is_once(door: Door) -> None:
    for _ in range(2):
        assert door.web.post(door.path()).status_code == 200
    assert len(door.told()) == 1


def test_a_mistake_can_be_taken_back(door: Door) -> None:
    door.web.post(door.path())
    answer = door.web.post(door.path(), data={"answer": "again"})
    assert "You get these mails again" in answer.text
    assert door.paused() == frozenset()


def test_who_was_refused_by_a_server_cannot_come_back_by_a_link(door: Door) -> None:
    with door.database.transaction() as tx:
        recipients.pause(tx, "owner", ADA, recipients.REFUSED, "550", clock.now())
    door.web.post(door.path(), data={"answer": "again"})
    assert door.paused() == {ADA}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_ours_leads_nowhere(door: Door, method: str) -> None:
    for path in (
        "/unsubscribe/x",
        f"/unsubscribe/{'x' * 3000}",
        door.path() + "x",
        door.path(purpose="approve"),
        door.path(channel="nobody"),
        door.path(address="gone@example.com"),
    ):
        answer = getattr(door.web, method)(path)
        assert answer.status_code == 404
        assert "leads nowhere" in answer.text
    assert door.paused() == frozenset()


def test_old_mails_have_links_too(door: Door) -> None:
    for age, status in ((GOOD_FOR - timedelta(minutes=1), 200), (GOOD_FOR + timedelta(minutes=1), 404)):
        then = clock.now() - age
        link = leaving.link(Signer(SECRET, lambda then=then: then), HERE, "owner", ADA)  # type: ignore[misc]
        assert door.web.get(link.removeprefix(HERE)).status_code == status


def test_the_page_runs_nothing_and_is_kept_by_nobody(door: Door) -> None:
    headers = door.web.get(door.path()).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_body_that_is_too_long_is_refused(door: Door) -> None:
    assert door.web.post(door.path(), data={"answer": "x" * 100_000}).status_code == 413
    assert door.paused() == frozenset()
