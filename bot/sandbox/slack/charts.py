"""Whether a chart would be taken: docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.shapes import KIND, Problem, by_type, items, named, string

CHARTS_PER_MESSAGE = 2
PLACES_MOST = 20
SERIES_MOST = 6


def _number(value: object, pointer: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        yield Problem(pointer=pointer, message="must be a number")


def _positive(value: object, pointer: str) -> Iterator[Problem]:
    yield from _number(value, pointer)
    if isinstance(value, int | float) and value <= 0:
        yield Problem(pointer=pointer, message="must be greater than 0")


_POINT = named({"label": string(20), "value": _number}, {})
_SERIES = named({"name": string(20), "data": items(_POINT, at_most=PLACES_MOST)}, {})
_AXIS = named(
    {"categories": items(string(20), at_most=PLACES_MOST)}, {"x_label": string(50), "y_label": string(50)}
)
_PLOT = named({**KIND, "series": items(_SERIES, at_most=SERIES_MOST), "axis_config": _AXIS}, {})
_SEGMENT = named({"label": string(20), "value": _positive}, {})
_PIE = named({**KIND, "segments": items(_SEGMENT, at_most=SERIES_MOST)}, {})
_SHAPE = by_type({"line": _PLOT, "bar": _PLOT, "area": _PLOT, "pie": _PIE})


def chart(value: object, pointer: str) -> Iterator[Problem]:
    """Check the chart of a block: its shape, then what no shape can say."""
    found = list(_SHAPE(value, pointer))
    yield from found
    if not found and isinstance(value, dict) and value["type"] != "pie":
        yield from _plot(value, pointer)


def _plot(chart: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Every series has a name of its own, and one value for each category."""
    categories = chart["axis_config"]["categories"]
    names = [one["name"] for one in chart["series"]]
    if len(set(names)) != len(names):
        yield Problem(pointer=f"{pointer}/series", message="series names must be unique")
    if len(set(categories)) != len(categories):
        yield Problem(pointer=f"{pointer}/axis_config/categories", message="categories must be unique")
    for index, one in enumerate(chart["series"]):
        if sorted(point["label"] for point in one["data"]) != sorted(categories):
            message = "data labels must match the categories"
            yield Problem(pointer=f"{pointer}/series/{index}/data", message=message)
