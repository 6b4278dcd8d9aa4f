"""What becomes of a goal once it is reached: raised, armed again, put away, or only told. Pure.

That it was reached is an event of our own (`bot.goals`), made once, with its proof; also where Pirsch deleted
the goal in that moment. What follows is an addition to the file (`additions`): the file keeps the target that
its owner wrote, and a raised one is laid over it until he writes another.
"""

import math
from collections.abc import Mapping

from bot.manage.change import Fields

TARGETS = ("visitors", "cr_percent", "total", "average")
"""The targets of a goal, as `manage.kinds.goals` calls them; 0 is none."""

MOST_STEPS = 1000


def raised(fields: Fields, numbers: Mapping[str, float], by: float) -> dict[str, float]:
    """Return the targets raised by a share of what they were, as often as it takes to be above the numbers.

    A share of all visitors ends at 100 percent, and whole numbers stay whole.
    """
    return {
        name: _raised(name, target, numbers.get(name, 0.0), by) for name, target in targets_of(fields).items()
    }


def targets_of(fields: Fields) -> dict[str, float]:
    """Return the targets that a goal has."""
    found = {name: fields.get(name) for name in TARGETS}
    return {name: float(one) for name, one in found.items() if isinstance(one, int | float) and one > 0}


def _raised(name: str, target: float, present: float, by: float) -> float:
    step = target * by
    steps = min(MOST_STEPS, max(1, math.floor((present - target) / step) + 1))
    wanted = target + steps * step
    if wanted <= present:  # far beyond: steps of this size would never end
        wanted = present * (1 + by)
    if name == "cr_percent":
        return min(100.0, round(wanted, 2))
    if name == "visitors" or target.is_integer():
        return float(math.ceil(round(wanted, 6)))
    return round(wanted, 2)
