"""What a filter on pages or a country would have removed in the past. Only numbers are read.

Of addresses nothing can be said: Pirsch keeps none. For pages the answer is an upper bound: whoever saw such
a page may have seen others, and a glob is asked for by the part before its first star.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.manage.change import Change, KindName, Verb
from bot.manage.outcome import Impact
from bot.sources.errors import SourceError
from bot.sources.periods import Days
from bot.sources.source import Dimension, GoalState, Match, Source, Where

DAYS = 30
MOST_GOALS = 20


def impacts(source: Source, changes: Sequence[Change]) -> Mapping[str, Impact]:
    """Return the impact of each new filter by its key. One that cannot be told is missing."""
    found = {}
    for change in changes:
        where = _where(change)
        if where is not None:
            try:
                found[change.key] = impact(source, where)
            except SourceError:
                continue
    return found


def impact(source: Source, where: Where) -> Impact:
    """Return what a filter would have removed in the last 30 whole days. Raise SourceError."""
    today = source.today()
    period = Days(first=today - timedelta(days=DAYS), last=today - timedelta(days=1))
    goals = source.goals(period)[:MOST_GOALS]
    return Impact(
        days=DAYS,
        visitors=source.totals(period, (where,)).traffic.visitors,
        of_visitors=source.totals(period).traffic.visitors,
        conversions=sum(_converted(source, period, where, goal) for goal in goals),
        of_conversions=sum(goal.visitors for goal in goals),
        at_most=where.dimension is Dimension.PAGE,
    )


def _converted(source: Source, period: Days, where: Where, goal: GoalState) -> int:
    """How many of those who reached a goal would not have been counted."""
    if not goal.visitors:
        return 0
    one = reaching(goal, where.dimension)
    if one is not None:
        return min(source.totals(period, (where, one)).traffic.visitors, goal.visitors)
    if where.dimension is Dimension.PAGE:
        return goal.visitors if _overlap(where.value or "", goal.page) else 0
    return 0


def reaching(goal: GoalState, narrowed: Dimension) -> Where | None:
    """Return who reached a goal, to be asked together with one value of a dimension; None: it cannot be.

    Two demands on pages would mean any of them.
    """
    if goal.event:
        return Where(dimension=Dimension.EVENT, value=goal.event)
    return _page(goal.page) if goal.page and narrowed is not Dimension.PAGE else None


def _where(change: Change) -> Where | None:
    """The traffic that a change would drop, as far as numbers can tell it apart."""
    if change.kind is not KindName.FILTER or change.verb is Verb.DELETE or change.after is None:
        return None
    value = str(change.after["filter"])
    match change.after["type"]:
        case "country":
            return Where(dimension=Dimension.COUNTRY, value=value.lower())
        case "page":
            return _page(value)
    return None


def _page(glob: str) -> Where | None:
    """A page, or every page with the beginning of a glob in it; None for all pages."""
    beginning = glob.partition("*")[0]
    if "*" not in glob:
        return Where(dimension=Dimension.PAGE, value=glob)
    if not beginning.strip("/"):
        return None
    return Where(dimension=Dimension.PAGE, value=beginning, match=Match.CONTAINS)


def _overlap(one: str, other: str) -> bool:
    """Whether two globs can mean the same page; rather yes than no."""
    first, second = one.partition("*")[0], other.partition("*")[0]
    return first.startswith(second) or second.startswith(first)
