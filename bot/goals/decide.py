"""What became of a site's goals between two looks. Pure.

A goal is reached once for each set of targets: raising a target makes it a goal to be reached again, falling
below does not. Told is what became true while we looked on; a goal that was there before our first look of
its site, and was reached by then, is old news.

A goal that the vendor deletes when it is reached vanishes in that moment, and nobody can ask about it any
more. So one that is missing was probably reached: said with that word, and only after two looks, because an
answer can be cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.sources.source import GoalState

LEAST_VISITORS = 30
"""Of fewer visitors a rate says nothing: the first of them would reach every goal."""

GONE_AFTER = timedelta(minutes=4)
"""How long a goal has to be missing, over two looks."""


class Proof(StrEnum):
    """How we know that a goal was reached."""

    COUNTED = "counted"  # every target was met
    VANISHED = "vanished"  # it is gone, and its vendor deletes it when it is reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A goal as it was seen last."""

    id: str
    name: str
    event: str = ""
    event_meta: tuple[str, str] | None = None
    page: str = ""
    tied: bool = False  # an event alone makes it: nothing about the page or its tags
    wanted: Mapping[str, float]
    visitors: int
    progress: float | None
    vanishes: bool
    reached_at: datetime | None = None
    missing_since_at: datetime | None = None

    def counts(self, meta: Mapping[str, str]) -> bool:
        """Whether an event of its name, with this meta, counts towards it."""
        if not self.tied:
            return False
        if self.event_meta is None:
            return True
        key, value = self.event_meta
        return key in meta and (not value or meta[key] == value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All goals of a site at one instant, each with its numbers since it was made."""

    at: datetime
    goals: Sequence[GoalState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was known after a look: `at` None when nobody has looked before."""

    at: datetime | None = None
    goals: Mapping[str, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A goal that was reached between two looks."""

    goal: Known
    proof: Proof

    @property
    def meta(self) -> Mapping[str, str]:
        """What an event about it carries: texts, as all meta."""
        goal = self.goal
        found = {
            "goal": goal.name,
            "goal_id": goal.id,
            "proof": self.proof.value,
            "visitors": str(goal.visitors),
            "event": goal.event,
            "page": goal.page,
        }
        found |= {f"target_{name}": f"{wanted:g}" for name, wanted in goal.wanted.items()}
        return {key: value for key, value in found.items() if value}


def decide(before: Seen, look: Look) -> tuple[Seen, tuple[Reached, ...]]:
    """Return what is known after a look, and which goals were reached since the one before."""
    found, news = dict[str, Known](), list[Reached]()
    for state in look.goals:
        goal, proof = _after(before, state, look.at)
        found[goal.id] = goal
        news += [] if proof is None else [Reached(goal=goal, proof=proof)]
    for goal in before.goals.values():
        if goal.id in found:
            continue
        if not _gone(goal, look.at):
            found[goal.id] = replace(goal, missing_since_at=goal.missing_since_at or look.at)
        elif goal.vanishes and goal.reached_at is None:
            news.append(Reached(goal=replace(goal, reached_at=look.at), proof=Proof.VANISHED))
    return Seen(at=look.at, goals=found), tuple(news)


def _after(before: Seen, state: GoalState, at: datetime) -> tuple[Known, Proof | None]:
    """Return a goal as it is known now, and the proof when it was reached since the last look."""
    known = before.goals.get(state.id)
    wanted = _wanted(state)
    reached_at = known.reached_at if known is not None and known.wanted == wanted else None
    proof = None
    if reached_at is None and _reached(state):
        reached_at = at
        proof = Proof.COUNTED if known is not None or _made_since(before, state) else None
    goal = Known(
        id=state.id,
        name=state.name,
        event=state.event,
        event_meta=state.event_meta,
        page=state.page,
        tied=bool(state.event) and not state.page and not state.tags,
        wanted=wanted,
        visitors=state.visitors,
        progress=state.progress,
        vanishes=state.vanishes,
        reached_at=reached_at,
    )
    return goal, proof


def _made_since(before: Seen, state: GoalState) -> bool:
    return before.at is not None and state.made_at is not None and state.made_at >= before.at


def _gone(goal: Known, at: datetime) -> bool:
    return goal.missing_since_at is not None and at - goal.missing_since_at >= GONE_AFTER


def _wanted(state: GoalState) -> dict[str, float]:
    targets = {
        "visitors": state.visitors_target,
        "share": state.share_target,
        "total": state.total_target,
        "average": state.average_target,
    }
    return {name: target.wanted for name, target in targets.items() if target is not None}


def _reached(state: GoalState) -> bool:
    if not state.reached:
        return False
    if state.share_target is None or not state.share:
        return True
    return state.visitors / state.share >= LEAST_VISITORS
