"""Values with their unit, short for the edge of a picture and full for what is said about it."""

import re

from bot.writing.formats import Formats

_CURRENCY = re.compile(r"[A-Z]{3}")


def short(value: float, unit: str, formats: Formats) -> str:
    """Write a value for an axis, where the title says what is counted."""
    if unit in ("%", "s"):
        return formats.measure(value, unit)
    return formats.compact(value)


def counted(value: float, unit: str, formats: Formats) -> str:
    """Write a value with what is counted: `340 visitors`."""
    shown = formats.measure(value, unit)
    return f"{shown} {unit}" if whole(unit) and unit else shown


def whole(unit: str) -> bool:
    """Tell whether there are no halves of it."""
    return unit not in ("%", "s") and not _CURRENCY.fullmatch(unit)
