"""Asks a source for the goals of a site, each counted since it was made."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from bot.goals.decide import Look
from bot.sources.periods import Days, one_day
from bot.sources.source import GoalState, Source

_LONGEST = timedelta(days=365)
"""How far back is counted for a goal of which nobody knows when it was made."""


def look(source: Source, now: datetime) -> Look:
    """Return all goals as they stand. Raise SourceError.

    One call for the list, and one for each day before today on which some of them were made. That day counts
    as a whole; since when the vendor counts, it does not say.
    """
    today = source.today()
    made = defaultdict[date, set[str]](set)
    goals = {state.id: state for state in source.goals(one_day(today))}
    for state in goals.values():
        made[_day(state, source, today)].add(state.id)
    for first, ids in made.items():
        if first < today:
            counted = source.goals(Days(first=first, last=today))
            goals |= {state.id: state for state in counted if state.id in ids}
    return Look(at=now, goals=tuple(goals.values()))


def _day(state: GoalState, source: Source, today: date) -> date:
    if state.made_at is None:
        return today - _LONGEST
    return min(today, state.made_at.astimezone(source.zone).date())
