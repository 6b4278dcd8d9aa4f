"""The small types of the file: durations, ages, times of day, names."""

import re
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, StringConstraints

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:(\d+)\s*(ms|s|m|h|d|w)\s*)+")
_PART = re.compile(r"(\d+)\s*(ms|s|m|h|d|w)")
LONGEST = timedelta(days=3660)


def duration(value: object) -> timedelta:
    """Read "90s", "10m", "1h30m", "2d". Raises ValueError; a bare number has no unit and is refused."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value.strip()):
        raise ValueError('a length of time is needed, such as "90s", "10m", "1h30m" or "7d"')
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(value))
    if seconds > LONGEST.total_seconds():
        raise ValueError("this is longer than ten years")
    return timedelta(seconds=seconds)


def spell(length: timedelta) -> str:
    """Write a length of time as the file does: the inverse of `duration` for whole milliseconds."""
    left = round(length.total_seconds() * 1000)
    words = []
    for unit, size in sorted(_UNITS.items(), key=lambda item: -item[1]):
        if unit == "w":
            continue  # "14d" reads better than "2w"
        number, left = divmod(left, round(size * 1000))
        if number:
            words.append(f"{number}{unit}")
    return "".join(words) or "0s"


def _positive(length: timedelta) -> timedelta:
    if length <= timedelta(0):
        raise ValueError("this must be longer than nothing")
    return length


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError('an IANA time zone is needed, such as "Europe/Berlin" or "UTC"') from None


def _one_line(text: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError("line breaks and control characters do not belong here")
    return text


Duration = Annotated[timedelta, BeforeValidator(duration), AfterValidator(_positive)]
Pause = Annotated[timedelta, BeforeValidator(duration)]
"""A length of time that may be nothing."""
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""The name of a site or a channel: it stands in addresses and on the command line."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
