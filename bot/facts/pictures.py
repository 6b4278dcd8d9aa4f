"""Pictures as facts: what is to be seen, without a word about how it is drawn.

The same value becomes a drawing for a mail and a page, a chart block in Slack, and a sentence for those who
see none of them.

A `unit` is the word for what is counted ("visitors"); "%" says that the values are shares of one, "s" that
they are seconds, and three capitals ("EUR") that they are money.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


def _finite(*values: float | None) -> None:
    """Refuse what is no number: it comes from a division by nothing, and no picture can show it."""
    for value in values:
        if value is not None and not (isinstance(value, int) or math.isfinite(value)):
            raise ValueError(f"a picture shows numbers, and {value!r} is none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place on a line: `value` None where nothing is known, `low` and `high` what would be usual.

    `before` is the value at the same place of the period that the line is compared with. `marked` is what
    the message is about.
    """

    at: datetime
    value: float | None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    marked: bool = False

    def __post_init__(self) -> None:
        _finite(self.value, self.low, self.high, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number over time, one point for each hour or day, with the band in which it was expected.

    `before` names the period of the points' `before`: "the week before".
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    hourly: bool
    before: str | None = None
    kind: Literal["line"] = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One value of a comparison; `before` is what it was in the period that it is compared with."""

    label: str
    value: float
    before: float | None = None

    def __post_init__(self) -> None:
        _finite(self.value, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Values side by side, each beside what it was before. `now` and `before` name the two periods.

    `dimension` is what the labels are values of, such as `country`, whose values are codes.
    """

    title: str
    unit: str
    bars: tuple[Bar, ...]
    now: str
    before: str | None = None
    dimension: str = ""
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A line so small that only its shape is seen."""

    title: str
    values: tuple[float | None, ...]
    unit: str = ""
    kind: Literal["spark"] = "spark"

    def __post_init__(self) -> None:
        _finite(*self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a funnel; `usual` is how many would have come so far on a usual day."""

    name: str
    visitors: int
    usual: float | None = None

    def __post_init__(self) -> None:
        _finite(self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many came how far."""

    title: str
    steps: tuple[Step, ...]
    kind: Literal["funnel"] = "funnel"


Picture = Line | Bars | Spark | Funnel
