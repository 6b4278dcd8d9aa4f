"""What the doctor says about one thing."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How good it is. Only WRONG keeps something from working."""

    OK = "ok"
    ADVICE = "advice"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One finding and, unless all is well, what a person should do. Holds no secret."""

    group: str
    level: Level
    what: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if (self.level is Level.OK) == bool(self.remedy):
            raise ValueError("what is well needs no remedy, and everything else needs one")


@dataclass(frozen=True, slots=True)
class Group:
    """Makes judgements of one group."""

    name: str

    def ok(self, what: str) -> Judgement:
        """Return that something is as it should be."""
        return Judgement(group=self.name, level=Level.OK, what=what)

    def advice(self, what: str, remedy: str) -> Judgement:
        """Return that something works and could be better."""
        return Judgement(group=self.name, level=Level.ADVICE, what=what, remedy=remedy)

    def wrong(self, what: str, remedy: str) -> Judgement:
        """Return that something does not work."""
        return Judgement(group=self.name, level=Level.WRONG, what=what, remedy=remedy)
