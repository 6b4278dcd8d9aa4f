"""The picture that goes with an alert: the last hours, and the band in which they were expected."""

from bot.detect.expected import Baseline
from bot.detect.hours import HOUR, Hours
from bot.detect.tails import plausible
from bot.facts import Line, Point
from bot.watches.opinion import Opinion

DRAWN = 48


def last_hours(number: str, hours: Hours, baseline: Baseline | None, opinion: Opinion) -> Line:
    """Draw two days of hours, those marked in which the evidence was counted."""
    shown = hours.last(DRAWN)
    means = [None] * len(shown.counts) if baseline is None else baseline.expectations(shown)
    points = []
    for place, (count, mean) in enumerate(zip(shown.counts, means, strict=True)):
        at = shown.first_at + place * HOUR
        low, high = (None, None) if baseline is None or mean is None else plausible(mean, baseline.spread(1))
        marked = opinion.over is not None and opinion.over.since_at <= at < opinion.over.until_at
        points.append(Point(at=at, value=count, low=low, high=high, marked=marked))
    return Line(title=number.capitalize(), unit=number, points=tuple(points), hourly=True)
