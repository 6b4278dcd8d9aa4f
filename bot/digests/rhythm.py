"""What each day of a site usually is: the same weekdays of the weeks before it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.detect.swings import swinging
from bot.detect.tails import plausible
from bot.digests import weigh
from bot.sources.source import Bucket

WEEKS = 8
FEWEST = 3
_TRIMMED_FROM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day beside what it usually is: None where too few weeks are known. `chance` is two-sided."""

    bucket: Bucket
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None

    @property
    def day(self) -> date:
        """Which one it is."""
        return self.bucket.day

    @property
    def visitors(self) -> int:
        """How many came."""
        return self.bucket.traffic.visitors


def days(history: Sequence[Bucket], wanted: int) -> tuple[Day, ...]:
    """Return the last `wanted` days, each beside what the weeks before it say. They follow each other."""
    counts = [one.traffic.visitors for one in history]
    begun = next((place for place, count in enumerate(counts) if count), len(counts))
    spread = _spread(counts[begun:])
    first = max(0, len(counts) - wanted)
    return tuple(_day(history, counts, place, begun, spread) for place in range(first, len(counts)))


def _day(history: Sequence[Bucket], counts: Sequence[int], place: int, begun: int, spread: float) -> Day:
    weeks = [counts[at] for week in range(1, WEEKS + 1) if (at := place - 7 * week) >= begun]
    if len(weeks) < FEWEST:
        return Day(bucket=history[place])
    usual = _middle(weeks)
    unsure = spread + (spread + 1 / max(usual, 1.0)) / len(weeks)
    low, high = plausible(usual, unsure)
    chance = min(1.0, 2 * min(swinging(counts[place], usual, unsure)))
    return Day(bucket=history[place], usual=usual, low=low, high=high, chance=chance)


def _middle(weeks: Sequence[int]) -> float:
    """Return the mean; without the least and the most where enough are known."""
    kept = sorted(weeks)[1:-1] if len(weeks) >= _TRIMMED_FROM else weeks
    return sum(kept) / len(kept)


def _spread(counts: Sequence[int]) -> float:
    """Return by how much a day differs from the same day a week before, beyond chance."""
    of_weekdays = [weigh.spread_of(counts[day::7], days=1) for day in range(min(7, len(counts)))]
    return sum(of_weekdays) / len(of_weekdays) if of_weekdays else weigh.spread_of([], days=1)
