"""Short ways to make goals and looks."""

from datetime import datetime, timedelta
from typing import Any

from bot.goals import Look
from bot.sources.source import GoalState, Target
from tests.stores.making import NOON

MINUTE = timedelta(minutes=1)
LATER = 5 * MINUTE


def goal(visitors: int = 0, *, wanted: float | None = 100, id: str = "g1", **more: Any) -> GoalState:
    """Return a goal for signups, with so many visitors of those that are wanted."""
    target = None if wanted is None else Target(wanted=wanted, present=visitors)
    plain: dict[str, Any] = {
        "id": id,
        "name": "Signups",
        "visitors": visitors,
        "share": None,
        "event": "signup",
        "visitors_target": target,
    }
    return GoalState(**(plain | more))


def look(number: int, *goals: GoalState) -> Look:
    """Return what was seen so many looks after noon."""
    return Look(at=look_at(number), goals=goals)


def look_at(number: int) -> datetime:
    """Return when that is."""
    return NOON + number * LATER
