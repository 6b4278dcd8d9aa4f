"""Two simulated years' ends of daylight saving time, a source on each, and nobody who waits."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Patience, Server
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start
from bot.sources.pirsch import PirschSource, source

SHOP, BLOG = "shop.example.com", "blog.example.com"
AUTUMN = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)  # the clocks went back in Berlin on 25 October
SPRING = datetime(2026, 5, 20, 14, 30, tzinfo=UTC)  # and forward on 29 March
QUICK = Patience(
    exchange=timedelta(seconds=10),
    total=timedelta(seconds=10),
    first_pause=timedelta(milliseconds=1),
    limits={},
)


def settings(at: datetime, zone: str = "Europe/Berlin") -> Settings:
    return Settings(
        start_at=at,
        speed=0,
        days=120,
        sites=(
            Site(hostname=SHOP, visitors_per_day=30, timezone=zone, incidents=()),
            Site(hostname=BLOG, visitors_per_day=0, incidents=()),
        ),
        limits=Limits(security=None, configuration=None),
    )


@pytest.fixture(scope="session")
def autumn() -> Iterator[Simulator]:
    with start(settings(AUTUMN)) as running:
        yield running


@pytest.fixture(scope="session")
def spring() -> Iterator[Simulator]:
    with start(settings(SPRING)) as running:
        yield running


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A client and a source, on one simulator."""

    simulator: Simulator
    pirsch: Pirsch
    source: PirschSource


Join = Callable[[Simulator], Joined]


@pytest.fixture
def join() -> Iterator[Join]:
    with ExitStack() as stack:

        def joined(simulator: Simulator, hostname: str = SHOP) -> Joined:
            user = simulator.keys.user
            credentials = Credentials(client_id=user.client_id, client_secret=user.client_secret)
            timing = Timing(now=simulator.clock, sleep=lambda seconds: None)
            pirsch = stack.enter_context(
                Pirsch(credentials, Server(url=simulator.url), patience=QUICK, timing=timing)
            )
            stack.callback(simulator.faults.clear)
            found = source(pirsch, hostname, simulator.clock)
            return Joined(simulator=simulator, pirsch=pirsch, source=found)

        yield joined


@pytest.fixture
def shop(join: Join, autumn: Simulator) -> Joined:
    """The shop in November."""
    return join(autumn)
