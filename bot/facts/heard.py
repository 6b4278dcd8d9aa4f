"""What was heard, and what rules say about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

GOAL_REACHED, GOAL_PROGRESS = "goal.reached", "goal.progress"
OUR_NAMES = frozenset({GOAL_REACHED, GOAL_PROGRESS})
"""Names of events that the bot makes itself. From outside, nothing of such a name is an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something happened on a site: it was heard through a webhook, or the bot found it out (`ours`).

    Pirsch sends no time and no id (docs.pirsch.io, "Webhooks"): `received_at` is ours, and two equal
    events are two events. `name` and `meta` are written by strangers; they hold no control characters.
    """

    id: int
    site: str
    name: str
    received_at: datetime
    duration: timedelta = timedelta(0)
    meta: Mapping[str, str] = field(default_factory=dict)
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One event, as a message quotes it."""

    name: str
    received_at: datetime
    meta: Mapping[str, str] = field(default_factory=dict)
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeard:
    """One event that a rule asked for."""

    event: Example
    duration: timedelta = timedelta(0)
    kind: Literal["event"] = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsCollected:
    """Many events of one rule, told together.

    `total` and `largest` are None when the rule adds nothing up or no value was a number; `unreadable`
    counts the values that were not numbers and are missing from `total`. `examples` are the largest, or
    the latest where nothing is added up, at most five.
    """

    count: int
    first_at: datetime
    last_at: datetime
    examples: tuple[Example, ...]
    total: Decimal | None = None
    largest: Decimal | None = None
    unreadable: int = 0
    kind: Literal["collected"] = "collected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """An event comes at least so often within a time (firing), or no longer does (resolved).

    `count` is the number within `within` now; `total` the number since `since_at`, when it began.
    """

    state: Literal["firing", "resolved"]
    at_least: int
    within: timedelta
    count: int
    total: int
    since_at: datetime
    ended_at: datetime | None = None
    examples: tuple[Example, ...] = ()
    kind: Literal["frequency"] = "frequency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """An expected event has not come for `none_within` (firing), or came again (resolved).

    `last_at` is None when it never came; `watched_since_at` is when the bot began to wait for it.
    """

    state: Literal["firing", "resolved"]
    expected: str
    none_within: timedelta
    watched_since_at: datetime
    last_at: datetime | None = None
    ended_at: datetime | None = None
    kind: Literal["absence"] = "absence"
