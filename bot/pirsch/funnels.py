"""Funnels: two to eight steps in one session (docs.pirsch.io, API v1, "Funnels"; Plus plan)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.pirsch.answers.owned import Funnel
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, FunnelId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire

FEWEST_STEPS, MOST_STEPS = 2, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as it is written. `filter` is in Pirsch's words, such as `{"event_name": ["buy"]}`."""

    name: str
    filter: Mapping[str, object]

    def __post_init__(self) -> None:
        if not self.name or not self.filter:
            raise Unaskable("a step needs a name and a filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelDraft:
    """A funnel as it is written, always whole."""

    name: str
    steps: tuple[StepDraft, ...]
    rest: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.name:
            raise Unaskable("a funnel needs a name")
        if not FEWEST_STEPS <= len(self.steps) <= MOST_STEPS:
            raise Unaskable(f"a funnel has {FEWEST_STEPS} to {MOST_STEPS} steps")

    @classmethod
    def of(cls, funnel: Funnel) -> "FunnelDraft":
        """Return a funnel as it would be written back."""
        steps = tuple(StepDraft(name=step.name, filter=step.filter) for step in funnel.steps)
        return cls(name=funnel.name, steps=steps, rest=funnel.rest)

    def body(self, domain: DomainId) -> dict[str, object]:
        """Return the whole object as it is sent."""
        steps = [{"name": step.name, "filter": dict(step.filter)} for step in self.steps]
        return {**self.rest, "domain_id": domain, "name": self.name, "steps": steps}

    def is_told_by(self, funnel: Funnel) -> bool:
        """Whether a funnel is as this draft says; Pirsch may tell empty members of a filter as well."""
        return (self.name, [(step.name, _told(step.filter)) for step in self.steps]) == (
            funnel.name,
            [(step.name, _told(step.filter)) for step in funnel.steps],
        )


def _told(filter: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in filter.items() if value}


class Funnels:
    """`pirsch.funnels`; their numbers are `pirsch.statistics.funnel`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId, search: str = "") -> tuple[Funnel, ...]:
        """Return all funnels with their steps."""
        pairs = (("id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("funnels.of", pairs).many(Funnel)

    def tags(self, domain: DomainId, search: str = "") -> tuple[str, ...]:
        """Return the page tags that a step can ask for."""
        pairs = (("id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("funnels.tags", pairs).many(str)

    def create(self, domain: DomainId, draft: FunnelDraft) -> Made[Funnel]:
        """Create a funnel, unless one of that name is there (its steps are not compared)."""
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.name == draft.name), None),
            create=lambda: self._wire.ask("funnels.create", body=draft.body(domain)).one(Funnel),
        )

    def update(self, domain: DomainId, funnel: FunnelId, draft: FunnelDraft) -> Funnel:
        """Write a whole funnel; its steps get new ids."""
        body = {**draft.body(domain), "id": funnel}
        return read_back(
            save=lambda: self._wire.ask("funnels.update", body=body).one(Funnel),
            look=lambda: next((one for one in self.of(domain) if one.id == funnel), None),
            as_wished=draft.is_told_by,
        )

    def delete(self, funnel: FunnelId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "funnels.delete", funnel)
