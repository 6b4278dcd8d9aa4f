"""Chance in the words of people: budgets of false alarms, and how seldom a surprise is."""

import re
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)
YEAR = 365.25 * DAY
_PERIODS = {"week": 7 * DAY, "month": YEAR / 12, "quarter": YEAR / 4, "year": YEAR}
_BUDGET = re.compile(r"(\d{1,3}) per (week|month|quarter|year)")
_LONGEST = 1_000_000 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many false alarms one watch may raise within a time."""

    alarms: int
    within: timedelta

    def __post_init__(self) -> None:
        if self.alarms < 1:
            raise ValueError("a budget is at least one alarm")

    @classmethod
    def read(cls, text: str) -> "Budget":
        """Read "1 per quarter". Raise ValueError with a sentence for the owner."""
        found = _BUDGET.fullmatch(" ".join(text.split()))
        if found is None or int(found[1]) == 0:
            raise ValueError('a budget is written like "1 per quarter": week, month, quarter or year')
        return cls(alarms=int(found[1]), within=_PERIODS[found[2]])

    @property
    def per_month(self) -> float:
        """Return the false alarms in a month."""
        return self.alarms * (YEAR / 12 / self.within)


def once_in(chance: float, looks_per_day: float) -> timedelta:
    """Return how seldom chance alone does this, at most a million days."""
    per_day = chance * looks_per_day
    if per_day <= DAY / _LONGEST:
        return _LONGEST
    return min(_LONGEST, DAY / per_day)


def in_words(rarity: timedelta) -> str:
    """Return "about once in 3 years", or the like."""
    if rarity >= 1000 * YEAR:
        return "less than once in a thousand years"
    for name, length in (("year", YEAR), ("month", YEAR / 12), ("week", 7 * DAY), ("day", DAY)):
        number = round(rarity / length)
        if number >= 2:
            return f"about once in {number} {name}s"
        if number == 1 and rarity >= 0.75 * length:
            return f"about once a {name}"
    return "several times a day"
