"""Pictures as facts: what is to be seen, without a word about how it is drawn.

The same value becomes a drawing for a mail and a page, a chart block in Slack, and a sentence for those who
see none of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place on a line: `value` None where nothing is known, `low` and `high` what would be usual.

    `marked` is what the message is about.
    """

    at: datetime
    value: float | None
    low: float | None = None
    high: float | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number over time, one point for each hour or day, with the band in which it was expected."""

    title: str
    unit: str
    points: tuple[Point, ...]
    hourly: bool
    kind: Literal["line"] = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One value of a comparison; `before` is what it was in the period that it is compared with."""

    label: str
    value: float
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Values side by side, each beside what it was before. `now` and `before` name the two periods."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    now: str
    before: str | None = None
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A line so small that only its shape is seen."""

    title: str
    values: tuple[float | None, ...]
    kind: Literal["spark"] = "spark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a funnel; `usual` is how many would have come so far on a usual day."""

    name: str
    visitors: int
    usual: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many came how far."""

    title: str
    steps: tuple[Step, ...]
    kind: Literal["funnel"] = "funnel"


Picture = Line | Bars | Spark | Funnel
