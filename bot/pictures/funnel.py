"""How many came how far: a row for each step, shrinking, with a tick where it usually ends."""

from collections.abc import Iterator

from bot.facts import Funnel, Step
from bot.pictures import frame
from bot.pictures.font import fonts
from bot.pictures.frame import MARGIN, WIDTH, Key
from bot.pictures.scale import Scale
from bot.pictures.shapes import Box, Drawing, Shape, Stroke, Text, path
from bot.writing.formats import Formats

MOST_STEPS = 10  # Pirsch allows eight
_ROW = 46.0
_NUMBER = 12.5


def funnel(picture: Funnel, formats: Formats) -> Drawing:
    """Lay a funnel out."""
    steps = picture.steps[:MOST_STEPS]
    more = len(picture.steps) - len(steps)
    entries = [Key(look="percent", meaning="of the step before")]
    if any(step.usual is not None for step in steps):
        entries.append(Key(look="tick", meaning="usually came so far"))
    shapes: list[Shape] = [frame.title(picture.title)]
    shapes += frame.key(entries) if steps else [frame.nothing(frame.TOP + 16)]
    most = max([1.0, *(float(max(step.visitors, step.usual or 0)) for step in steps)])
    across = Scale(low=0, high=most, start=MARGIN, end=WIDTH - MARGIN)
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else None
        shapes += _row(step, before, frame.TOP + place * _ROW, across, formats)
    foot = frame.TOP + max(len(steps) * _ROW, 30)
    if more:
        shapes.append(frame.quiet(MARGIN, foot + 10, f"… and {formats.number(more)} more"))
    return Drawing(width=WIDTH, height=round(foot + (22 if more else 2)), shapes=tuple(shapes))


def share(step: Step, before: Step | None) -> float | None:
    """Return how many of those at the step before went on; None for the first, and where nobody was."""
    return step.visitors / before.visitors if before is not None and before.visitors > 0 else None


def _row(step: Step, before: Step | None, top: float, across: Scale, formats: Formats) -> Iterator[Shape]:
    right = WIDTH - MARGIN
    shown = fonts()[1].fit(formats.number(step.visitors), _NUMBER, 110)
    went_on = share(step, before)
    part = frame.small(formats.percent(went_on), 60) if went_on is not None else ""
    yield Text(x=right, y=top + 14, words=shown, size=_NUMBER, bold=True, anchor="end")
    used = frame.width(shown, bold=True, size=_NUMBER)
    if part:
        yield frame.quiet(right - used - 7, top + 14, part, "end")
        used += 7 + frame.width(part)
    name = fonts()[0].fit(step.name, _NUMBER, right - MARGIN - used - 12)
    yield Text(x=MARGIN, y=top + 14, words=name, size=_NUMBER)
    end = across.place(step.visitors)
    yield Box(x=MARGIN, y=top + 20, width=right - MARGIN, height=16, colour="grid", opacity=0.6)
    yield Box(x=MARGIN, y=top + 20, width=max(end - MARGIN, 1.5), height=16, colour="main")
    if step.usual is not None:
        x = across.place(step.usual)
        yield Stroke(path=path([(x, top + 17), (x, top + 39)]), colour="paper", width=5)
        yield Stroke(path=path([(x, top + 17), (x, top + 39)]), colour="ink", width=2)
