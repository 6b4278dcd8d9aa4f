"""What left its usual, and what made the difference: the period, single days of it, the mix of channels.

The most surprising day and the mix are always among what is tested, so that the family of tests of the whole
digest is not made of the surprising ones alone; `settle` drops what does not hold.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.detect.breakdown import mix
from bot.digests import rhythm
from bot.digests.asking import Asking
from bot.digests.rhythm import Day
from bot.digests.sections import summary
from bot.digests.weigh import EDGE
from bot.facts import Figure, Form, Oddity, Says, Unusual
from bot.sources.source import Breakdown, Dimension

MOST_DAYS = 3
_EXPLAINED_BELOW = 0.01
_RATIO = 1.3
_LEAST_DIFFERENCE = 8
_LEAST_VISITORS = 50


def make(asking: Asking) -> Unusual:
    """Return the candidates, the most surprising first."""
    found = [*_period(asking), *_days(asking), *_mix(asking)]
    return Unusual(oddities=tuple(sorted(found, key=lambda one: one.figure.chance or 0.0)))


def _period(asking: Asking) -> Iterator[Oddity]:
    figure = summary.visitors(asking)
    if figure.chance is not None:
        days = asking.days
        explained = _explained(asking, figure) and asking.explanation(days.first, days.last)
        yield Oddity(what="period", figure=figure, explanation=explained or None)


def _days(asking: Asking) -> Iterator[Oddity]:
    """Give the days of a longer period; the one day of a daily digest is its period."""
    if len(asking.days) == 1:
        return
    history = asking.series().completed().buckets
    known = [day for day in rhythm.days(history, len(asking.days)) if day.chance is not None]
    known.sort(key=lambda day: day.chance or 0.0)
    for place, day in enumerate(known[:MOST_DAYS]):
        figure = _figure(day, len(known))
        if place == 0 or figure.says is Says.EDGE:
            explanation = asking.explanation(day.day, day.day) if _explained(asking, figure) else None
            yield Oddity(what="day", day=day.day, figure=figure, explanation=explanation)


def _figure(day: Day, tested: int) -> Figure:
    usual, chance = day.usual or 0.0, min(1.0, (day.chance or 0.0) * tested)
    far = abs(day.visitors - usual) >= _LEAST_DIFFERENCE
    matters = far and not usual / _RATIO < day.visitors < usual * _RATIO
    return Figure(
        name="visitors",
        now=Decimal(day.visitors),
        before=Decimal(round(usual)),
        says=Says.EDGE if matters and chance < EDGE else Says.USUAL,
        change=day.visitors / usual - 1 if usual else None,
        low=day.low,
        high=day.high,
        chance=chance,
        good=True,
    )


def _explained(asking: Asking, figure: Figure) -> bool:
    """Whether it is worth some dozens of questions: so many are not asked of what is usual."""
    return figure.says is Says.EDGE and figure.chance is not None and figure.chance < _EXPLAINED_BELOW


# ---------------------------------------------------------------- the mix


def _mix(asking: Asking) -> Iterator[Oddity]:
    now, before = asking.channels()
    mine, other = _counts(now), _counts(before)
    names = sorted(mine | other)
    if min(sum(mine.values()), sum(other.values())) < _LEAST_VISITORS or len(names) < 2:
        return
    judged = mix([mine.get(name, 0) for name in names], [other.get(name, 0) for name in names])
    moved = max(names, key=lambda name: abs(_share(mine, name) - _share(other, name)))
    figure = Figure(
        name=moved,
        now=Decimal(str(round(_share(mine, moved), 6))),
        before=Decimal(str(round(_share(other, moved), 6))),
        form=Form.SHARE,
        says=Says.EDGE if judged.shifted else Says.USUAL,
        change=_share(mine, moved) - _share(other, moved),
        chance=judged.chance,
    )
    yield Oddity(what="mix", dimension=Dimension.CHANNEL.value, figure=figure)


def _counts(breakdown: Breakdown) -> dict[str, int]:
    return {row.value: row.traffic.visitors for row in breakdown.rows}


def _share(counts: dict[str, int], name: str) -> float:
    return counts.get(name, 0) / (sum(counts.values()) or 1)
