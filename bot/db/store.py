"""The doors to the store.

SQLite by default, PostgreSQL by address; the statements are the same. SQLite has one writer, so a writing
transaction takes the write lock with its first statement; PostgreSQL has row locks, so a take says
FOR UPDATE SKIP LOCKED, which SQLAlchemy leaves out for SQLite.
"""

import importlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Tx = sa.Connection

SCHEMA = "0006"
"""The newest migration. The running bot compares it without loading the migration tool."""

WAL_TRIES = 100


class Database:
    """The doors: `transaction` to write, `keeping` to write what must survive a power cut, `reading`.

    On SQLite `keeping` waits for the disk (synchronous=FULL). `transaction` does not: its commits survive a
    killed process, and the write-ahead log keeps their order behind what was kept, so a power cut can only
    take back work that is done again from the kept events.
    """

    def __init__(self, url: str) -> None:
        self.url = address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._engine = _sqlite_engine(self.url, "NORMAL")
            self._keeper = _sqlite_engine(self.url, "FULL")
            self._look: dict[str, Any] = {"looking": True}
        else:
            self._engine = self._keeper = _postgresql_engine(self.url)
            self._look = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        # SQLite's own waiting sleeps and polls; writers of one process queue here instead.
        self._writer: threading.Lock | None = threading.Lock() if self.is_sqlite else None

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)})"

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Write; commit at the end of the block, roll back when it raises."""
        with self.in_line(), self._engine.begin() as tx:
            yield tx

    @contextmanager
    def keeping(self) -> Iterator[Tx]:
        """Write durably: when the block is left without an error, a power cut takes nothing of it."""
        with self.in_line(), self._keeper.begin() as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Look at one moment of the store without holding up a writer. Writes are refused or rolled back."""
        with self._engine.connect().execution_options(**self._look) as tx:
            yield tx

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()
        self._keeper.dispose()

    @property
    def dialect(self) -> sa.Dialect:
        """Which of the two stores it is, for those who write their own statement."""
        return self._engine.dialect

    def durable_connection(self) -> sa.PoolProxiedConnection:
        """Return a driver's connection whose commits wait for the disk, for `Appender`."""
        return self._keeper.raw_connection()

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Wait for the other writers of this process, where there can be only one."""
        if self._writer is None:
            yield
        else:
            with self._writer:
                yield


def address(url: str) -> sa.URL:
    """Read a store's address; `postgres://`, as Heroku writes it, means PostgreSQL by psycopg.

    Raises ValueError for anything but SQLite and PostgreSQL; the error does not repeat the address, which
    holds a password.
    """
    try:
        read = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError("this is not a database address") from None
    if read.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return read.set(drivername="postgresql+psycopg")
    if read.drivername == "sqlite":
        if read.database in (None, "", ":memory:"):
            raise ValueError("a SQLite store needs a file: sqlite:///pirsch-bot.sqlite3")
        return read
    raise ValueError(f"{read.drivername!r} is not supported; sqlite:///… and postgres://… are")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. SQLite does not wait its turn for this when two come to a new file."""
    for tries_left in reversed(range(WAL_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(0.05)
        else:
            return


def _sqlite_engine(url: sa.URL, synchronous: str) -> sa.Engine:
    Path(url.database or "").expanduser().resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        connect_args={"timeout": 10, "check_same_thread": False},
        pool_size=5,
        max_overflow=40,
        hide_parameters=True,  # what strangers and customers wrote does not belong into the log
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy begins; sqlite3 must not
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(tx: Tx) -> None:
        # sqlite3 opens no transaction before a SELECT, and SQLite has no FOR UPDATE. Without the write lock
        # from the first statement on, two workers would take the same row.
        tx.exec_driver_sql("BEGIN" if tx.get_execution_options().get("looking") else "BEGIN IMMEDIATE")

    return engine


_LIVELY = {
    "connect_timeout": 5,
    # A connection that died without a word is noticed within half a minute, not after a quarter of an hour.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_size=5,
        max_overflow=5,  # small plans allow 20 connections, and two dynos overlap at every restart
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_LIVELY | {"options": "-c statement_timeout=30000 -c timezone=UTC"},
    )


def insert_missing(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; leave those alone whose key exists."""
    tx.execute(_insert_or_skip(tx, table), rows)


def insert_if_new(tx: Tx, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Insert a row. Return False when its key exists; that row is left alone."""
    # Of an insert the number of rows is not kept unless one asks, and psycopg cannot tell it later.
    insert = _insert_or_skip(tx, table).values(row).execution_options(preserve_rowcount=True)
    return tx.execute(insert).rowcount == 1


def insert_or_replace(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all with the same columns; one whose key exists is replaced."""
    tx.execute(_insert_or_replace(tx.dialect.name, table, tuple(rows[0])), rows)


@cache  # building it takes longer than running it
def _insert_or_replace(dialect_name: str, table: sa.Table, columns: tuple[str, ...]) -> sa.Insert:
    dialect = importlib.import_module(f"sqlalchemy.dialects.{dialect_name}")
    insert: Any = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert.excluded[name] for name in columns if name not in keys}
    statement: sa.Insert = insert.on_conflict_do_update(index_elements=keys, set_=given)
    return statement


def _insert_or_skip(tx: Tx, table: sa.Table) -> sa.Insert:
    # The engine has loaded its own dialect. Importing both would take a tenth of the time to start.
    dialect = importlib.import_module(f"sqlalchemy.dialects.{tx.dialect.name}")
    statement: sa.Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement


def count_by_state(tx: Tx, table: sa.Table, states: Sequence[str]) -> dict[str, int]:
    """Count the rows in some states, each by the partial index that holds only those."""
    return {
        state: tx.execute(
            sa.select(sa.func.count())
            .select_from(table)
            # Written out: with a parameter the planner cannot know that a partial index fits.
            .where(table.c.state == sa.literal(state, literal_execute=True))
        ).scalar_one()
        for state in states
    }


def schema(tx: Tx) -> str | None:
    """Return the migration that the store is at, or None when it has none."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


class _StoreNow(FunctionElement[float]):
    """Written differently on each store, so that a statement with it need not be built anew for each."""

    type = sa.Float()
    inherit_cache = True


@compiles(_StoreNow, "sqlite")
def _sqlite_now(_element: _StoreNow, _compiler: object, **_options: object) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_StoreNow, "postgresql")
def _postgresql_now(_element: _StoreNow, _compiler: object, **_options: object) -> str:
    return "extract(epoch FROM clock_timestamp())::float8"


STORE_NOW: sa.ColumnElement[float] = _StoreNow()
"""The store's own clock, in epoch seconds, for a statement: processes' clocks may differ."""
