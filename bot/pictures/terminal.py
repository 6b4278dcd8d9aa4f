"""Pictures where there are only characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.facts import Bars, Funnel, Step
from bot.pictures.bars import MOST_BARS, labelled
from bot.pictures.funnel import MOST_STEPS, share
from bot.pictures.scale import near
from bot.writing.formats import Formats
from bot.writing.text import cut, oneline

_BLOCKS = "▁▂▃▄▅▆▇█"
_FULL, _HOLLOW, _TICK = "█", "░", "│"
_SHORTEST_LABEL, _LONGEST_LABEL = 8, 26
_SHORTEST_BAR = 4
_SHARE = 6  # the letters of a share of a hundred, and a blank


def sparkline(values: Sequence[float | None], width: int = 60) -> str:
    """Draw a row of blocks, at most `width` of them; a blank is where nothing is known.

    Where there are more values than blocks, a block stands for the mean of its share.
    """
    thinned = _thinned([value if value is None else near(value) for value in values], width)
    known = [value for value in thinned if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    rises = (high - low) or 1.0
    # The share first: the smallest values that a float can hold have no finite reciprocal.
    return "".join(
        " " if value is None else _BLOCKS[round((value - low) / rises * (len(_BLOCKS) - 1))]
        for value in thinned
    )


def bars(picture: Bars, formats: Formats, width: int) -> Iterator[str]:
    """Draw a row for each value, and a hollow one below it for what it was."""
    rows: list[tuple[str, str, float, str]] = []
    for bar in labelled(picture, formats)[:MOST_BARS]:
        rows.append((bar.label, formats.measure(bar.value, picture.unit), bar.value, _FULL))
        if bar.before is not None:
            rows.append(("", formats.measure(bar.before, picture.unit), bar.before, _HOLLOW))
    most = max((abs(near(value)) for _, _, value, _ in rows), default=0.0)
    columns = _Columns.within(width, [number for _, number, _, _ in rows])
    for label, number, value, look in rows:
        yield columns.row(label, number, _bar(value, most, columns.room, look))


def funnel(picture: Funnel, formats: Formats, width: int) -> Iterator[str]:
    """Draw a row for each step: how many came so far, and a tick where it usually ends."""
    steps = picture.steps[:MOST_STEPS]
    counts = [value for step in steps for value in (step.visitors, step.usual) if value is not None]
    most = max((near(value) for value in counts), default=0.0)
    numbers = [formats.number(step.visitors) for step in steps]
    columns = _Columns.within(width - _SHARE, numbers)
    for place, (step, number) in enumerate(zip(steps, numbers, strict=True)):
        went_on = share(step, steps[place - 1] if place else None)
        part = "" if went_on is None else formats.percent(went_on)
        drawn = _ticked(_bar(step.visitors, most, columns.room), step, most, columns.room)
        yield columns.row(step.name, number, f"{drawn:<{columns.room}} {part}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """How wide names and numbers are, and what room is left for what is drawn."""

    name: int
    number: int
    room: int

    @classmethod
    def within(cls, width: int, numbers: Sequence[str]) -> "_Columns":
        number = max(map(len, numbers), default=0)
        name = max(_SHORTEST_LABEL, min(_LONGEST_LABEL, width // 3))
        return cls(name=name, number=number, room=max(_SHORTEST_BAR, width - name - number - 3))

    def row(self, label: str, number: str, drawn: str) -> str:
        shown = cut(oneline(label), self.name)
        return f"{shown:<{self.name}} {oneline(number):>{self.number}}  {drawn}".rstrip()


def _bar(value: float, most: float, room: int, of: str = _FULL) -> str:
    """Draw a length; what is more than nothing is seen."""
    return of * max(1, round(abs(near(value)) / most * room)) if value and most else ""


def _ticked(drawn: str, step: Step, most: float, room: int) -> str:
    if step.usual is None or not most:
        return drawn
    place = min(room - 1, max(0, round(near(step.usual) / most * room) - 1))
    shown = drawn.ljust(place + 1)
    return f"{shown[:place]}{_TICK}{shown[place + 1 :]}"


def _thinned(values: Sequence[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return list(values)
    edges = [place * len(values) // width for place in range(width + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
