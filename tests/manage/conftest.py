"""A simulated Pirsch with two dashboards, a store, and stewards who keep one of them in order."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.db import Database
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start
from tests.manage.keeping import BLOG, SHOP, Town


@pytest.fixture(scope="package")
def simulator() -> Iterator[Simulator]:
    shop = Site(hostname=SHOP, visitors_per_day=20, incidents=())
    settings = Settings(
        days=120,
        speed=0,
        sites=(shop, Site(hostname=BLOG, visitors_per_day=0)),
        limits=Limits(security=None, configuration=None),
        pump_every=timedelta(seconds=5),
    )
    with start(settings) as running:
        yield running


@pytest.fixture
def town(simulator: Simulator, database: Database) -> Iterator[Town]:
    """A clean dashboard and an empty ledger."""
    made = Town(simulator, database)
    yield made
    made.close()
