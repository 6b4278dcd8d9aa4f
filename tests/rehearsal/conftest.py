"""A store of this test's own; the rules are the same on both kinds, so one kind is enough."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.db import Database


@pytest.fixture
def new_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Make an empty, migrated store, as often as one likes."""
    made: list[Database] = []

    def make() -> Database:
        path = shutil.copy(sqlite_template, tmp_path / f"{len(made)}.sqlite3")
        made.append(Database(f"sqlite:///{path}"))
        return made[-1]

    yield make
    for database in made:
        database.close()
