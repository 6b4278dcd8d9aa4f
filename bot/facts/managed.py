"""What is to be changed at Pirsch, what was changed, and what others changed there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MOST_CHANGES = 10
"""As many changes as one message tells; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """One field of an object: what it was, and what it is, or is to be. None: there is no such thing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One change of a plan, and what the guard says to it.

    `what` is such as `update goal "Signup"`; `impact` is what a filter would have removed in the past.
    `ruling` is empty for a change that may be made, or may be made after a yes.
    """

    what: str
    fields: tuple[Edited, ...] = ()
    why: str = ""
    warnings: tuple[str, ...] = ()
    impact: str | None = None
    ruling: str = ""
    risk: Literal["low", "middle", "high"] = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProposed:
    """A plan waits for a yes. `more` counts the changes that are not told; `links` are None without signing.

    `evidence` are sentences that say why, beside the reasons of the single changes.
    """

    plan: str
    title: str
    changes: tuple[Planned, ...]
    more: int = 0
    refused: int = 0
    asked_by: str = ""
    evidence: tuple[str, ...] = ()
    until_at: datetime | None = None
    link: str | None = None
    kind: Literal["plan"] = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """One object of ours that somebody else changed; `gone` when it is not there any more."""

    what: str
    fields: tuple[Edited, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFound:
    """Somebody changed in the dashboard what the config says: adopt it, restore it, or ignore it."""

    things: tuple[Drifted, ...]
    more: int = 0
    kind: Literal["drift"] = "drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """One change that was tried: `outcome` in a word or two, `answer` is a sentence."""

    what: str
    good: bool
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApplied:
    """What became of a plan. `who` carried it out, or said yes to it."""

    plan: str
    who: str
    steps: tuple[CarriedOut, ...]
    more: int = 0
    kind: Literal["applied"] = "applied"

    @property
    def good(self) -> int:
        """How many of the told steps went well."""
        return sum(step.good for step in self.steps)
