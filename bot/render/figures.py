"""The figures of a digest as people write them: now, before, how it changed, what chance says."""

import math
from datetime import date
from decimal import Decimal

from bot.facts import DaySpan, Figure, Form
from bot.writing import formats
from bot.writing.text import cut, oneline

_MINUS = "\u2212"
_EN_DASH = "\u2013"
_MANY_TIMES = 9
_LONGEST_UNIT = 12
_RAREST = 1_000_000
_LARGEST = 10**15


def now(figure: Figure) -> str:
    """Write what it is."""
    return _written(figure, figure.now)


def was(figure: Figure) -> str:
    """Write what it was; nothing where that is not known."""
    return "" if figure.before is None else _written(figure, figure.before)


def usual(figure: Figure) -> str:
    """Write what would have been usual: `854 to 1,541`; nothing where that is not known."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_written(figure, figure.low)} to {_written(figure, figure.high)}"


def change(figure: Figure) -> str:
    """Write how it changed: `+31%`, `−65%`, `+5 points`, `12 times`, `new`, `gone`, `as before`."""
    if figure.new:
        return "new"
    if figure.gone:
        return "gone"
    if figure.change is None or not abs(figure.change) < _LARGEST:
        return ""
    if figure.form is Form.SHARE:
        points = round(100 * figure.change, 1)
        return _signed(points, f"{abs(points):g} {'point' if abs(points) == 1 else 'points'}")
    if figure.change >= _MANY_TIMES:
        return f"{formats.number(round(figure.change + 1))} times"
    percent = round(100 * figure.change)
    return _signed(percent, f"{abs(percent)}%")


def compared(figure: Figure) -> str:
    """Write how it changed before what it counts: `65% fewer`, `31% more`, `12 times as many`, `no`."""
    if figure.gone:
        return "no"
    change = figure.change
    if change is None or not abs(change) < _LARGEST or figure.form is Form.SHARE or not round(100 * change):
        return now(figure)
    if change >= _MANY_TIMES:
        return f"{formats.number(round(change + 1))} times as many"
    return f"{abs(round(100 * change))}% {'more' if change > 0 else 'fewer'}"


def odds(chance: float | None) -> str:
    """Write how seldom chance alone does such a thing: `1 in 3,000`; nothing where it is not known."""
    if chance is None or math.isnan(chance):
        return ""
    if chance * _RAREST <= 1:
        return f"1 in more than {formats.number(_RAREST)}"
    rarer = int(1 / min(chance, 1.0))
    step = int(10 ** (len(str(rarer)) - 1))
    return f"1 in {formats.number(rarer // step * step)}"


def days(span: DaySpan) -> str:
    """Write a stretch of days: `15 Nov 2026`, `9–15 Nov 2026`, `28 Oct – 3 Nov 2026`."""
    first, last = span.first, span.last
    if first == last:
        return _day(last, year=True)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{_EN_DASH}{_day(last, year=True)}"
    return f"{_day(first, year=first.year != last.year)} {_EN_DASH} {_day(last, year=True)}"


def weekday(value: date) -> str:
    """Write a day with its name: `Wed 11 Nov`."""
    return f"{value:%a} {_day(value, year=False)}"


def _day(value: date, *, year: bool) -> str:
    return f"{value.day} {value:%b}{f' {value.year}' if year else ''}"


def _written(figure: Figure, value: Decimal | float) -> str:
    if not math.isfinite(value) or abs(float(value)) > _LARGEST:
        return formats.number(value)
    if figure.form is Form.SHARE:
        return f"{round(100 * value)}%"
    if figure.form is Form.AMOUNT:
        return formats.money(value, cut(oneline(figure.unit), _LONGEST_UNIT))
    return formats.number(round(value))


def _signed(amount: float, words: str) -> str:
    if amount == 0:
        return "as before"
    return f"{'+' if amount > 0 else _MINUS}{words}"
