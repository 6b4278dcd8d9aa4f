"""When a period that is over can be believed: how much its count still grows after its end.

Sources cache, and visits arrive late. Whoever reads a period again sees by how much it grew; from such
re-reads follows the grace to wait before a period is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

LEAST_GRACE, MOST_GRACE = timedelta(minutes=5), timedelta(hours=3)
USUAL_GRACE = timedelta(minutes=35)  # Pirsch keeps answers for up to half an hour
_FEWEST_REREADS = 12
_SURE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A period was read `age` after its end, and `final` was counted in it much later."""

    age: timedelta
    count: int
    final: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How long to wait, and how much was still missing then, as a share. `learnt` False: a first guess."""

    grace: timedelta
    missing: float
    learnt: bool


def learn(rereads: Sequence[Reread], tolerated: float = 0.02) -> Completeness:
    """Return the shortest wait after which nine of ten periods lacked at most the tolerated share.

    A period may always lack one visitor: on small counts a share says nothing. With too few re-reads the
    usual grace holds; when no age was old enough, the longest one that was tried, within bounds.
    """
    ages = sorted({reread.age for reread in rereads})
    if len(rereads) < _FEWEST_REREADS or not ages:
        return Completeness(grace=USUAL_GRACE, missing=0.0, learnt=False)
    good: timedelta | None = None
    for age in reversed(ages):  # from the oldest on, so that one lucky early age does not count
        at_least = [reread for reread in rereads if reread.age == age]
        if sum(_complete(reread, tolerated) for reread in at_least) < _SURE * len(at_least):
            break
        good = age
    grace = min(max(good if good is not None else ages[-1], LEAST_GRACE), MOST_GRACE)
    return Completeness(grace=grace, missing=_missing(rereads, grace), learnt=True)


def _complete(reread: Reread, tolerated: float) -> bool:
    return reread.final - reread.count <= max(1.0, tolerated * reread.final)


def _missing(rereads: Sequence[Reread], grace: timedelta) -> float:
    later = [reread for reread in rereads if reread.age >= grace] or list(rereads)
    final = sum(reread.final for reread in later)
    return max(0.0, 1 - sum(reread.count for reread in later) / final) if final else 0.0
