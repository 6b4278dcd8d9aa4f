"""A world of its own for each test."""

from collections.abc import Iterator

import pytest

from bot.sandbox.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Everything that is outside of the bot."""
    with World() as running:
        yield running
