"""A number beside that of a comparable period, and what it says: most numbers say nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Says(StrEnum):
    """What a number says beside the comparable one, chance and the site's own swings considered."""

    UNUSUAL = "unusual"  # chance does this too seldom, and it is enough to matter
    EDGE = "edge"  # it may be chance
    USUAL = "usual"
    UNKNOWN = "unknown"  # there is nothing, or too little, to compare it with


class Form(StrEnum):
    """What kind of number it is, and so how it is written."""

    COUNT = "count"
    SHARE = "share"  # a fraction from 0 to 1
    AMOUNT = "amount"  # money, or what else the values of events add up to


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """Whole local days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the period beside that of the comparable one.

    `name` may be a stranger's: a path, a referrer, an event. `change` is a fraction (0.5: half as much
    again), for a share the difference in points (0.05: five points more); None where nothing was before.
    `low` and `high` are what would have been usual. `good` is None where more is neither good nor bad.
    `dimension` is what the name is a value of, such as `country`, whose values are codes; empty for others.
    """

    name: str
    now: Decimal
    before: Decimal | None = None
    form: Form = Form.COUNT
    unit: str = ""  # of an amount: a currency
    says: Says = Says.UNKNOWN
    change: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    good: bool | None = None
    dimension: str = ""

    @property
    def loud(self) -> bool:
        """Whether people must see it without looking for it."""
        return self.says is Says.UNUSUAL

    @property
    def rose(self) -> bool:
        """Whether it is more than before; what was not there before rose."""
        return self.before is None or self.now > self.before

    @property
    def new(self) -> bool:
        """Whether it was not there in the comparable period."""
        return self.before == 0 and self.now > 0

    @property
    def gone(self) -> bool:
        """Whether it is not there any more."""
        return self.now == 0 and self.before is not None and self.before > 0
