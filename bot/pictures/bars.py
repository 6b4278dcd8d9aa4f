"""Values side by side: a row for each, what it is now above what it was before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.facts import Bar, Bars
from bot.pictures import frame
from bot.pictures.font import fonts
from bot.pictures.frame import MARGIN, WIDTH, Key
from bot.pictures.scale import Scale, exact
from bot.pictures.shapes import Box, Drawing, Shape, Stroke, Text, path
from bot.writing.formats import Formats

MOST_BARS = 10
_ROW = 36.0
_NUMBER = 12.5


def bars(picture: Bars, formats: Formats) -> Drawing:
    """Lay a comparison out."""
    rows = labelled(picture, formats)[:MOST_BARS]
    compared = any(bar.before is not None for bar in rows)
    top = frame.TOP if compared else frame.TOP - 18
    more = len(picture.bars) - len(rows)
    shapes: list[Shape] = [frame.title(picture.title)]
    if compared:
        now, before = Key(look="full", meaning=picture.now), picture.before or "before"
        shapes += frame.key([now, Key(look="hollow", meaning=before)])
    if not rows:
        shapes.append(frame.nothing(top + 16))
    across = _across(rows)
    step = _ROW + (6 if compared else 0)
    for place, bar in enumerate(rows):
        shapes += _row(bar, top + place * step, across, picture.unit, formats)
    foot = top + max(len(rows) * step, 30)
    if more:
        shapes.append(frame.quiet(MARGIN, foot + 10, f"… and {formats.number(more)} more"))
    return Drawing(width=WIDTH, height=round(foot + (22 if more else 4)), shapes=tuple(shapes))


def labelled(picture: Bars, formats: Formats) -> tuple[Bar, ...]:
    """Return the bars with labels for people: countries by their names."""
    return tuple(replace(bar, label=formats.called(bar.label, picture.dimension)) for bar in picture.bars)


def _across(rows: Sequence[Bar]) -> Scale:
    values = [value for bar in rows for value in (bar.value, bar.before) if value is not None]
    return exact([0.0, *values], MARGIN, WIDTH - MARGIN)


def _row(bar: Bar, top: float, across: Scale, unit: str, formats: Formats) -> Iterator[Shape]:
    shown = fonts()[1].fit(formats.measure(bar.value, unit), _NUMBER, 110)
    was = f"before {formats.measure(bar.before, unit)}" if bar.before is not None else ""
    was = frame.small(was, 120) if was else ""
    right = WIDTH - MARGIN
    yield Text(x=right, y=top + 14, words=shown, size=_NUMBER, bold=True, anchor="end")
    used = frame.width(shown, bold=True, size=_NUMBER)
    if was:
        yield frame.quiet(right - used - 7, top + 14, was, "end")
        used += 7 + frame.width(was)
    label = fonts()[0].fit(bar.label, _NUMBER, right - MARGIN - used - 12)
    yield Text(x=MARGIN, y=top + 14, words=label, size=_NUMBER)
    zero = across.place(0)
    yield _bar(zero, across.place(bar.value), top + 20, 9)
    if bar.before is not None:
        yield _bar(zero, across.place(bar.before), top + 31, 6, hollow=True)
    if across.low < 0:
        line = path([(zero, top + 18), (zero, top + 38)])
        yield Stroke(path=line, colour="quiet", width=0.75)


def _bar(zero: float, end: float, top: float, height: float, *, hollow: bool = False) -> Box:
    left, length = min(zero, end), abs(end - zero)
    return Box(
        x=left + (0.5 if hollow else 0),
        y=top,
        width=max(length - (1 if hollow else 0), 1.5),  # nothing is still a place
        height=height,
        colour="before" if hollow else "main",
        hollow=hollow,
    )
