"""A number over time: the line, the band in which it was expected, and the points that a message is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.facts import Line, Point
from bot.pictures import frame
from bot.pictures.calendar import marks
from bot.pictures.font import fonts
from bot.pictures.frame import MARGIN, SMALL, WIDTH, Key
from bot.pictures.scale import Scale, scale
from bot.pictures.shapes import Dot, Drawing, Shape, Stroke, Text, path
from bot.pictures.units import short, whole
from bot.writing.formats import Formats

HEIGHT = 216
MOST_POINTS = 800  # more than one for each half pixel; of more, the latest are drawn
_LABEL = 13.0
_RADIUS = 3.5

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Where a point lies: time from left to right, values from the bottom up."""

    across: Scale
    up: Scale

    def place(self, point: Point, value: float) -> Place:
        return self.across.place(point.at.timestamp()), self.up.place(value)


def line(picture: Line, formats: Formats) -> Drawing:
    """Lay a line out."""
    points = shown(picture)
    field = _field(points, picture.unit, formats)
    shapes: list[Shape] = [frame.title(picture.title)]
    if all(point.value is None for point in points):
        shapes.append(frame.nothing((frame.TOP + HEIGHT) / 2))
    else:
        shapes += [*frame.key(list(_key(picture, points))), *_edges(points, field, picture, formats)]
        shapes += [*_bands(points, field), *_before(points, field), *_course(points, field)]
        shapes += _told(points, field, picture.unit, formats)
    return Drawing(width=WIDTH, height=HEIGHT, shapes=tuple(shapes))


def shown(picture: Line) -> list[Point]:
    """Return the points that are drawn, in the order of time."""
    return sorted(picture.points, key=lambda point: point.at)[-MOST_POINTS:]


def _field(points: Sequence[Point], unit: str, formats: Formats) -> _Field:
    values = [
        value
        for point in points
        for value in (point.value, point.low, point.high, point.before)
        if value is not None
    ]
    up = scale(values, HEIGHT - 28, frame.TOP + 8, whole=whole(unit))
    widest = max(frame.width(frame.small(short(tick, unit, formats), 90)) for tick in up.ticks)
    left, right = MARGIN + widest + 8, WIDTH - MARGIN - 6
    first = points[0].at.timestamp() if points else 0.0
    last = points[-1].at.timestamp() if points else 0.0
    if first == last:  # one point stands in the middle
        first, last = first - 1, last + 1
    return _Field(across=Scale(low=first, high=last, start=left, end=right), up=up)


def _key(picture: Line, points: Sequence[Point]) -> Iterator[Key]:
    banded = any(point.low is not None and point.high is not None for point in points)
    compared = any(point.before is not None for point in points)
    if banded or compared:
        yield Key(look="line", meaning=picture.unit if whole(picture.unit) and picture.unit else "measured")
    if banded:
        yield Key(look="band", meaning="usual range")
    if compared:
        yield Key(look="dotted", meaning=picture.before or "before")


def _edges(points: Sequence[Point], field: _Field, picture: Line, formats: Formats) -> Iterator[Shape]:
    for value in field.up.ticks:
        y = field.up.place(value)
        rule = path([(field.across.start, y), (WIDTH - MARGIN, y)])
        yield Stroke(path=rule, colour="quiet" if value == 0 else "grid", width=0.75 if value == 0 else 1)
        words = frame.small(short(value, picture.unit, formats), 90)
        yield frame.quiet(field.across.start - 8, y + 4, words, "end")
    for mark in marks(points, field.across, formats, hourly=picture.hourly):
        tick = path([(mark.x, HEIGHT - 28), (mark.x, HEIGHT - 24)])
        yield Stroke(path=tick, colour="quiet", width=0.75)
        yield frame.quiet(mark.middle, HEIGHT - 11, mark.words, "middle")


def _bands(points: Sequence[Point], field: _Field) -> Iterator[Shape]:
    above: list[Place] = []
    below: list[Place] = []
    for point in [*points, None]:
        if point is not None and point.low is not None and point.high is not None:
            above.append(field.place(point, max(point.low, point.high)))
            below.append(field.place(point, min(point.low, point.high)))
            continue
        if len(above) == 1:  # a lone hour or day: make it wide enough to be seen
            above, below = _widened(above), _widened(below)
        if above:
            yield from frame.band(above, below)
        above, below = [], []


def _widened(places: Sequence[Place]) -> list[Place]:
    return [(x + aside, y) for x, y in places for aside in (-3.0, 3.0)]


def _before(points: Sequence[Point], field: _Field) -> Iterator[Shape]:
    for places in _runs([(point, point.before) for point in points], field):
        yield Stroke(path=path(_seen(places)), colour="before", width=1.75, dash="2 3")


def _course(points: Sequence[Point], field: _Field) -> Iterator[Shape]:
    for places in _runs([(point, point.value) for point in points], field):
        if len(places) > 1:
            yield Stroke(path=path(places), colour="main", width=2.25)
        else:
            yield Dot(x=places[0][0], y=places[0][1], radius=2, colour="main")


def _runs(values: Sequence[tuple[Point, float | None]], field: _Field) -> Iterator[list[Place]]:
    """Cut the line where nothing is known: a gap is shown as a gap."""
    run: list[Place] = []
    for point, value in values:
        if value is not None:
            run.append(field.place(point, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _seen(places: list[Place]) -> list[Place]:
    return places if len(places) > 1 else _widened(places)


def _told(points: Sequence[Point], field: _Field, unit: str, formats: Formats) -> Iterator[Shape]:
    """Mark what the message is about, or else the latest value, and write the last mark's number."""
    known = [(point, point.value) for point in points if point.value is not None]
    marked = [(point, value) for point, value in known if point.marked]
    for places in _runs([(point, point.value if point.marked else None) for point in points], field):
        yield Stroke(path=path(places), colour="alarm", width=4)
        yield Dot(x=places[-1][0], y=places[-1][1], radius=_RADIUS + 1, colour="alarm", ring=True)
    point, value = (marked or known)[-1]
    x, y = field.place(point, value)
    if not marked:
        yield Dot(x=x, y=y, radius=_RADIUS, colour="main")
    words = fonts()[1].fit(formats.measure(value, unit), _LABEL, 150)
    half = frame.width(words, bold=True, size=_LABEL) / 2
    inside = min(max(x, field.across.start + half), WIDTH - 4 - half)
    yield Text(
        x=inside,
        y=_beside(x, y, half, known, field),
        words=words,
        size=_LABEL,
        bold=True,
        colour="alarm" if marked else "main",
        anchor="middle",
        halo=True,
    )


def _beside(x: float, y: float, half: float, known: Sequence[tuple[Point, float]], field: _Field) -> float:
    """Choose above or below: on the side where less of the line runs, and where there is room."""
    places = (field.place(point, value) for point, value in known)
    heights = [other for across, other in places if abs(across - x) <= half + 6]
    above = sum(other < y - 1 for other in heights)
    below = sum(other > y + 1 for other in heights)
    room_below = y + 9 + SMALL < HEIGHT - 28
    room_above = y - 10 - _LABEL > frame.TOP - 8
    if (above > below and room_below) or not room_above:
        return y + 9 + _LABEL * 0.75 if room_below else y - 10
    return y - 10
