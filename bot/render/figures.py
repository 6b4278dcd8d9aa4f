"""The figures of a digest as people write them: now, before, how it changed, what chance says."""

import math
from dataclasses import dataclass
from decimal import Decimal

from bot.facts import DaySpan, Figure, Form
from bot.writing.formats import Formats
from bot.writing.text import cut, oneline

_MINUS = "\u2212"
_MANY_TIMES = 9
_LONGEST_UNIT = 12
_RAREST = 1_000_000
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures as the people of one site write them."""

    formats: Formats

    def now(self, figure: Figure) -> str:
        """Write what it is."""
        return self._written(figure, figure.now)

    def was(self, figure: Figure) -> str:
        """Write what it was; nothing where that is not known."""
        return "" if figure.before is None else self._written(figure, figure.before)

    def usual(self, figure: Figure) -> str:
        """Write what would have been usual: `854 to 1,541`; nothing where that is not known."""
        if figure.low is None or figure.high is None:
            return ""
        return f"{self._written(figure, figure.low)} to {self._written(figure, figure.high)}"

    def change(self, figure: Figure) -> str:
        """Write how it changed: `+31%`, `−65%`, `+5 points`, `12 times`, `new`, `gone`, `as before`."""
        if figure.new:
            return "new"
        if figure.gone:
            return "gone"
        if figure.change is None or not abs(figure.change) < _LARGEST:
            return ""
        if figure.form is Form.SHARE:
            points = round(100 * figure.change, 1)
            words = "point" if abs(points) == 1 else "points"
            return _signed(points, f"{self.formats.measure(abs(points))} {words}")
        if figure.change >= _MANY_TIMES:
            return f"{self.formats.number(round(figure.change + 1))} times"
        percent = round(100 * figure.change)
        return _signed(percent, self.formats.percent(abs(percent) / 100))

    def compared(self, figure: Figure) -> str:
        """Write how it changed before what it counts: `65% fewer`, `31% more`, `12 times as many`, `no`."""
        if figure.gone:
            return "no"
        change = figure.change
        if change is None or figure.form is Form.SHARE or not 0.005 < abs(change) < _LARGEST:
            return self.now(figure)
        if change >= _MANY_TIMES:
            return f"{self.formats.number(round(change + 1))} times as many"
        return f"{self.formats.percent(round(abs(change), 2))} {'more' if change > 0 else 'fewer'}"

    def odds(self, chance: float | None) -> str:
        """Write how seldom chance alone does such a thing: `1 in 3,000`; nothing where it is not known."""
        if chance is None or math.isnan(chance):
            return ""
        if chance * _RAREST <= 1:
            return f"1 in more than {self.formats.number(_RAREST)}"
        rarer = int(1 / min(chance, 1.0))
        step = int(10 ** (len(str(rarer)) - 1))
        return f"1 in {self.formats.number(rarer // step * step)}"

    def days(self, span: DaySpan) -> str:
        """Write a stretch of days: `15 Nov 2026`, `9–15 Nov 2026`, `28 Oct – 3 Nov 2026`."""
        return self.formats.days(span.first, span.last)

    def _written(self, figure: Figure, value: Decimal | float) -> str:
        if not math.isfinite(value) or abs(float(value)) > _LARGEST:
            return self.formats.number(value)
        if figure.form is Form.SHARE:
            return self.formats.percent(float(value))
        if figure.form is Form.AMOUNT:
            return self.formats.money(value, cut(oneline(figure.unit), _LONGEST_UNIT))
        return self.formats.number(round(value))


def _signed(amount: float, words: str) -> str:
    if amount == 0:
        return "as before"
    return f"{'+' if amount > 0 else _MINUS}{words}"
