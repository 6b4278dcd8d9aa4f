"""How the store comes to look as it does: twice, at the same time, beside people at work."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot import db, events, migrations
from bot.db import Database
from tests.stores.making import NOON, keep


def schema(database: Database) -> str | None:
    with database.reading() as tx:
        return db.schema(tx)


def test_the_first_time_makes_the_tables_and_the_second_finds_them(blank: Database) -> None:
    assert schema(blank) is None
    assert migrations.upgrade(blank) is True
    assert schema(blank) == db.SCHEMA
    keep(blank, b"old data")
    assert migrations.upgrade(blank) is False
    with blank.reading() as tx:
        assert [one.body for one in events.seen(tx)] == [b"old data"]


def test_the_steps_make_what_the_program_expects(blank: Database) -> None:
    migrations.upgrade(blank)
    with blank.transaction() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_steps_make_the_indexes_with_their_conditions(blank: Database) -> None:
    """The comparison above does not look at them, and without them every look at the queue reads it all."""
    migrations.upgrade(blank)
    catalogue = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
        if blank.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    with blank.reading() as tx:
        made = {row[0]: row[1] for row in tx.execute(sa.text(catalogue))}
    for index in ("ix_events_kept", "ix_notices_waiting"):
        assert " WHERE " in made[index]


def test_the_program_knows_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [db.SCHEMA]


def test_two_threads_at_the_same_time(blank_url: str) -> None:
    together = threading.Barrier(2)

    def run(_: int) -> bool:
        database = Database(blank_url)
        together.wait()
        try:
            return migrations.upgrade(database)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [False, True]


def _upgrade(url: str) -> bool:
    database = Database(url)
    try:
        return migrations.upgrade(database)
    finally:
        database.close()


def test_two_processes_at_the_same_time(blank_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert sorted(pool.map(_upgrade, [blank_url] * 2)) == [False, True]


def test_beside_somebody_who_reads_and_somebody_who_writes(blank: Database, blank_url: str) -> None:
    """The old code still runs while the release phase migrates for the new."""
    with blank.transaction() as tx:
        tx.execute(sa.text("CREATE TABLE older (number INTEGER)"))
    count, write = sa.text("SELECT count(*) FROM older"), sa.text("INSERT INTO older VALUES (1)")
    writing, written, releasing = threading.Event(), threading.Event(), Database(blank_url)

    def old_code() -> None:
        with blank.transaction() as tx:
            tx.execute(write)
            writing.set()
            written.wait(0.3)

    writer = threading.Thread(target=old_code)
    with blank.reading() as tx:
        assert tx.execute(count).scalar() == 0
        writer.start()
        writing.wait(5)
        assert migrations.upgrade(releasing) is True
        assert tx.execute(count).scalar() == 0
    written.set()
    writer.join(5)
    with blank.transaction() as tx:
        tx.execute(write)
        assert tx.execute(count).scalar() == 2
        assert db.schema(tx) == db.SCHEMA
    releasing.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(blank: Database) -> None:
    with blank.transaction() as tx:
        tx.execute(sa.text("CREATE TABLE events (something_else INTEGER)"))
        tx.execute(sa.text("INSERT INTO events VALUES (17)"))
    with pytest.raises(sa.exc.DBAPIError):
        migrations.upgrade(blank)
    with blank.reading() as tx:
        assert sa.inspect(tx).get_table_names() == ["events"]
        assert tx.execute(sa.text("SELECT something_else FROM events")).scalars().all() == [17]


def test_a_store_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").mkdir()
    for url in (f"sqlite:///{tmp_path / 'store.sqlite3'}", f"postgresql://u@/x?host={tmp_path}"):
        database = Database(url)
        with pytest.raises(sa.exc.OperationalError):
            migrations.upgrade(database)
        database.close()


def test_old_data_is_of_use_to_the_new_program(blank: Database) -> None:
    """Rows that step 0001 made, written by hand as the first release wrote them."""
    migrations.upgrade(blank)
    with blank.transaction() as tx:
        tx.execute(
            sa.text(
                "INSERT INTO events (site, body, size, received_at, state, name, outcome)"
                " VALUES ('shop', :body, 2, :at, 'done', 'purchase', '[[\"Big\", \"told\"]]')"
            ).bindparams(sa.bindparam("at", NOON, type_=db.Instant()), body=b"{}")
        )
    with blank.reading() as tx:
        (seen,) = events.seen(tx)
    assert [(rule, reason.value) for rule, reason in seen.verdicts] == [("Big", "told")]
    assert seen.received_at == NOON
