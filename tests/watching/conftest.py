"""A simulated Pirsch whose clock is moved, a store, and the watches that look."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.db import Database, Tx
from bot.facts import Notice, Reason
from bot.http.timing import Timing
from bot.pipeline.history import Fetched, fetch
from bot.pipeline.measured import Bench, Looked, look
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Incident, Limits, Settings, Simulator, Site, start
from bot.sandbox.pirsch.settings import Trouble
from bot.sources.pirsch import source
from bot.sources.source import Source
from bot.watches.calendar import PLAIN, Calendar
from bot.watches.explaining import Explain, unexplained
from bot.watches.round import Round
from bot.watches.watch import Condition, Silent, Watch
from tests.sources.conftest import QUICK
from tests.spine.making import judges, told

SHOP = "shop.example.com"
MORNING = datetime(2026, 11, 18, 9, 6, tzinfo=UTC)  # a Wednesday, 10:06 on the shop's wall
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def watch(
    name: str = "Visitors", look: str = "visitors", condition: Condition | None = None, **more: object
) -> Watch:
    """Return a watch of the shop that tells the channel `sales`."""
    wanted: dict[str, object] = {"site": "shop", "every": timedelta(minutes=20), "notify": ("sales",)}
    return Watch(name=name, look=look, condition=condition, **(wanted | more))  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Post:
    """Where one watches from."""

    simulator: Simulator
    database: Database
    bench: Bench
    watches: list[Watch] = field(default_factory=list)
    calendar: Calendar = PLAIN

    @property
    def now(self) -> datetime:
        return self.simulator.clock()

    @property
    def round(self) -> Round:
        return Round(site="shop", watches=tuple(self.watches), calendar=self.calendar)

    def look(self, door: Callable[[], AbstractContextManager[Tx]] | None = None) -> Looked:
        """Look once, now."""
        return look(self.bench, self.round, door or self.database.transaction, self.now)

    def fetch(self) -> Fetched:
        """Fetch what is missing."""
        return fetch(self.bench, self.round, self.database.transaction, self.simulator.clock)

    def watch_for(self, length: timedelta, every: timedelta = HOUR) -> list[Looked]:
        """Let time pass, and look again and again."""
        looked = []
        for _ in range(length // every):
            self.simulator.advance(every, send=False, settle=False)
            looked.append(self.look())
        return looked

    def told(self, channel: str = "sales") -> list[Notice]:
        """Return what waits for a channel, the oldest first."""
        return told(self.database, channel)

    def told_because(self, reason: Reason) -> list[Notice]:
        """Return what waits for `sales` for one reason."""
        return [one for one in self.told() if one.reason is reason]

    def happen(self, trouble: Trouble, length: timedelta, strength: float = 1.0) -> None:
        """Let something happen from now on."""
        incident = Incident(trouble=trouble, start_at=self.now, length=length, strength=strength)
        self.simulator.happen(SHOP, incident)


MakePost = Callable[..., Post]


@pytest.fixture
def post(database: Database) -> Iterator[MakePost]:
    """Make a post: a shop of so many visitors a day, watched by these."""
    with ExitStack() as stack:

        def made(
            *watches: Watch,
            visitors: float = 150,
            at: datetime = MORNING,
            zone: str = "Europe/Berlin",
            explain: Explain = unexplained,
            calendar: Calendar = PLAIN,
        ) -> Post:
            site = Site(
                hostname=SHOP, visitors_per_day=visitors, timezone=zone, incidents=(), growth_per_year=0
            )
            settings = Settings(
                start_at=at,
                speed=0,
                days=120,
                sites=(site,),
                limits=Limits(security=None, configuration=None),
            )
            simulator = stack.enter_context(start(settings))
            user = simulator.keys.user
            pirsch = Pirsch(
                Credentials(client_id=user.client_id, client_secret=user.client_secret),
                Server(url=simulator.url),
                patience=QUICK,
                timing=Timing(now=simulator.clock, sleep=lambda seconds: None),
            )
            stack.callback(pirsch.close)

            def opened(site: str) -> Source:
                return source(pirsch, SHOP, simulator.clock)

            bench = Bench(database=database, judges=judges(), source=opened, explain=explain)
            return Post(
                simulator=simulator,
                database=database,
                bench=bench,
                watches=list(watches),
                calendar=calendar,
            )

        yield made


SILENCE = watch("Silence", "silence", Silent())
