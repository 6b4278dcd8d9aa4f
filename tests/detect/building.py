"""Short ways to write histories."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.detect.expected import Baseline, learn
from bot.detect.hours import CELLS, HOUR, Hours, Wall, wall

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 1, 4, 23, tzinfo=UTC)  # midnight in Berlin
DAY_PROFILE = (1, 1, 0, 0, 1, 2, 4, 7, 10, 12, 13, 13, 12, 12, 12, 12, 12, 12, 12, 12, 13, 12, 9, 5)


def hours(counts: Sequence[int | None], first_at: datetime = MONDAY) -> Hours:
    """Return these counts in Berlin."""
    return Hours(first_at=first_at, counts=tuple(counts), zone=BERLIN)


def written(number: int, count_of: Callable[[Wall], int], first_at: datetime = MONDAY) -> Hours:
    """Return so many hours whose counts follow from the clock on the wall."""
    return hours([count_of(wall(first_at + each * HOUR, BERLIN)) for each in range(number)], first_at)


def steady(weeks: int = 8, scale: int = 1) -> Hours:
    """Return weeks without any noise: every day follows the profile (189 visitors at scale 1)."""
    return written(weeks * CELLS, lambda place: scale * DAY_PROFILE[place.cell % 24])


def usual(scale: int = 1) -> Baseline:
    """Return what eight such weeks say is usual."""
    baseline = learn(steady(scale=scale))
    assert baseline is not None
    return baseline
