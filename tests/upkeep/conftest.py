"""A simulated Pirsch, and a village on it."""

import pytest

from tests.manage.conftest import simulator, town
from tests.manage.keeping import Town
from tests.upkeep.village import Village

__all__ = ["simulator", "town"]


@pytest.fixture
def village(town: Town) -> Village:
    """One site under upkeep: a filter that follows an office, and everything allowed."""
    return Village(town)
