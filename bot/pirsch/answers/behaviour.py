"""What visitors did: goals reached, events, funnels, sessions (docs.pirsch.io, API v1, "Statistics")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.http.decoding import Keys
from bot.pirsch.answers.owned import Funnel, Goal
from bot.pirsch.ids import SessionId, VisitorId


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalNumbers:
    """How far a goal is in a period. `cr` is a fraction; the target `Goal.cr_percent` is percent."""

    visitors: int
    views: int | None = None
    cr: float | None = None
    custom_metric_avg: float | None = None
    custom_metric_total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalReached:
    """A goal and its numbers."""

    goal: Annotated[Goal, Keys("page_goal", "goal")]
    numbers: Annotated[GoalNumbers, Keys("stats", "numbers")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStats:
    """How often an event happened; `meta_value` is set when one meta key was asked for."""

    name: Annotated[str, Keys("name", "event_name")]
    visitors: int
    count: int | None = None
    views: int | None = None
    cr: float | None = None
    average_duration_seconds: int | None = None
    meta_keys: tuple[str, ...] = ()
    meta_value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMetaStats:
    """How often an event happened with exactly this meta."""

    name: Annotated[str, Keys("name", "event_name")]
    meta: Annotated[Mapping[str, str], Keys("meta", "event_meta")]
    visitors: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStepStats:
    """One step, counted from 1. The conversion of the step is 1 - `drop_off`.

    `relative_visitors` and `relative_previous_visitors` are shares of the first step. Steps happen in one
    session; Pirsch does not demand their order in time.
    """

    step: int
    visitors: int
    relative_visitors: float | None = None
    previous_visitors: int | None = None
    relative_previous_visitors: float | None = None
    dropped: int | None = None
    drop_off: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStats:
    """A funnel's numbers. `definition` is None when Pirsch left it out or empty."""

    definition: Funnel | None = None
    steps: Annotated[tuple[FunnelStepStats, ...], Keys("data")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One visit. No answer of Pirsch holds an IP address."""

    visitor_id: VisitorId
    session_id: SessionId
    time: datetime
    start: datetime | None = None
    duration_seconds: int = 0
    entry_path: str = ""
    entry_title: str = ""
    exit_path: str = ""
    exit_title: str = ""
    page_views: int = 0
    is_bounce: bool = False
    language: str = ""
    country: Annotated[str, Keys("country_code", "country")] = ""
    region: str = ""
    city: str = ""
    referrer: str = ""
    referrer_name: str = ""
    os: str = ""
    os_version: str = ""
    browser: str = ""
    browser_version: str = ""
    desktop: bool = False
    mobile: bool = False
    screen_class: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    extended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One page view of a session. `tag_values` belong to `tag_keys` by their place."""

    visitor_id: VisitorId
    session_id: SessionId
    time: datetime
    path: str = ""
    title: str = ""
    duration_seconds: int = 0
    tag_keys: tuple[str, ...] = ()
    tag_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent:
    """One event of a session. `meta_values` belong to `meta_keys` by their place."""

    visitor_id: VisitorId
    session_id: SessionId
    time: datetime
    name: Annotated[str, Keys("name", "event_name")]
    path: str = ""
    title: str = ""
    duration_seconds: int = 0
    meta_keys: tuple[str, ...] = ()
    meta_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStep:
    """What happened next in a session: a page view or an event."""

    page_view: PageView | None = None
    event: SessionEvent | None = None
