"""What every test may ask for: a store, on SQLite and on PostgreSQL, and a world that ends at loopback."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import sqlalchemy as sa

from bot import db, migrations
from bot.db import Database
from tests.postgresql import Cluster, cluster

if TYPE_CHECKING:
    from playwright.sync_api import Browser

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak to loopback directly, whatever the machine's environment says."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set the process's log up; what they set must not reach the next test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A running PostgreSQL. Skips where none can run; in CI that is a failure."""
    unable = pytest.fail if os.environ.get("CI") else pytest.skip
    with cluster(unable) as running:
        yield running


@pytest.fixture(scope="session")
def emptied(postgresql: Cluster) -> str:
    """The address of one migrated database that the tests use one after the other."""
    return postgresql.fresh()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which store a test runs on: each test that asks runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real browser. One for all: a process can drive no second one beside it."""
    from tests.browser import running  # noqa: PLC0415 - most tests need none, and it takes a while to load

    with running() as opened:
        yield opened


@pytest.fixture
def store_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated store."""
    if backend == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'store.sqlite3')}"
        return
    url: str = request.getfixturevalue("emptied")
    yield url
    _empty(url)


@pytest.fixture
def fresh_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated store that nobody else uses: a test may break it."""
    if backend == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'fresh.sqlite3')}"
        return
    running: Cluster = request.getfixturevalue("postgresql")
    url = running.fresh()
    yield url
    running.drop(url)


@pytest.fixture
def fresh(fresh_url: str) -> Iterator[Database]:
    """A migrated store that a test may break."""
    opened = Database(fresh_url)
    yield opened
    opened.close()


@pytest.fixture
def blank_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store without a table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
        return
    running: Cluster = request.getfixturevalue("postgresql")
    url = running.blank()
    yield url
    running.drop(url)


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    """A store without a table."""
    opened = Database(blank_url)
    yield opened
    opened.close()


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """An empty, migrated store."""
    opened = Database(store_url)
    yield opened
    opened.close()


def _empty(url: str) -> None:
    database = Database(url)
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    with database.transaction() as tx:
        tx.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY"))
    database.close()
