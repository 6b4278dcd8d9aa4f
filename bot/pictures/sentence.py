"""A picture in one sentence, with the same facts: for those who see none, and for those who like words."""

from collections.abc import Sequence
from datetime import datetime

from bot.facts import Bars, Funnel, Line, Picture, Point, Spark
from bot.pictures.bars import labelled
from bot.pictures.funnel import share
from bot.pictures.units import counted, whole
from bot.writing.formats import Formats
from bot.writing.text import cut, oneline

LONGEST = 900  # Slack refuses more than 2,000 characters of alternative text, and nobody listens that long
_LONGEST_NAME = 80
_MOST_ROWS = 8

Known = tuple[Point, float]


def sentence(picture: Picture, formats: Formats) -> str:
    """Say what the picture shows."""
    match picture:
        case Line():
            said = _line(picture, formats)
        case Bars():
            said = _bars(picture, formats)
        case Funnel():
            said = _funnel(picture, formats)
        case Spark():
            said = _spark(picture, formats)
    return cut(oneline(f"{_name(picture.title)}{said}."), LONGEST)


def _line(picture: Line, formats: Formats) -> str:
    points = sorted(picture.points, key=lambda point: point.at)
    known = [(point, point.value) for point in points if point.value is not None]
    if not known:
        return ": no numbers"
    lowest, highest = min(known, key=_value), max(known, key=_value)
    parts = [
        f"{_counted(known[-1], picture, formats)}, the latest",
        f"highest {_quoted(highest, picture, formats)}",
        f"lowest {_quoted(lowest, picture, formats)}",
    ]
    if unknown := len(points) - len(known):
        parts.append(f"{formats.number(unknown)} of {formats.number(len(points))} not known")
    marked = [one for one in known if one[0].marked]
    if marked:
        parts.insert(0, _told(marked, picture, formats))
    first, last = (_at(point.at, picture, formats) for point in (points[0], points[-1]))
    return f", {first} to {last}: {'; '.join(parts)}"


def _told(marked: Sequence[Known], picture: Line, formats: Formats) -> str:
    point, value = marked[-1]
    said = _counted(marked[-1], picture, formats)
    if point.low is not None and point.high is not None:
        edges = (round(edge) if whole(picture.unit) else edge for edge in (point.low, point.high))
        low, high = (formats.measure(edge, picture.unit) for edge in edges)
        side = "below" if value < point.low else "above" if value > point.high else "within"
        said += f", {side} the usual {low} to {high}"
    others = len(marked) - 1
    return said + (f", and {formats.number(others)} more marked" if others else "")


def _value(one: Known) -> float:
    return one[1]


def _counted(one: Known, picture: Line, formats: Formats) -> str:
    return f"{counted(one[1], oneline(picture.unit), formats)} {_on(one[0].at, picture, formats)}"


def _quoted(one: Known, picture: Line, formats: Formats) -> str:
    return f"{formats.measure(one[1], picture.unit)} {_on(one[0].at, picture, formats)}"


def _on(at: datetime, picture: Line, formats: Formats) -> str:
    return f"{'at' if picture.hourly else 'on'} {_at(at, picture, formats)}"


def _at(at: datetime, picture: Line, formats: Formats) -> str:
    day = formats.day(at.astimezone(formats.zone).date())
    return f"{day}, {formats.time(at)}" if picture.hourly else day


def _bars(picture: Bars, formats: Formats) -> str:
    if not picture.bars:
        return ": no numbers"
    rows = []
    for bar in labelled(picture, formats)[:_MOST_ROWS]:
        row = f"{_name(bar.label)} {counted(bar.value, oneline(picture.unit), formats)}"
        rows.append(
            row + (f" (before {formats.measure(bar.before, picture.unit)})" if bar.before is not None else "")
        )
    periods = f", {_name(picture.now)}" + (f" against {_name(picture.before)}" if picture.before else "")
    return f"{periods}: {'; '.join(rows)}{_more(len(picture.bars), formats)}"


def _funnel(picture: Funnel, formats: Formats) -> str:
    if not picture.steps:
        return ": no numbers"
    rows = []
    for place, step in enumerate(picture.steps[:_MOST_ROWS]):
        part = share(step, picture.steps[place - 1] if place else None)
        row = f"{_name(step.name)} {formats.number(step.visitors)}"
        row += f" ({formats.percent(part)} of the step before)" if part is not None else ""
        rows.append(
            row + (f", usually {formats.number(round(step.usual))}" if step.usual is not None else "")
        )
    return f": {'; '.join(rows)}{_more(len(picture.steps), formats)}"


def _spark(picture: Spark, formats: Formats) -> str:
    known = [value for value in picture.values if value is not None]
    if not known:
        return ": no numbers"
    first, low, high = (formats.measure(value, picture.unit) for value in (known[0], min(known), max(known)))
    last = counted(known[-1], oneline(picture.unit), formats)
    return f": from {first} to {last}, between {low} and {high}"


def _name(text: str) -> str:
    return cut(oneline(text[:500]), _LONGEST_NAME)


def _more(count: int, formats: Formats) -> str:
    return f"; and {formats.number(count - _MOST_ROWS)} more" if count > _MOST_ROWS else ""
