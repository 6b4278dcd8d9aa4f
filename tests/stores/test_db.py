"""The doors to the store."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot import db, events
from bot.db import Database
from bot.events import Arrival
from tests.stores.making import NOON, keep


def _stumble(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(sa.insert(db.told_once).values(rule="r", site="s", key_digest=b"k", told_at=NOON))
        raise ZeroDivisionError


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _stumble(database)
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(db.told_once)).scalar() == 0


def test_what_is_written_while_looking_is_taken_back(database: Database) -> None:
    with database.reading() as tx:
        try:
            tx.execute(sa.insert(db.told_once).values(rule="r", site="s", key_digest=b"k", told_at=NOON))
        except sa.exc.DBAPIError:
            tx.rollback()  # a store may also refuse it
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(db.told_once)).scalar() == 0


def test_a_reader_sees_one_moment_and_holds_up_nobody(database: Database) -> None:
    keep(database, b"1")
    with database.reading() as tx:
        before = events.counts(tx)
        keep(database, b"2", b"3")
        assert events.counts(tx) == before == {"kept": 1}
    with database.reading() as tx:
        assert events.counts(tx) == {"kept": 3}


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    tokyo = timezone(timedelta(hours=9))
    at = datetime(2026, 11, 14, 21, 30, 15, 123456, tzinfo=tokyo)
    keep(database, b"", at=at)
    with database.reading() as tx:
        (seen,) = events.seen(tx)
    assert seen.received_at == at
    assert seen.received_at.utcoffset() == timedelta(0)
    assert seen.received_at.tzinfo is UTC or str(seen.received_at.tzinfo) == "UTC"


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 14, 12, 0)  # noqa: DTZ001 - the mistake that is refused
    shelf = events.shelf(database)
    with pytest.raises(ValueError, match="without a time zone"):
        events.keep(shelf, [Arrival(site="shop", body=b"", size=0, received_at=naive)])
    shelf.close()
    with database.transaction() as tx, pytest.raises(sa.exc.StatementError, match="without a time zone"):
        tx.execute(sa.insert(db.told_once).values(rule="r", site="s", key_digest=b"k", told_at=naive))


def test_writers_take_turns(database: Database) -> None:
    """Read, think, write: without the lock of the first statement one of two would be lost."""
    with database.transaction() as tx:
        tx.execute(
            sa.insert(db.leases).values(name="n", owner="o", until=0.0, term=0, beat_at=NOON),
        )

    def count_up() -> None:
        for _ in range(25):
            with database.transaction() as tx:
                term = tx.execute(sa.select(db.leases.c.term).with_for_update()).scalar_one()
                tx.execute(sa.update(db.leases).values(term=term + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as tx:
        assert tx.execute(sa.select(db.leases.c.term)).scalar_one() == 100


@pytest.mark.parametrize(
    ("written", "backend_name"),
    [
        ("postgres://u:geheim@host/bot", "postgresql"),
        ("postgresql://u:geheim@host/bot?sslmode=require", "postgresql"),
        ("postgresql+psycopg://u:geheim@host/bot", "postgresql"),
        ("sqlite:////tmp/x.sqlite3", "sqlite"),
    ],
)
def test_an_address_is_read_as_hosts_write_it(written: str, backend_name: str) -> None:
    url = db.address(written)
    assert url.get_backend_name() == backend_name
    assert "geheim" not in str(url)


@pytest.mark.parametrize(
    "written", ["mysql://u:geheim@host/bot", "geheim", "", "postgresql+asyncpg://geheim"]
)
def test_another_address_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(ValueError, match=r"address|supported") as caught:
        db.address(written)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("written", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_store_in_memory_is_refused(written: str) -> None:
    """Each of our connections would see a store of its own."""
    with pytest.raises(ValueError, match="needs a file"):
        db.address(written)


def test_a_store_shows_no_password() -> None:
    database = Database("postgres://u:geheim@host/bot")
    assert "geheim" not in repr(database)
    database.close()
