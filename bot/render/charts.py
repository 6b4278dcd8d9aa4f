"""Pictures as Slack's own charts, within their limits. Pure.

Limits: docs.slack.dev/reference/block-kit/blocks/data-visualization-block. A chart that would have to lie to
fit in, such as by a nought where nothing is known, leaves the place, the series or the whole out.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts import Bars, Funnel, Line, Picture, Spark
from bot.pictures import labelled
from bot.render.blocks import Block
from bot.writing.formats import Formats
from bot.writing.text import cut, oneline

MOST_CHARTS = 2
MOST_PLACES = 20
LONGEST_NAME = 20
LONGEST_TITLE = 50


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    values: Sequence[float | None]

    @property
    def whole(self) -> bool:
        """Whether every value can be drawn."""
        return all(value is not None and math.isfinite(value) for value in self.values)


def charts(pictures: Sequence[Picture], formats: Formats) -> tuple[Block, ...]:
    """Make a chart of each picture that can be one, at most two: a message holds no more."""
    made = (_chart(picture, formats) for picture in pictures)
    return tuple(one for one in made if one is not None)[:MOST_CHARTS]


def _chart(picture: Picture, formats: Formats) -> Block | None:
    match picture:
        case Line():
            return _line(picture, formats)
        case Bars():
            shown = labelled(picture, formats)[:MOST_PLACES]
            now = _Series(picture.now, [bar.value for bar in shown])
            before = _Series(picture.before or "before", [bar.before for bar in shown])
            return _block(picture, "bar", [bar.label for bar in shown], [now, before])
        case Funnel(steps=steps):
            taken = steps[:MOST_PLACES]
            here = _Series("Visitors", [step.visitors for step in taken])
            usual = _Series("Usual", [step.usual for step in taken])
            return _block(picture, "bar", [step.name for step in taken], [here, usual])
        case Spark():
            return None  # a shape without places: Slack's charts name every place


def _line(picture: Line, formats: Formats) -> Block | None:
    """Draw the latest places at which something is known; the band is two lines, where all of it is known."""
    known = [point for point in picture.points if point.value is not None][-MOST_PLACES:]
    places = [_place(point.at, formats, hourly=picture.hourly) for point in known]
    series = [
        _Series(picture.unit or "Value", [point.value for point in known]),
        _Series("Usual from", [point.low for point in known]),
        _Series("Usual to", [point.high for point in known]),
    ]
    return _block(picture, "line", places, series)


def _place(at: datetime, formats: Formats, *, hourly: bool) -> str:
    day = formats.day(at.astimezone(formats.zone).date())
    return f"{day} {formats.time(at)}" if hourly else day


def _block(picture: Picture, form: str, places: Sequence[str], series: Sequence[_Series]) -> Block | None:
    first, *others = series
    if not places or not first.whole:
        return None
    shown = [first, *(one for one in others if one.whole)]
    labels = list(_different(places))
    names = list(_different([one.name for one in shown]))
    drawn = [
        {
            "name": name,
            "data": [
                {"label": label, "value": value} for label, value in zip(labels, one.values, strict=True)
            ],
        }
        for name, one in zip(names, shown, strict=True)
    ]
    title = cut(oneline(picture.title), LONGEST_TITLE) or "Chart"
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": form, "series": drawn, "axis_config": {"categories": labels}},
    }


def _different(names: Iterable[str]) -> Iterable[str]:
    """Make names short enough, none empty, and each another: those that would be alike get numbers."""
    taken: set[str] = set()
    for name in names:
        short = cut(oneline(name), LONGEST_NAME) or "–"
        number = 2
        while short in taken:
            tail = f" ({number})"
            short = cut(oneline(name), LONGEST_NAME - len(tail)) + tail
            number += 1
        taken.add(short)
        yield short
