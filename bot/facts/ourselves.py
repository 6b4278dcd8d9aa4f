"""What the bot says about itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant and what it was, in words that it completes: `The last event came`."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something about the bot itself needs a person: what, why, and what to do.

    `moments` belong to why; each place writes them in its own time.
    """

    what: str
    why: str
    remedy: str
    moments: tuple[Moment, ...] = ()
    kind: Literal["trouble"] = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTest:
    """Somebody wants to see whether a channel works."""

    asked_by: str
    kind: Literal["test"] = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A channel is open again, and not everything that was meant for it came here.

    `elsewhere` messages went round by `fallback`, `lost` were given up, between `since_at` and `until_at`;
    `why` is what had closed the channel.
    """

    channel: str
    why: str
    since_at: datetime
    until_at: datetime
    elsewhere: int
    lost: int
    fallback: str | None = None
    kind: Literal["missed"] = "missed"
