"""What a change did to the traffic, against what was foretold. Pure.

A filter was to take away so many of the visitors, and no more. The hours after it are compared with the same
hours of the week before, less the foretold share. Both counts vary; so the change is undone only when fewer
came than chance allows (one in a thousand, with the swing that weeks have), and when it matters: a third is
missing. What a site is too small to show in two days is said to be unseen.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.detect.rates import two_periods

WATCHED_FOR = timedelta(days=2)
FIRST_LOOK = timedelta(hours=6)
CHANCE = 0.001
SWING = 0.02
"""The variance of a week's hours beside the week before, beyond chance: about 14 percent of the count."""
MATTERS = 0.67
LEAST = 20
"""Visitors expected below which nothing can be said."""


class Seen(StrEnum):
    """What is to be said about a change so far."""

    WELL = "traffic is as foretold"
    WORSE = "far fewer visitors than foretold: it is undone"
    TOO_FEW = "too few visitors to tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Visitors since a change, in the same hours a week before, and the share that was foretold to go."""

    since: int
    before: int
    foretold: float

    @property
    def expected(self) -> float:
        """How many were to be expected after the change."""
        return self.before * (1 - self.foretold)

    def __str__(self) -> str:
        return (
            f"{self.since:,} visitors since, {self.before:,} in the same hours a week before;"
            f" {self.foretold:.1%} were foretold to go"
        )


def judge(counted: Counted) -> Seen:
    """Say whether a change took more away than it should."""
    if counted.expected < LEAST:
        return Seen.TOO_FEW
    fewer = two_periods(counted.since, round(counted.expected), spread=SWING).low
    worse = fewer < CHANCE and counted.since < MATTERS * counted.expected
    return Seen.WORSE if worse else Seen.WELL
