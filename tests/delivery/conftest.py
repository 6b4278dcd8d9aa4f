"""A town whose outbox lies in a real store."""

from collections.abc import Iterator

import pytest

from bot.db import Database
from tests.delivery.town import Town, town


@pytest.fixture
def here(database: Database) -> Iterator[Town]:
    """A town, on both stores."""
    with town(database) as built:
        yield built
