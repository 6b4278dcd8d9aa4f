"""What the bot says about itself."""

from dataclasses import dataclass
from typing import Literal


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
