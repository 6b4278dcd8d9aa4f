"""How many came: visitors, views, sessions, and how many of those saw one page only."""

from collections.abc import Callable, Iterator

from bot.detect.rates import Part
from bot.digests import weigh
from bot.digests.asking import Asking
from bot.digests.weigh import Counted
from bot.facts import Figure, Numbers
from bot.sources.source import Traffic

_COUNTS: tuple[tuple[str, Callable[[Traffic], int | None]], ...] = (
    ("visitors", lambda traffic: traffic.visitors),
    ("views", lambda traffic: traffic.views),
    ("sessions", lambda traffic: traffic.sessions),
)


def make(asking: Asking) -> Numbers:
    """Return the headline and what stands beside it."""
    return Numbers(of="summary", figures=tuple(_figures(asking)))


def visitors(asking: Asking) -> Figure:
    """Return the headline alone."""
    return next(_figures(asking))


def _figures(asking: Asking) -> Iterator[Figure]:
    totals = asking.totals()
    now, before = (one.traffic for one in totals)
    earlier = asking.earlier()
    for name, count in _COUNTS:
        mine, other = count(now), count(before)
        if mine is None or other is None:
            continue
        known = [each for one in earlier if (each := count(one)) is not None]
        spread = weigh.spread_of(known, len(asking.days))
        counted = Counted(now=mine, before=other, exposure=asking.exposure, spread=spread)
        yield weigh.count(name, counted, good=True)
    bounced, usually = _bounced(now), _bounced(before)
    if bounced is not None and usually is not None:
        swing = weigh.swing_of([part for one in earlier if (part := _bounced(one)) is not None])
        yield weigh.share("bounce rate", bounced, usually, good=False, swing=swing)


def _bounced(traffic: Traffic) -> Part | None:
    """Return bounces of sessions; None where one is not told, or the two do not fit together."""
    if traffic.bounces is None or not traffic.sessions or traffic.bounces > traffic.sessions:
        return None
    return Part(hits=traffic.bounces, trials=traffic.sessions)
