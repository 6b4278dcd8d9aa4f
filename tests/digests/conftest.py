"""A simulated Pirsch with some sites, a clock that tests move within its past, and presses on both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digests.outline import Outline, Part, WhenUsual
from bot.digests.press import Press
from bot.http.timing import Timing
from bot.jobs import OnWall
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Patience, Server
from bot.sandbox.pirsch import Incident, Limits, Settings, Simulator, Site, Trouble, start
from bot.sources.pirsch import source
from bot.sources.source import Source

BERLIN = ZoneInfo("Europe/Berlin")
PRESENT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # 08:00 in Berlin
WEEKLY = OnWall(at=time(8), zone=BERLIN, weekdays=frozenset({0}))
HOSTS = {"shop": "shop.example.com", "calm": "calm.example.com", "west": "west.example.com"}
QUICK = Patience(total=timedelta(seconds=10), first_pause=timedelta(milliseconds=1))


class Now:
    """A clock that the test moves, within the past of the simulated Pirsch."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """A shop whose tracker was broken for two days, a small calm site, and one in Los Angeles."""
    broken = Incident(
        trouble=Trouble.TRACKER_BROKEN,
        start_at=datetime(2026, 11, 10, 23, tzinfo=UTC),
        length=timedelta(hours=60),
    )
    settings = Settings(
        start_at=PRESENT,
        speed=0,
        days=160,
        limits=Limits(security=None, configuration=None),
        sites=(
            Site(hostname=HOSTS["shop"], visitors_per_day=120, incidents=(broken,), growth_per_year=0),
            Site(hostname=HOSTS["calm"], visitors_per_day=20, incidents=(), growth_per_year=0),
            Site(
                hostname=HOSTS["west"],
                visitors_per_day=20,
                incidents=(),
                timezone="America/Los_Angeles",
            ),
        ),
    )
    with start(settings) as running:
        yield running


@dataclass(frozen=True, kw_only=True)
class World:
    """A press on the simulated Pirsch, and its clock."""

    simulator: Simulator
    pirsch: Pirsch
    now: Now
    open: Callable[[str], Source]

    def press(
        self,
        *sites: str,
        parts: tuple[Part, ...] = (Part.SUMMARY,),
        notify: tuple[str, ...] = ("owner", "sales"),
        when_usual: WhenUsual = WhenUsual.LINE,
        name: str = "Monday",
    ) -> Press:
        outline = Outline(
            name=name, sites=sites or ("calm",), parts=parts, notify=notify, when_usual=when_usual
        )
        return Press(outline=outline, zone=BERLIN, open=self.open, clock=self.now)


@pytest.fixture
def world(simulator: Simulator) -> Iterator[World]:
    now = Now()
    user = simulator.keys.user
    credentials = Credentials(client_id=user.client_id, client_secret=user.client_secret)
    timing = Timing(now=simulator.clock, sleep=lambda seconds: None)
    with Pirsch(credentials, Server(url=simulator.url), patience=QUICK, timing=timing) as pirsch:
        yield World(
            simulator=simulator,
            pirsch=pirsch,
            now=now,
            open=lambda site: source(pirsch, HOSTS[site], now),
        )
    simulator.faults.clear()
