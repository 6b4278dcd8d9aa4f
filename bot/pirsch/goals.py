"""Conversion goals (docs.pirsch.io, API v1, "Conversion Goals").

Targets are sent as `visitors` and `cr` and come back as `visitor_goal` and `cr_goal`; sending an answer back
as it came would wipe them. So what is read (`Goal`) and what is written (`GoalDraft`) are two types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from bot.http.decoding import Keys
from bot.pirsch.answers.owned import Goal
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, GoalId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalDraft:
    """A goal as it is written: a path (with wildcards), an event, or both. 0 means no target.

    `cr_percent` is percent. `email_reached` sends one mail; writing it again arms that mail again.
    """

    name: str
    path: str = ""
    tags: tuple[str, ...] = ()
    event: str = ""
    event_meta_key: str = ""
    event_meta_value: str = ""
    custom_metric_key: str = ""
    custom_metric_type: str = ""
    visitors: int = 0
    cr_percent: float = 0.0
    custom_metric_total: float = 0.0
    custom_metric_avg: float = 0.0
    delete_reached: bool = False
    email_reached: bool = False
    rest: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.name:
            raise Unaskable("a goal needs a name")
        if not (self.path or self.event):
            raise Unaskable("a goal needs a path or an event")

    @classmethod
    def of(cls, goal: Goal) -> "GoalDraft":
        """Return a goal as it would be written back, nothing lost.

        Raise Unaskable for a path that a person wrote as a regular expression: the documents name no field
        to write it to.
        """
        if goal.regex and not goal.glob:
            raise Unaskable(f"goal {goal.name!r} has a regular expression, which the API cannot write back")
        return cls(
            name=goal.name,
            path=goal.glob,
            tags=goal.tags,
            event=goal.event_name,
            event_meta_key=goal.event_meta_key,
            event_meta_value=goal.event_meta_value,
            custom_metric_key=goal.custom_metric_key,
            custom_metric_type=goal.custom_metric_type,
            visitors=goal.visitors or 0,
            cr_percent=goal.cr_percent or 0.0,
            custom_metric_total=goal.custom_metric_total or 0.0,
            custom_metric_avg=goal.custom_metric_avg or 0.0,
            delete_reached=goal.delete_reached,
            email_reached=goal.email_reached,
            rest=goal.rest,
        )

    def body(self, domain: DomainId) -> dict[str, object]:
        """Return the whole object as it is sent: Pirsch takes a missing part for an empty one."""
        return {
            **self.rest,
            "domain_id": domain,
            "name": self.name,
            "path_pattern": self.path,
            "tags": list(self.tags),
            "event_name": self.event,
            "event_meta_key": self.event_meta_key,
            "event_meta_value": self.event_meta_value,
            "custom_metric_key": self.custom_metric_key,
            "custom_metric_type": self.custom_metric_type,
            "visitors": self.visitors,
            "cr": self.cr_percent,
            "custom_metric_total_goal": self.custom_metric_total,
            "custom_metric_avg_goal": self.custom_metric_avg,
            "delete_reached": self.delete_reached,
            "email_reached": self.email_reached,
        }

    def is_told_by(self, goal: Goal) -> bool:
        """Whether a goal is as this draft says, leaving `rest` aside."""
        try:
            return _comparable(GoalDraft.of(goal)) == _comparable(self)
        except Unaskable:  # it could not even be written so
            return False


def _comparable(draft: GoalDraft) -> GoalDraft:
    return replace(draft, tags=tuple(sorted(draft.tags)), rest={})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    matches: Annotated[bool, Keys("match")]


class Goals:
    """`pirsch.goals`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId, search: str = "") -> tuple[Goal, ...]:
        """Return all goals. One that is to be deleted when it is reached is missing from then on."""
        pairs = (("id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("goals.of", pairs).many(Goal)

    def create(self, domain: DomainId, draft: GoalDraft) -> Made[Goal]:
        """Create a goal, unless one of that name is there (its other parts are not compared)."""
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.name == draft.name), None),
            create=lambda: self._wire.ask("goals.create", body=draft.body(domain)).one(Goal),
        )

    def update(self, domain: DomainId, goal: GoalId, draft: GoalDraft) -> Goal:
        """Write a whole goal. With `email_reached` its one mail is armed again: never do it on a timer."""
        body = {**draft.body(domain), "id": goal}
        return read_back(
            save=lambda: self._wire.ask("goals.update", body=body).one(Goal),
            look=lambda: next((one for one in self.of(domain) if one.id == goal), None),
            as_wished=draft.is_told_by,
        )

    def delete(self, goal: GoalId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "goals.delete", goal)

    def regex_matches(self, regex: str, sample: str) -> bool:
        """Try a regular expression on a path, at Pirsch. Raise Refused when it is none."""
        body = {"regex": regex, "sample": sample}
        return self._wire.ask("goals.regex_matches", body=body).one(_Match).matches
