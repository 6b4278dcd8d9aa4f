"""Fixtures for what knows HTTP and no vendor."""

import pytest

from tests.http.hours import Hours


@pytest.fixture
def hours() -> Hours:
    return Hours()
