"""A dashboard under management: its owner's wishes, people who meddle, and what is there in the end."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.db import Database
from bot.http.timing import Timing
from bot.manage import ledger
from bot.manage.account import ALLOWED, account
from bot.manage.change import Actor, Authority, Change, KindName, Thing
from bot.manage.kinds import KINDS
from bot.manage.marks import Mark
from bot.manage.memory import NOTHING
from bot.manage.outcome import Impact, Ruling, Step
from bot.manage.steward import Impacts, Look, Steward
from bot.manage.survey import survey
from bot.manage.wishes import Caps, Given, Managed, Mode
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Patience, Server
from bot.sandbox.pirsch import Simulator

SHOP, BLOG = "shop.example.com", "blog.example.com"
ENDPOINT = "https://bot.example.com/hooks/shop/a-token-that-nobody-guesses"
TODAY = date(2026, 5, 11)
NOON = datetime(2026, 5, 11, 12, tzinfo=UTC)
ANNA = Actor(who="anna", authority=Authority.PERSON)
YES = Actor(who="anna", authority=Authority.APPROVED)
BOT = Actor(who="nightly", authority=Authority.BOT)
GENEROUS = Caps(a_run=1000, a_day=10_000, deleted=1.0)
SHELVES = ("filter", "goal", "funnel", "report", "webhook", "link")
MARK = Mark(whose="bot.example.com")
_NUMBERS = itertools.count()


@dataclass(slots=True)
class Hours:
    """Time that passes only when somebody sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    passes: Callable[[timedelta], object] = lambda _: None

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1_000.0 + self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        self.passes(timedelta(seconds=seconds))

    def timing(self) -> Timing:
        return Timing(now=self.now, monotonic=self.monotonic, sleep=self.sleep, dice=lambda low, _: low)


class Town:
    """One simulated dashboard, one ledger."""

    def __init__(self, simulator: Simulator, database: Database, hostname: str = SHOP) -> None:
        self.simulator, self.database, self.hours = simulator, database, Hours()
        self.domain = simulator.domain_id(hostname)
        self.clean()
        self.pirsch = self.client()

    def client(self, patience: Patience | None = None) -> Pirsch:
        keys = self.simulator.keys.user
        # The budget is tried in a test of its own; here nobody shall wait.
        patience = patience or Patience(limits={}, exchange=timedelta(seconds=5), total=timedelta(seconds=20))
        return Pirsch(
            Credentials(client_id=keys.client_id, client_secret=keys.client_secret),
            Server(url=self.simulator.url),
            patience=patience,
            timing=self.hours.timing(),
        )

    def clean(self) -> None:
        """Empty the dashboard, whatever is locked."""
        self.simulator.faults.clear()
        self.simulator.ledger.clear()
        account = self.simulator.account
        account.switches.clear()
        for name in SHELVES:
            shelf = account.shelves[name]
            for document in shelf.of(self.domain):
                document.locked = False
                shelf.drop(document.id)

    def close(self) -> None:
        self.clean()
        self.pirsch.close()

    def steward(
        self,
        managed: Managed,
        *,
        given: Given | None = None,
        impacts: Mapping[str, Impact] | None = None,
        mark: Mark = MARK,
        pirsch: Pirsch | None = None,
        database: Database | None = None,
    ) -> Steward:
        given = given or Given(today=TODAY, endpoint=ENDPOINT)
        wire = (pirsch or self.pirsch).narrowed(ALLOWED)
        known: Impacts = lambda _: impacts or {}  # noqa: E731 - a name would say no more
        return Steward(
            database=database or self.database,
            account=account(wire, managed.site, DomainId(self.domain), mark, given.endpoint),
            managed=managed,
            given=lambda: given,
            clock=self.hours.now,
            sleep=self.hours.sleep,
            owner=f"process-{next(_NUMBERS)}",
            impacts=known,
        )

    # ------------------------------------------------------------ acting

    def keep(self, managed: Managed, actor: Actor = ANNA, **more: object) -> list[Step | Ruling]:
        """Look and apply, as one run of the bot does."""
        steward = self.steward(managed, **more)  # type: ignore[arg-type]
        steward.settle_doubts(actor)
        return list(steward.apply(steward.look(actor).plan, actor))

    def look(self, managed: Managed, actor: Actor = ANNA, **more: object) -> Look:
        """What would be done."""
        return self.steward(managed, **more).look(actor)  # type: ignore[arg-type]

    # ------------------------------------------------------------ seeing

    def things(self) -> tuple[Thing, ...]:
        """What Pirsch tells, without what the ledger remembers."""
        steward = self.steward(Managed(site="shop"))
        return survey(steward.account, list(KINDS), NOTHING).things

    def shelf(self, name: str) -> list[dict[str, object]]:
        """What is on a shelf of this dashboard."""
        return [dict(one.fields) for one in self.simulator.account.shelves[name].of(self.domain)]

    def writes(self) -> list[str]:
        """The writing calls that arrived, in their order."""
        asked = self.simulator.ledger.calls()
        return [f"{one.method} {one.path}" for one in asked if one.method != "GET" and one.path != "/token"]

    def outcomes(self) -> list[str]:
        """The outcomes in the ledger, the oldest first."""
        with self.database.reading() as tx:
            rows = ledger.entries(tx, site="shop")
        return [row.outcome for row in reversed(rows) if row.outcome is not None]


def managed(**wishes: object) -> Managed:
    """Everything allowed, for what is wished."""
    names = {
        "filters": KindName.FILTER,
        "goals": KindName.GOAL,
        "funnels": KindName.FUNNEL,
        "reports": KindName.REPORT,
        "webhooks": KindName.WEBHOOK,
        "spike_threshold": KindName.SPIKE_THRESHOLD,
        "warning_days": KindName.WARNING_DAYS,
    }
    named = frozenset(names[name] for name in wishes if name in names)
    everything: dict[str, object] = {"site": "shop", "mode": Mode.AUTO, "caps": GENEROUS, "named": named}
    return Managed(**{**everything, **wishes})  # type: ignore[arg-type]


def without_site(change: Change) -> Change:
    """A change, to compare with another."""
    return replace(change, why="")
