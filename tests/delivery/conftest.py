"""A town whose outbox lies in a real store."""

from collections.abc import Iterator

import pytest

from bot.db import Database
from tests.delivery.town import Town, town


@pytest.fixture
def backend() -> str:
    """SQLite: here the far sides vary. Tests that are about the store say `ON_BOTH_STORES`."""
    return "sqlite"


@pytest.fixture
def here(database: Database) -> Iterator[Town]:
    """A town, and the outbox that leads there."""
    with town(database) as built:
        yield built
