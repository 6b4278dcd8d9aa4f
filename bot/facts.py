"""The values that flow through the house. Read this first.

An `Event` was heard. A rule has an opinion about it: a `Finding`. When the opinion is news, it becomes
a `Notice`: facts that wait in the outbox until templates make words of them. Everything here is frozen,
knows no database, network, clock or template, and compares by value.

Instants end in `_at` and are aware UTC. Lengths of time are `timedelta`. Money is `Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """How loudly people are told."""

    INFO = "info"
    NOTICE = "notice"
    PAGE = "page"


class Reason(StrEnum):
    """Why something was told, or was not. Stored with the event and the notice, logged and shown."""

    TOLD = "told"  # a momentary finding: each one is news
    OPENED = "opened"  # a lasting trouble began
    RESOLVED = "resolved"  # a lasting trouble ended
    STILL_OPEN = "still_open"  # the trouble holds and was told before
    WAS_NOT_OPEN = "was_not_open"  # it does not hold, and nobody was told that it did
    COLLECTING = "collecting"  # waits with others for one message
    COLLECTED = "collected"  # many became this one message
    COUNTED = "counted"  # counted towards a frequency that is not reached
    SEEN = "seen"  # proves that an expected event still comes
    TOLD_ONCE = "told_once"  # its once-per key was told before
    RULE_RAISED = "rule_raised"  # the rule itself is broken

    @property
    def speaks(self) -> bool:
        """Whether people hear of it."""
        return self in SPEAKING


SPEAKING = frozenset({Reason.TOLD, Reason.OPENED, Reason.RESOLVED, Reason.COLLECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something happened on a site and was heard through a webhook.

    Pirsch sends no time and no id (docs.pirsch.io, "Webhooks"): `received_at` is ours, and two equal
    events are two events. `name` and `meta` are written by strangers; they hold no control characters.
    """

    id: int
    site: str
    name: str
    received_at: datetime
    duration: timedelta = timedelta(0)
    meta: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- what a notice says, one class a kind


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something about the bot itself needs a person: what, why, and what to do."""

    what: str
    why: str
    remedy: str
    kind: Literal["trouble"] = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTest:
    """Somebody wants to see whether a channel works."""

    asked_by: str
    kind: Literal["test"] = "test"


Content = EventHeard | EventsCollected | Frequency | Absence | Trouble | ChannelTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule has an opinion.

    `key` names the trouble: findings with one key are the same conversation. A `lasting` finding opens
    and ends (`holds`); a momentary one is over as soon as it was told.
    """

    key: str
    content: Content
    seen_at: datetime
    severity: Severity = Severity.NOTICE
    site: str | None = None
    rule: str | None = None
    lasting: bool = False
    holds: bool = True
    reason: Reason = Reason.TOLD  # what a momentary finding is told as


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Facts on their way to people. Templates see this value and nothing else.

    `key` is the finding's key: notices with one key belong into one mail thread. `site` and `rule` are
    None when the bot speaks of itself.
    """

    key: str
    content: Content
    at: datetime
    severity: Severity = Severity.NOTICE
    reason: Reason = Reason.TOLD
    site: str | None = None
    rule: str | None = None

    @property
    def kind(self) -> str:
        """Which template puts it into words."""
        return self.content.kind
