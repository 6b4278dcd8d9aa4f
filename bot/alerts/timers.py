"""When people are reminded of a trouble that holds on: one timer an alert, with growing pauses and an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """After the first message, one after each pause; the last pause repeats. At most `most` in all.

    No pauses: nobody is reminded. Raises ValueError for pauses that shrink, are too short to mean anything,
    or would never come because `most` ends it before.
    """

    pauses: tuple[timedelta, ...] = (timedelta(hours=4), timedelta(days=1))
    most: int = 3

    def __post_init__(self) -> None:
        if (mistake := contradiction(self.pauses, self.most)) is not None:
            raise ValueError(mistake)

    def pause(self, reminded: int) -> timedelta | None:
        """How long after the last message the next one would come, also when the cap forbids it."""
        return self.pauses[min(reminded, len(self.pauses) - 1)] if self.pauses else None

    def next_at(self, told_at: datetime, reminded: int) -> datetime | None:
        """Return when people are reminded next; None when they are not, or no more."""
        pause = self.pause(reminded)
        return told_at + pause if pause is not None and reminded < self.most else None


def contradiction(pauses: tuple[timedelta, ...], most: int) -> str | None:
    """Say what is wrong with a timer; None when it can do all that it says."""
    if not pauses:
        return None
    if min(pauses) < SHORTEST:
        return f"nobody is reminded more often than every {SHORTEST.seconds // 60} minutes"
    if list(pauses) != sorted(pauses):
        return "a later pause is shorter than one before it: pauses grow, or stay the same"
    if most < len(pauses):
        return (
            f"there are {len(pauses)} pauses, and after {most} reminders it ends: the last would never come"
        )
    return None


NEVER = Timer(pauses=())
"""For what is told once."""
