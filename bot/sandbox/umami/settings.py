"""What a simulated Umami is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.sandbox.pirsch.settings import Site


class Store(StrEnum):
    """The database behind it: it decides how numbers and times are written."""

    POSTGRESQL = "postgresql"  # servers of one's own
    CLICKHOUSE = "clickhouse"  # Umami Cloud


class Kind(StrEnum):
    """What a saved report is."""

    FUNNEL = "funnel"
    GOAL = "goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """A page, or an event."""

    value: str
    event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReport:
    """A report that somebody saved: a funnel, or a goal of one step, in version 2 with a target."""

    kind: Kind
    name: str
    steps: tuple[FunnelStep, ...]
    window: int = 60  # minutes between two steps
    target: int = 100
    made_at: datetime = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A server, or the cloud. `version` is the major one: 2 or 3. History reaches `days` back from the start.

    The traffic is a function of `seed`, `sites`, `days` and `start_at` alone. With `api_key` a key opens it;
    a server of one's own also takes the login.
    """

    seed: str = "umami"
    version: int = 3
    store: Store = Store.POSTGRESQL
    cloud: bool = False
    sites: tuple[Site, ...] = (Site(hostname="wiki.example.com", visitors_per_day=60, incidents=()),)
    reports: Mapping[str, tuple[SavedReport, ...]] = field(default_factory=dict)
    days: int = 120
    start_at: datetime | None = None
    speed: float = 1.0
    host: str = "127.0.0.1"
    port: int = 0
    username: str = "bot"
    password: str = field(default="a-password-of-the-sandbox", repr=False)
    api_key: str | None = field(default=None, repr=False)
    session_budget: int = 100_000

    def __post_init__(self) -> None:
        if self.version not in (2, 3):
            raise ValueError("there are versions 2 and 3")
