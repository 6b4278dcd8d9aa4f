"""A Slack, a store that nobody else uses, and a place to start the bot in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.slack import Slack
from tests.process.running import Place, place


@pytest.fixture
def slack() -> Iterator[Slack]:
    """The far side of all channels."""
    with Slack(["sales", "owner"]) as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, slack: Slack, fresh_url: str) -> Iterator[Place]:
    """A place whose store is migrated and empty."""
    with place(tmp_path, slack, fresh_url) as made:
        yield made
