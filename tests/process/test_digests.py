"""Two processes and a digest: the one that gathers is killed in the middle, and the other tells it, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import clock, db, outbox
from bot.db import Database
from bot.facts import Digest
from bot.sandbox.pirsch import Fault, Limits, Settings, Simulator, Site, start
from bot.sandbox.slack import Slack
from tests.process.running import CONFIG, Bot, place
from tests.waiting import until

DUE = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
DIGEST = """
[pirsch]
url = "{url}"
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}

[[digest]]
name = "Daily"
schedule = "daily 08:00"
timezone = "Europe/Berlin"
sections = ["summary", "chart"]
when_usual = "full"
notify = ["sales"]
"""


@pytest.fixture
def pirsch() -> Iterator[Simulator]:
    site = Site(hostname="shop.example.com", visitors_per_day=20, incidents=())
    limits = Limits(security=None, configuration=None)
    settings = Settings(start_at=DUE + timedelta(hours=2), speed=0, days=150, sites=(site,), limits=limits)
    with start(settings) as running:
        yield running


def move(file: Path, to: datetime) -> None:
    clock.move(file, to - datetime.now(UTC))  # noqa: TID251 - by how much the real one is moved


def told(database: Database) -> list[str]:
    with database.reading() as tx:
        return [one.state for one in outbox.entries(tx) if isinstance(one.notice.content, Digest)]


def runner(database: Database, bots: list[Bot]) -> Bot | None:
    """The process that has claimed the digest."""
    with database.reading() as tx:
        asked = sa.select(db.agenda.c.owner).where(db.agenda.c.name == "digest/Daily")
        owner = tx.execute(asked).scalar_one_or_none()
    return next((bot for bot in bots if owner and owner.startswith(f"{bot.process.pid}-")), None)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_digest_whose_process_is_killed_in_the_middle_is_told_once_by_the_other(
    slack: Slack, fresh: Database, fresh_url: str, pirsch: Simulator, tmp_path: Path
) -> None:
    moved = tmp_path / "clock"
    move(moved, DUE - timedelta(seconds=60))
    user = pirsch.keys.user
    environ = {
        "PIRSCH_CLIENT_ID": user.client_id,
        "PIRSCH_CLIENT_SECRET": user.client_secret,
        clock.MOVED: str(moved),
    }
    with place(tmp_path, slack, fresh_url, CONFIG + DIGEST.format(url=pirsch.url)) as here:
        bots = [here.work(**environ), here.work(**environ)]
        for bot in bots:
            bot.wait_until_started()
        _kill_whoever_gathers(bots, fresh, pirsch, moved)
        until(lambda: told(fresh) == [outbox.SENT], within=60)
    (message,) = slack.messages("sales")
    assert "visitors on shop, 15 Nov 2026" in message.text
    assert "data_visualization" in {block["type"] for block in message.blocks}
    with fresh.reading() as tx:
        due_at = sa.select(db.agenda.c.due_at).where(db.agenda.c.name == "digest/Daily")
        assert tx.execute(due_at).scalar_one() == DUE + timedelta(days=1)


def _kill_whoever_gathers(bots: list[Bot], database: Database, pirsch: Simulator, moved: Path) -> None:
    """Let its time come while Pirsch hangs; kill the one that asks, and let what it held run out."""
    pirsch.faults.plan(Fault(method="GET", path="/statistics*", delay=timedelta(seconds=20), times=2))
    move(moved, DUE)
    until(lambda: runner(database, bots))
    gathering = runner(database, bots)
    assert gathering is not None
    assert told(database) == []
    gathering.kill()
    pirsch.faults.clear()
    with database.transaction() as tx:  # the seconds for which this test does not wait
        tx.execute(sa.update(db.leases).values(until=db.leases.c.until - 15))
        tx.execute(sa.update(db.lanes).values(leased_until=DUE - timedelta(days=1)))
        tx.execute(sa.update(db.agenda).values(claimed_until=0.0))
