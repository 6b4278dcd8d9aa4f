"""A line so small that only its shape is seen."""

from collections.abc import Sequence

from bot.facts import Spark
from bot.pictures.scale import Scale, scale
from bot.pictures.shapes import Dot, Drawing, Shape, Stroke, path

WIDTH, HEIGHT = 120, 28
MOST_VALUES = 240


def spark(picture: Spark) -> Drawing:
    """Lay a spark out: the line, and a dot where it stands now."""
    values = picture.values[-MOST_VALUES:]
    up = scale([value for value in values if value is not None], HEIGHT - 5, 5)
    across = Scale(low=0, high=max(len(values) - 1, 1), start=4, end=WIDTH - 5)
    shapes: list[Shape] = [
        Stroke(path=path([(4, HEIGHT - 2), (WIDTH - 4, HEIGHT - 2)]), colour="grid", width=1)
    ]
    places = [
        None if value is None else (across.place(place), up.place(value))
        for place, value in enumerate(values)
    ]
    shapes += _course(places)
    known = [place for place in places if place is not None]
    if known:
        shapes.append(Dot(x=known[-1][0], y=known[-1][1], radius=2.5, colour="main"))
    return Drawing(width=WIDTH, height=HEIGHT, shapes=tuple(shapes))


def _course(places: Sequence[tuple[float, float] | None]) -> list[Shape]:
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [Stroke(path=path(run), colour="main", width=1.75) for run in runs if len(run) > 1]
