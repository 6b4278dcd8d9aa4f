"""Values with their unit, short for the edge of a picture and full for what is said about it."""

import re
from datetime import timedelta

from bot.writing.local import Formats

_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST = 10**9  # seconds; beyond these, only the number is shown
_LARGEST_SHARE = 10**4


def short(value: float, unit: str, formats: Formats) -> str:
    """Write a value for an axis, where the title says what is counted."""
    if unit == "%" and abs(value) < _LARGEST_SHARE:
        return formats.percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1)
    if unit == "s" and abs(value) < _LONGEST:
        return full(value, unit, formats) if value else "0"
    return formats.compact(value)


def full(value: float, unit: str, formats: Formats) -> str:
    """Write a value exactly enough to be quoted, without the word for what is counted."""
    if unit == "%" and abs(value) < _LARGEST_SHARE:
        return formats.percent(value, 1)
    if unit == "s" and abs(value) < _LONGEST:
        return ("−" if value < 0 else "") + formats.span(timedelta(seconds=value)) if value else "0 s"
    if _CURRENCY.fullmatch(unit):
        return formats.money(value, unit)
    if abs(value) >= 100 and whole(unit):
        return formats.number(round(value))
    return formats.number(int(value) if value == int(value) else value)


def counted(value: float, unit: str, formats: Formats) -> str:
    """Write a value with what is counted: `340 visitors`."""
    shown = full(value, unit, formats)
    return shown if unit in ("%", "s", "") or _CURRENCY.fullmatch(unit) else f"{shown} {unit}"


def whole(unit: str) -> bool:
    """Tell whether there are no halves of it."""
    return unit not in ("%", "s") and not _CURRENCY.fullmatch(unit)
