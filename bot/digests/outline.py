"""What a digest shall contain, as its owner wrote it."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Part(StrEnum):
    """What a digest can speak of. The order of the settings is the order of the message."""

    SUMMARY = "summary"
    CHART = "chart"
    UNUSUAL = "unusual"
    PAGES = "pages"
    REFERRERS = "referrers"
    CHANNELS = "channels"
    COUNTRIES = "countries"
    CAMPAIGNS = "campaigns"
    EVENTS = "events"
    REVENUE = "revenue"
    GOALS = "goals"
    FUNNELS = "funnels"
    ALERTS = "alerts"
    MAINTENANCE = "maintenance"
    SUPPRESSED = "suppressed"


OF_THE_BOT = frozenset({Part.ALERTS, Part.MAINTENANCE, Part.SUPPRESSED})
"""Parts that are read from the store; the others are asked of the site's source."""

USUAL_PARTS = (
    Part.SUMMARY,
    Part.CHART,
    Part.UNUSUAL,
    Part.PAGES,
    Part.REFERRERS,
    Part.GOALS,
    Part.FUNNELS,
    Part.ALERTS,
    Part.MAINTENANCE,
    Part.SUPPRESSED,
)


class WhenUsual(StrEnum):
    """What becomes of a digest in which nothing is unusual."""

    LINE = "line"
    FULL = "full"
    SKIP = "skip"


class GoalPeriod(StrEnum):
    """The calendar period over which the targets of goals are counted."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What is added up: a meta key of an event. `currency` is written behind it."""

    event: str
    key: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One digest. What is added up as `revenue` is so on each of its sites."""

    name: str
    sites: tuple[str, ...]
    parts: tuple[Part, ...] = USUAL_PARTS
    notify: tuple[str, ...] = ()
    when_usual: WhenUsual = WhenUsual.LINE
    revenue: tuple[Money, ...] = ()
    goals_over: GoalPeriod = GoalPeriod.MONTH

    @property
    def key(self) -> str:
        """The key of its notices: they are one mail thread."""
        return f"digest/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When editions come: a time on the wall of a zone, on weekdays (0: Monday) or one day of a month."""

    at: time
    zone: ZoneInfo
    weekdays: frozenset[int]
    day_of_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodical:
    """A digest and when it comes."""

    outline: Outline
    schedule: Schedule
