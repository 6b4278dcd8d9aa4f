"""[[watch]] as the file writes it: a number of a site, and what is trouble about it."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.detect.chance import Budget
from bot.detect.verdict import Side
from bot.facts import Severity
from bot.settings.doing import Doing
from bot.settings.table import Table
from bot.settings.tables import Reference
from bot.settings.words import Duration, Pause, Text, Whole, duration, spell

SHORTEST_EVERY, LONGEST_EVERY = timedelta(minutes=1), timedelta(days=1)
LONGEST_HOLD = timedelta(days=7)
AUTO = "auto"
_CHANGE = re.compile(r"([+-]?)\s*([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*%")


def _budget(text: Any) -> Budget:
    if not isinstance(text, str):
        raise ValueError('a budget is written like "1 per quarter": week, month, quarter or year')  # noqa: TRY004
    return Budget.read(text)


def _change(text: Any) -> tuple[float, Side | None]:
    """Read "50%", "+50%" or "-30%": the sign says which way."""
    found = _CHANGE.fullmatch(text.strip()) if isinstance(text, str) else None
    share = float(found[2]) / 100 if found else 0.0
    if not found or share <= 0:
        raise ValueError('a change is written like "50%", or "+50%" and "-30%" for one way only')
    if found[1] != "+" and share >= 1:
        raise ValueError('nothing falls by all of it or more: write "+100%" for a rise')
    return share, {"+": Side.UP, "-": Side.DOWN, "": None}[found[1]]


def _silence(value: Any) -> timedelta | None:
    return None if value == AUTO else duration(value)


def _every(length: timedelta) -> timedelta:
    if not SHORTEST_EVERY <= length <= LONGEST_EVERY:
        raise ValueError(f"a length from {spell(SHORTEST_EVERY)} to {spell(LONGEST_EVERY)} is needed")
    return length


def _hold(length: timedelta) -> timedelta:
    if length > LONGEST_HOLD:
        raise ValueError(f"{spell(LONGEST_HOLD)} at most: who waits longer hears of it in a digest")
    return length


Amount = Annotated[float, Field(allow_inf_nan=False, ge=0), BeforeValidator(lambda value: _number(value))]


def _number(value: Any) -> float:
    """Read a number; "60%" is 0.6. True and texts of other kinds are none."""
    if isinstance(value, str) and (
        found := re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*%", value.strip())
    ):
        return float(found[1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError('a number is needed, or a share such as "60%"')  # noqa: TRY004
    return float(value)


class Unusual(Table):
    """unusual = { … }: chance explains it less often than the budget allows."""

    budget: Annotated[Budget, BeforeValidator(_budget)] = Budget.read("1 per quarter")
    side: Side | None = None
    ratio: Annotated[float, Field(gt=1, le=100, allow_inf_nan=False)] | None = None
    least: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None


class Watch(Table):
    """[[watch]]: which number, what is trouble about it, and who is told."""

    name: Text
    look: Text
    site: Reference | None = None
    unusual: Unusual | None = None
    above: Amount | None = None
    below: Amount | None = None
    recovery: Amount | None = None
    change: Annotated[tuple[float, Side | None], BeforeValidator(_change)] | None = None
    least: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    silent_for: Annotated[timedelta | None, BeforeValidator(_silence)] = None
    hold: Annotated[Pause, AfterValidator(_hold), Field(alias="for")] = timedelta(0)
    every: Annotated[Duration, AfterValidator(_every)] | None = None
    event: Text | None = None
    meta: Text | None = None
    goal: Text | None = None
    funnel: Text | None = None
    dimension: Text | None = None
    period: Literal["day", "week", "month"] | None = None
    within: Duration | None = None
    severity: Severity = Severity.NOTICE
    remind: tuple[Duration, ...] | None = None
    do: Doing | None = None
    notify: tuple[Reference, ...]


LOOKS_AT = ("event", "meta", "goal", "funnel", "dimension", "period", "within")
"""The keys that say which number is meant: each look takes some of them."""

CONDITIONS = ("unusual", "above", "below", "change", "silent_for")
