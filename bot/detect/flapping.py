"""When a watch opens and closes too often, people hear "unstable" once, and then nothing until it is calm.

Alerta calls an alert flapping at two changes within half an hour; Nagios needs 50 % of 21 looks to begin
and 20 % to end. This is the first with the second's two levels: it begins at `changes` within `within`,
and ends when no change at all came for as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """Unstable at so many changes of state within a time. Raises ValueError below two changes."""

    changes: int = 4
    within: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        if self.changes < 2 or self.within <= timedelta(0):
            raise ValueError("flapping is at least two changes within some time")


def unstable(rule: Flapping, changed_at: Sequence[datetime], now: datetime, was_unstable: bool) -> bool:
    """Judge the instants at which a state changed, in any order."""
    recent = sum(now - rule.within < at <= now for at in changed_at)
    return recent > 0 if was_unstable else recent >= rule.changes


def remembered(rule: Flapping, changed_at: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the instants that still matter, oldest first, never more than the rule counts."""
    recent = sorted(at for at in changed_at if now - rule.within < at <= now)
    return tuple(recent[-rule.changes :])
