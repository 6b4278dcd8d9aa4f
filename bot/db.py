"""The store: every table in one picture, and the doors to it.

SQLite by default, PostgreSQL by address; the statements are the same. SQLite has one writer, so a writing
transaction takes the write lock with its first statement; PostgreSQL has row locks, so a take says
FOR UPDATE SKIP LOCKED, which SQLAlchemy leaves out for SQLite.
"""

import importlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

Tx = sa.Connection

SCHEMA = "0001"
"""The newest migration. The running bot compares it without loading the migration tool."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware UTC instant on both stores. SQLite would give it back naive, and takes any zone silently."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # only INTEGER counts up by itself there
_Json = sa.Text  # ours to encode: both stores keep the very same bytes

# What was heard, as it came. state: kept -> done | quarantined
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", _Number, primary_key=True, autoincrement=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # what was announced or read; more than the body when cut
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="kept"),
    sa.Column("name", sa.Text),  # once it was read
    sa.Column("outcome", _Json),  # what each rule said, or why it is quarantined
    sa.Index(
        "ix_events_kept",
        "id",
        sqlite_where=sa.text("state = 'kept'"),
        postgresql_where=sa.text("state = 'kept'"),
    ),
    sa.Index(
        "ix_events_quarantined",
        "id",
        sqlite_where=sa.text("state = 'quarantined'"),
        postgresql_where=sa.text("state = 'quarantined'"),
    ),
    sa.Index("ix_events_received_at", "received_at"),
    sqlite_autoincrement=True,  # an id is never used twice, also after pruning
)

# What a rule remembers of a site between events.
memories = sa.Table(
    "memories",
    metadata,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("memory", _Json, nullable=False),
    sa.Column("due_at", Instant),  # when time alone changes its mind
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_memories_due_at", "due_at"),
)

# Once-per keys that were told, as digests: keys are written by strangers and may be long.
told_once = sa.Table(
    "told_once",
    metadata,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("key_digest", sa.LargeBinary(32), primary_key=True),
    sa.Column("told_at", Instant, nullable=False),
    sa.Index("ix_told_once_told_at", "told_at"),
)

# Lasting troubles. state: open | resolved
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("content", _Json, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Index("ix_alerts_changed_at", "changed_at"),
)

# The outbox. state: waiting -> sent | dead | diverted
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("position", _Number, primary_key=True, autoincrement=True),  # the order within a channel
    sa.Column("id", sa.Text, nullable=False, unique=True),  # goes out as Message-ID and Slack metadata
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("notice", _Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("put_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("meant_for", sa.Text),  # the closed channel that this one stands in for
    sa.Column("settled_at", Instant),
    sa.Column("receipt", sa.Text),
    sa.Column("why", sa.Text),  # the last failure, in words
    sa.Index(
        "ix_notices_waiting",
        "channel",
        "position",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index(
        "ix_notices_dead",
        "position",
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    ),
    sa.Index("ix_notices_settled_at", "settled_at"),
)

# Every try to deliver a notice.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", _Number, primary_key=True, autoincrement=True),
    sa.Column("notice_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("tried_at", Instant, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),  # sent | temporary | permanent | closed | crashed
    sa.Column("why", sa.Text),
    sa.Index("ix_attempts_notice_id", "notice_id"),
    sa.Index("ix_attempts_tried_at", "tried_at"),
)

# One row a channel: who delivers there, when the next message may go, and whether the road is closed.
lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text),
    sa.Column("leased_until", Instant, nullable=False),
    sa.Column("open_at", Instant, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("closed_why", sa.Text),
    sa.Column("remedy", sa.Text),
    sa.Column("probe_at", Instant),  # a closed road is tried again then
)

# Who may run the schedule. `term` grows with every change of hands: the fencing token.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("until", sa.Float, nullable=False),  # epoch seconds of the store's own clock
    sa.Column("term", sa.Integer, nullable=False),
    sa.Column("beat_at", Instant, nullable=False),
)


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
        connection.execute("PRAGMA journal_mode=WAL")
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
