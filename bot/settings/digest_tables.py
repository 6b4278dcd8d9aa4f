"""[[digest]] as the file spells it. `config.example.toml` explains every key."""

import re
from datetime import time
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator

from bot.digests.outline import GoalPeriod, WhenUsual
from bot.settings.table import Table
from bot.settings.tables import Reference
from bot.settings.words import Text, Zone

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED = {
    "daily": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
_SCHEDULE = re.compile(r"(?P<days>[a-z0-9 ,]+?)\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_OF_MONTH = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)")
_LAST = 31
_EARLIEST = time(0, 5)
_LONGEST_CURRENCY = 10
_EXAMPLES = '"mon 08:00", "daily 07:30", "weekdays 07:30", "mon, thu 09:00", "1st 08:00" or "last 18:00"'


class Written(NamedTuple):
    """A schedule as it is written, without its zone."""

    at: time
    weekdays: frozenset[int]
    day_of_month: int | None


def schedule(value: Any) -> Written:
    """Read "mon 08:00". Raises ValueError with what would be right."""
    if isinstance(value, Written):
        return value
    found = _SCHEDULE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"days and a time are needed, such as {_EXAMPLES}")
    if int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise ValueError("a time of day goes from 00:00 to 23:59")
    at = time(int(found["hour"]), int(found["minute"]))
    if at < _EARLIEST:
        raise ValueError(f"{_EARLIEST:%H:%M} is the earliest: a day is not counted yet when it ends")
    weekdays, day = _days(found["days"].strip())
    return Written(at=at, weekdays=weekdays, day_of_month=day)


def _days(text: str) -> tuple[frozenset[int], int | None]:
    if text in _NAMED:
        return _NAMED[text], None
    if text == "last":
        return _NAMED["daily"], _LAST
    if (found := _OF_MONTH.fullmatch(text)) is not None:
        if not 1 <= int(found["day"]) <= _LAST:
            raise ValueError('days of a month go from "1st" to "31st"')
        return _NAMED["daily"], int(found["day"])
    names = [name for name in re.split(r"[ ,]+", text) if name]
    unknown = [name for name in names if name[:3] not in _WEEKDAYS]
    if unknown or not names:
        raise ValueError(f"days and a time are needed, such as {_EXAMPLES}")
    return frozenset(_WEEKDAYS.index(name[:3]) for name in names), None


def _short(text: str) -> str:
    if len(text) > _LONGEST_CURRENCY:
        raise ValueError(f"at most {_LONGEST_CURRENCY} characters are possible")
    return text


class Revenue(Table):
    """One sum: the values of a meta key of an event."""

    event: Text
    key: Text
    currency: Annotated[Text, AfterValidator(_short)] | None = None


class Digest(Table):
    """[[digest]]: what a period was, at its end."""

    name: Text
    schedule: Annotated[Written, BeforeValidator(schedule)]
    timezone: Zone | None = None
    sites: tuple[Reference, ...] | None = None
    sections: tuple[Reference, ...] | None = None
    notify: tuple[Reference, ...]
    when_usual: WhenUsual = WhenUsual.LINE
    revenue: tuple[Revenue, ...] = ()
    goals_over: GoalPeriod = GoalPeriod.MONTH
