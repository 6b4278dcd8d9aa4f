"""Lengths of time as people write them."""

from datetime import datetime, timedelta

_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_TWO_DAYS = 2 * 86_400


def span(length: timedelta) -> str:
    """Write a length of time in its two largest units: `45 s`, `2 min 30 s`, `26 h`, `3 days 4 h`."""
    seconds = round(abs(length.total_seconds()))
    if seconds == 0:
        return "under 1 s"
    units = _UNITS if seconds >= _TWO_DAYS else _UNITS[1:]
    parts = []
    for unit, size in units:
        count, seconds = divmod(seconds, size)
        parts.append((count, unit))
    first = next(place for place, (count, _) in enumerate(parts) if count)
    return " ".join(_counted(count, unit) for count, unit in parts[first : first + 2] if count)


def _counted(count: int, unit: str) -> str:
    if unit == "day":
        return f"{count:,} day" if count == 1 else f"{count:,} days"
    return f"{count} {unit}"


def ago(instant: datetime, then: datetime) -> str:
    """Say how long before `then` it was; what is not earlier is "just now"."""
    return "just now" if then - instant < timedelta(seconds=1) else f"{span(then - instant)} ago"
