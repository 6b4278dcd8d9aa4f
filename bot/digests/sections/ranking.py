"""The traffic by pages, referrers, channels, countries or campaigns, each value beside itself before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

from bot.digests import weigh
from bot.digests.asking import Asking
from bot.digests.weigh import Counted
from bot.facts import Bars, Figure, Numbers
from bot.facts.sections import Of
from bot.sources.errors import SourceError
from bot.sources.source import Breakdown, Dimension

_NAMELESS: Mapping[Dimension, str] = {
    Dimension.REFERRER: "direct",
    Dimension.CHANNEL: "unknown",
    Dimension.COUNTRY: "unknown",
    Dimension.PAGE: "/",
}
"""What those without a value are called. Without a campaign is everybody else: not told."""


def by(dimension: Dimension, of: Of) -> Callable[[Asking], Numbers | None]:
    """Return the section of a dimension."""
    if of not in get_args(Of):
        raise ValueError(f"{of} is no section")

    def make(asking: Asking) -> Numbers | None:
        now, before = asking.channels() if dimension is Dimension.CHANNEL else asking.both(dimension)
        figures = _figures(asking, now, before)
        if not figures:
            return None
        picture = bars(of, asking, dimension)
        return Numbers(of=of, figures=figures, unit="visitors", picture=picture)

    return make


def spread(asking: Asking) -> float:
    """Return how much the site swings; what sites usually do where it cannot be asked."""
    try:
        return asking.spread()
    except SourceError:
        return weigh.spread_of([], len(asking.days))


def bars(title: str, asking: Asking, dimension: str = "") -> Bars:
    """Return the frame of a comparison; `settle` puts into it what is told."""
    return Bars(
        title=f"{title.capitalize()} of {asking.site}",
        unit="visitors",
        bars=(),
        now="these days",
        before="the days before",
        dimension=dimension,
    )


def _figures(asking: Asking, now: Breakdown, before: Breakdown) -> tuple[Figure, ...]:
    mine, other, swings = _counts(now), _counts(before), spread(asking)
    least_now, least_before = _least(now), _least(before)
    found = []
    for name in sorted(mine | other, key=lambda one: (-mine.get(one, 0), -other.get(one, 0), one)):
        counted = Counted(
            now=mine.get(name, least_now),
            before=other.get(name, least_before),
            exposure=asking.exposure,
            spread=swings,
        )
        found.append(replace(weigh.value(name, counted), dimension=str(now.dimension)))
    return tuple(found)


def _counts(breakdown: Breakdown) -> dict[str, int]:
    nameless = _NAMELESS.get(breakdown.dimension)
    found: dict[str, int] = {}
    for row in breakdown.rows:
        name = row.value.removeprefix("https://").removeprefix("www.") or nameless
        if name is not None:
            found[name] = found.get(name, 0) + row.traffic.visitors
    return found


def _least(breakdown: Breakdown) -> int:
    """Return how many a value that is not in the list may have had: none, if the list is whole."""
    return 0 if breakdown.whole else min((row.traffic.visitors for row in breakdown.rows), default=0)
