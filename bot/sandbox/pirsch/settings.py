"""What a simulated Pirsch is started with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LEAST_DAYS = 120


class Trouble(StrEnum):
    """What can happen to a site's traffic."""

    CAMPAIGN = "campaign"  # more visitors, with UTM parameters
    VIRAL = "viral"  # a link spreads: many at once, then fewer
    SPAM = "spam"  # forged referrers, one view each
    BOTS = "bots"  # machines that the vendor's filter does not know; they ask for the page in `label`
    TRACKER_BROKEN = "tracker_broken"  # the site runs, but nothing is recorded
    SITE_DOWN = "site_down"  # nobody gets in
    SOURCE_GONE = "source_gone"  # nobody comes from the referrer or the campaign that `label` names
    BROKEN_LINKS = "broken_links"  # many visitors end on the page for missing pages
    CHECKOUT_BROKEN = "checkout_broken"  # nobody can pay


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something out of the ordinary. `strength` is in usual visitors (or in shares for broken links)."""

    trouble: Trouble
    start_at: datetime
    length: timedelta
    strength: float = 1.0
    label: str = ""

    def __post_init__(self) -> None:
        if self.start_at.tzinfo is None:
            raise ValueError("start_at must be an aware instant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One dashboard and the traffic on it. `incidents` None means the usual ones, drawn from the seed."""

    hostname: str
    visitors_per_day: float = 150
    timezone: str = "Europe/Berlin"
    incidents: tuple[Incident, ...] | None = None
    growth_per_year: float = 0.3

    def __post_init__(self) -> None:
        ZoneInfo(self.timezone)
        if self.visitors_per_day < 0:
            raise ValueError("visitors_per_day must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Requests per window and class; None is unlimited (docs.pirsch.io, "Rate Limits", since 2024-09-02).

    The window is simulated time: while the clock stands still, it does not pass.
    """

    security: int | None = 10
    configuration: int | None = 60
    statistics: int | None = None
    ingest: int | None = None
    token: int | None = None  # the changelog of 2.7.11 exempts it
    window: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A whole account. The traffic is a function of `seed`, `sites`, `days` and `start_at` alone.

    `start_at` is the first "now" (the real one when left out); history reaches `days` back from there. The
    default of 240 days always holds a change of daylight saving time. `session_budget` bounds the memory:
    days beyond it are forgotten and made again when asked for (about 0.8 kB a session).
    """

    seed: str = "pirsch"
    sites: tuple[Site, ...] = (
        Site(hostname="shop.example.com"),
        Site(hostname="blog.example.com", visitors_per_day=40, timezone="America/New_York"),
    )
    days: int = 240
    start_at: datetime | None = None
    speed: float = 1.0
    host: str = "127.0.0.1"
    port: int = 0
    plus: bool = True
    null_lists: bool = True
    limits: Limits = field(default_factory=Limits)
    token_lifetime: timedelta = timedelta(hours=1)
    config_delay: timedelta = timedelta(0)  # Pirsch says "a few minutes"
    overview_cached: timedelta = timedelta(minutes=30)
    plain_http_webhooks: bool = True  # Pirsch takes https only; a test listens without a certificate
    webhook_timeout: timedelta = timedelta(seconds=5)
    pump_every: timedelta = timedelta(milliseconds=200)  # real time between looks for due webhooks
    session_budget: int = 150_000

    def __post_init__(self) -> None:
        if self.days < LEAST_DAYS:
            raise ValueError(f"days must be at least {LEAST_DAYS}")
        if not self.sites:
            raise ValueError("a site is needed")
        if len({site.hostname for site in self.sites}) < len(self.sites):
            raise ValueError("two sites have one hostname")
