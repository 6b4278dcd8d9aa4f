"""Slack's charts as a page draws them: where each line, bar and slice goes, in a picture of 480 by 180."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

WIDTH, HEIGHT = 480, 180
COLOURS = ("#1264a3", "#e8912d", "#2eb67d", "#e01e5a", "#8d5cb6", "#616061")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line, bar or slice: a path of SVG, its colour, and what is said when it is pointed at."""

    path: str
    colour: str
    says: str
    filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """All that is drawn of a chart. `names` are its series and their colours, `says` the same in words."""

    marks: Sequence[Mark]
    names: Sequence[tuple[str, str]]
    places: Sequence[tuple[float, str]]
    says: str


def plot(chart: Mapping[str, Any]) -> Plot:
    """Lay a chart out."""
    if chart["type"] == "pie":
        return _pie(chart["segments"])
    series, places = chart["series"], chart["axis_config"]["categories"]
    rows = [[_value(one, place) for place in places] for one in series]
    low, high = min(0.0, *(min(row) for row in rows)), max(0.0, *(max(row) for row in rows))
    scale = (HEIGHT - 10) / ((high - low) or 1.0)
    heights = [[(value - low) * scale for value in row] for row in rows]
    draw = _bars if chart["type"] == "bar" else _lines
    names = [(str(one["name"]), COLOURS[n % len(COLOURS)]) for n, one in enumerate(series)]
    step = WIDTH / len(places)
    every = -(-len(places) // 6)
    shown = [((n + 0.5) * step, str(place)) for n, place in enumerate(places) if n % every == 0]
    said = "; ".join(f"{name}: " + _listed(places, row) for (name, _), row in zip(names, rows, strict=True))
    return Plot(marks=draw(heights, names, -low * scale), names=names, places=shown, says=said)


def _value(series: Mapping[str, Any], place: str) -> float:
    return next((float(point["value"]) for point in series["data"] if point["label"] == place), 0.0)


def _listed(places: Sequence[str], row: Sequence[float]) -> str:
    return ", ".join(f"{place} {value:g}" for place, value in zip(places, row, strict=True))


def _lines(heights: Sequence[Sequence[float]], names: Sequence[tuple[str, str]], _: float) -> list[Mark]:
    marks = []
    for row, (name, colour) in zip(heights, names, strict=True):
        step = WIDTH / len(row)
        points = [f"{(n + 0.5) * step:.1f} {HEIGHT - height:.1f}" for n, height in enumerate(row)]
        marks.append(Mark(path="M" + " L".join(points), colour=colour, says=name, filled=False))
    return marks


def _bars(heights: Sequence[Sequence[float]], names: Sequence[tuple[str, str]], zero: float) -> list[Mark]:
    marks = []
    for nth, (row, (name, colour)) in enumerate(zip(heights, names, strict=True)):
        step = WIDTH / len(row)
        wide = step * 0.8 / len(heights)
        for n, height in enumerate(row):
            left = n * step + step * 0.1 + nth * wide
            top, bottom = HEIGHT - max(height, zero), HEIGHT - min(height, zero)
            path = f"M{left:.1f} {bottom:.1f}V{top:.1f}h{wide * 0.92:.1f}V{bottom:.1f}z"
            marks.append(Mark(path=path, colour=colour, says=name))
    return marks


def _pie(segments: Sequence[Mapping[str, Any]]) -> Plot:
    total = sum(float(one["value"]) for one in segments)
    marks, names, begin = [], [], 0.0
    radius, x, y = HEIGHT / 2 - 4, WIDTH / 2, HEIGHT / 2
    for n, one in enumerate(segments):
        end = (
            begin + float(one["value"]) / total * 2 * pi * 0.9999
        )  # a whole circle would end where it begins
        start, stop = (f"{x + radius * sin(at):.1f} {y - radius * cos(at):.1f}" for at in (begin, end))
        large = int(end - begin > pi)
        path = f"M{x} {y}L{start}A{radius} {radius} 0 {large} 1 {stop}z"
        colour = COLOURS[n % len(COLOURS)]
        marks.append(Mark(path=path, colour=colour, says=str(one["label"])))
        names.append((str(one["label"]), colour))
        begin = end
    said = ", ".join(f"{one['label']} {one['value']:g}" for one in segments)
    return Plot(marks=marks, names=names, places=(), says=said)
