"""Asks a source for both sides of a comparison: who came in a stretch of time, and in the same hours of weeks
before.

Asked when an alert opens, not on every look: for a part of one day 36 calls, for one that touches three days
108. Of what cannot be had nothing is said; when the totals cannot be had, nothing is.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from bot.detect.breakdown import Value
from bot.explain import dashboard
from bot.explain.dashboard import Board
from bot.explain.drivers import Cut, Family, explain
from bot.explain.window import alike, days_of, earlier, pieces
from bot.facts import Cause, Doubt, Driver, Explanation
from bot.sources.errors import SourceError
from bot.sources.periods import Period
from bot.sources.source import EVERYTHING, Dimension, Source, Where
from bot.watches.calendar import PLAIN, Calendar

log = logging.getLogger(__name__)

WEEKS = 3
"""How many weeks before are compared with: enough to know a rhythm, and few enough to be like today."""

AT_ONCE = 3
MOST_VALUES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A dimension. `nameless` False: who has no value is in no row of it, and is told by no message."""

    dimension: Dimension
    family: Family
    nameless: bool = True


DIMENSIONS = (
    _Asked(dimension=Dimension.UTM_CAMPAIGN, family=Family.SOURCE, nameless=False),
    _Asked(dimension=Dimension.REFERRER, family=Family.SOURCE),
    _Asked(dimension=Dimension.CHANNEL, family=Family.SOURCE),
    _Asked(dimension=Dimension.ENTRY_PAGE, family=Family.PAGE),
    _Asked(dimension=Dimension.PAGE, family=Family.PAGE),
    _Asked(dimension=Dimension.COUNTRY, family=Family.PLACE),
    _Asked(dimension=Dimension.BROWSER, family=Family.DEVICE),
    _Asked(dimension=Dimension.SYSTEM, family=Family.DEVICE),
)
"""What is asked for, in each family the finer before the coarser."""


def drivers(
    source: Source,
    since_at: datetime,
    until_at: datetime,
    *,
    where: Sequence[Where] = EVERYTHING,
    weeks: int = WEEKS,
    board: Board | None = None,
    calendar: Calendar = PLAIN,
) -> Explanation:
    """Say what made the number of visitors in [since_at, until_at) what it is. Raises no SourceError.

    It is compared with the latest weeks that had no day of the calendar's in these hours.
    """
    now = pieces(since_at, until_at, source.zone)
    compared = alike(now, weeks, lambda day: calendar.on(day) is not None)
    before = [earlier(piece, week) for week in compared for piece in now]
    narrowed = {one.dimension for one in where}
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="explain") as pool:
        asked = [one for one in DIMENSIONS if one.dimension not in narrowed]
        flying = [pool.submit(_both, source, one.dimension, now, before, where) for one in asked]
        try:
            got, usual = _visitors(source, now, where), _visitors(source, before, where)
        except SourceError as error:
            log.warning("no reasons: the source does not answer", extra={"why": error.why})
            return Explanation(got=0, expected=0.0, doubt=Doubt.UNKNOWN)
        found = [(one, both.result()) for one, both in zip(asked, flying, strict=True)]
    cuts = [_cut(one, *both, got, usual) for one, both in found if both is not None]
    return _linked(explain(got, usual, len(compared), cuts), board, now, where)


def _visitors(source: Source, periods: Sequence[Period], where: Sequence[Where]) -> int:
    return sum(source.totals(period, where).traffic.visitors for period in periods)


def _both(
    source: Source,
    dimension: Dimension,
    now: Sequence[Period],
    before: Sequence[Period],
    where: Sequence[Where],
) -> tuple[Counter[str], Counter[str]] | None:
    """Return the visitors by one dimension, now and before; None when they cannot be had."""
    try:
        return _counted(source, dimension, now, where), _counted(source, dimension, before, where)
    except SourceError as error:
        log.info("a dimension is missing", extra={"dimension": dimension, "why": error.why})
        return None


def _counted(
    source: Source, dimension: Dimension, periods: Sequence[Period], where: Sequence[Where]
) -> Counter[str]:
    found = Counter[str]()
    for period in periods:
        for row in source.breakdown(dimension, period, where, MOST_VALUES).rows:
            found[row.value] += row.traffic.visitors
    return found


def _cut(asked: _Asked, mine: Counter[str], usual: Counter[str], got: int, before: int) -> Cut:
    """Put both sides together. Where no row stands for those without a value, one is made of the rest."""
    if not asked.nameless:
        mine[""], usual[""] = max(0, got - mine.total()), max(0, before - usual.total())
    values = tuple(
        Value(name=name, now=mine[name], before=usual[name]) for name in sorted(mine.keys() | usual.keys())
    )
    return Cut(dimension=asked.dimension, family=asked.family, values=values, nameless=asked.nameless)


def _linked(
    found: Explanation, board: Board | None, now: Sequence[Period], where: Sequence[Where]
) -> Explanation:
    """Let each statement lead to the dashboard, with the days and the value."""
    if board is None:
        return found
    days = days_of(now)

    def driver(cause: Cause, one: Driver) -> Driver:
        narrowed = (*where, Where(dimension=Dimension(cause.dimension), value=one.value or None))
        return replace(one, link=dashboard.link(board, days, narrowed))

    causes = tuple(
        replace(cause, drivers=tuple(driver(cause, one) for one in cause.drivers)) for cause in found.causes
    )
    return replace(found, causes=causes, link=dashboard.link(board, days, where))
