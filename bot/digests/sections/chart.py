"""The visitors of the last weeks as a line, in the band of what was usual; days that left it are marked."""

from bot.digests import rhythm
from bot.digests.asking import Asking
from bot.digests.rhythm import Day
from bot.facts import Chart, Line, Point

SHOWN = 28
_ODD = 0.01


def make(asking: Asking) -> Chart | None:
    """Return the picture; None for a site that nobody has visited yet."""
    history = asking.series().completed().buckets
    shown = rhythm.days(history, max(SHOWN, len(asking.days)))
    if not any(day.visitors for day in shown):
        return None
    points = tuple(_point(day, asking) for day in shown)
    title = f"Visitors of {asking.site}"
    return Chart(picture=Line(title=title, unit="visitors", points=points, hourly=False))


def _point(day: Day, asking: Asking) -> Point:
    odd = day.chance is not None and day.chance < _ODD
    return Point(
        at=day.bucket.starts_at,
        value=float(day.visitors),
        low=day.low,
        high=day.high,
        marked=odd and day.day >= asking.days.first,
    )
