"""[[occasion]] as the file writes it: days that are not like others."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.settings.table import Table
from bot.settings.tables import Reference
from bot.settings.words import Text
from bot.sources.periods import Days
from bot.watches.calendar import MOST_DAYS, Expect, Yearly

_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})", re.ASCII)
_LEAP = 2024  # a year that has every day which any year has
_HOW = 'write days as "2026-11-27", "2026-11-23 to 2026-11-30", or for each year "12-24", "12-24 to 12-26"'


def read_days(value: object) -> Days | Yearly:
    """Read a day or some days that follow each other, of one year or of each. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):  # TOML's own, without quotes
        return Days(first=value, last=value)
    if not isinstance(value, str):
        raise ValueError(_HOW)  # noqa: TRY004 - pydantic collects ValueErrors
    first, _, last = (part.strip() for part in value.partition(" to "))
    ends = [_day(part) for part in ((first, last) if last else (first, first))]
    match ends:
        case [date() as begin, date() as end]:
            return _span(begin, end)
        case [(int(), int()) as begin, (int(), int()) as end]:
            return Yearly(first=begin, last=end)
    raise ValueError("one of these has a year and the other has none")


def _day(text: str) -> date | tuple[int, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(_HOW)
    try:
        day = date(int(found[1] or _LEAP), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError("there is no such day") from None
    return day if found[1] else (day.month, day.day)


def _span(first: date, last: date) -> Days:
    if last < first:
        raise ValueError("the last day comes before the first")
    if (last - first).days >= MOST_DAYS:
        raise ValueError("these are more days than a year has: what is so long is usual")
    return Days(first=first, last=last)


def _some(value: Any) -> tuple[Days | Yearly, ...]:
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not listed:
        raise ValueError("at least one day is needed")
    return tuple(read_days(one) for one in listed)


class Occasion(Table):
    """[[occasion]]: which days are not like others, where, and in what way."""

    name: Text
    days: Annotated[tuple[Days | Yearly, ...], BeforeValidator(_some)]
    expect: Expect = Expect.ANYTHING
    site: Reference | None = None
