"""Numbers, lengths of time and instants as people write them. The filters of the templates."""

import math
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_MOST_DIGITS = 15  # beyond this a number is shown by its power of ten, however it was written
_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_TWO_DAYS = 2 * 86_400


def number(value: object) -> str:
    """Group by thousands; a fraction has two decimals, or two digits that are not zero where it is tiny.

    What is not a number is shown as it is.
    """
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        return str(value)
    if value and abs(value.adjusted()) > _MOST_DIGITS:
        return f"{value:.3e}"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= 0:
        return f"{value:,.0f}"
    if value and value.adjusted() < -2:
        return f"{value:.{1 - value.adjusted()}f}"
    return f"{value:,.2f}"


def measure(value: object, unit: object = "") -> str:
    """Write a number of a unit: "%" makes 0.125 to 12.5 %, "s" makes seconds to a span, else it is counted.

    What was expected is seldom whole: from ten on it is rounded.
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return "" if value is None else str(value)
    if unit == "%":
        return f"{value * 100:,.1f}".removesuffix(".0") + " %"
    if unit == "s":
        return span(timedelta(seconds=min(abs(value), 1e9)))
    if abs(value) >= 10 or value == round(value):
        return number(round(value))
    return f"{value:.1f}"


def money(value: object, currency: object = "") -> str:
    """Write an amount with two decimals and the currency's code behind it."""
    amount = value if isinstance(value, Decimal) else _decimal(value)
    if amount is None or not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS:
        text = number(value)
    else:
        text = f"{amount:,.2f}"
    return f"{text} {currency}".strip()


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, int | float):
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return None


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


def when(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant in the site's own time: `14 Nov 2026, 14:05 CET`."""
    local = instant.astimezone(zone)
    name = local.tzname() or ""
    shown = name if name.isalpha() else f"UTC{name}"
    return f"{local.day} {local:%b %Y, %H:%M} {shown}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """Write the time of day alone, for lists whose day is said above: `14:05:11`."""
    return f"{instant.astimezone(zone):%H:%M:%S}"
