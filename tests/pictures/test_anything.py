"""Whatever the numbers and the names are, a picture comes out of them."""

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from bot.facts import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step
from bot.pictures import bars, funnel, png, sentence, sparkline, svg
from bot.pictures.font import fonts
from bot.pictures.sentence import LONGEST
from bot.writing.formats import Formats

FORMATS = Formats(zone=ZoneInfo("America/New_York"))
HIGHEST = 700  # of a drawing, in its own units
ELEMENTS = {"svg", "rect", "path", "text", "circle"}

names = some.text(max_size=200) | some.sampled_from(
    ['<image href="/etc/passwd"/>', "]]>", "&amp;&#60;", '" onload="x', "مرحبا", "🎉" * 50, "\0\x1b[2J", ""]
)
numbers = some.floats(allow_nan=False, allow_infinity=False) | some.integers(-(10**9), 10**9)
maybe = some.none() | numbers
units = some.sampled_from(["visitors", "%", "s", "EUR", "", "views", "<b>"])
instants = some.integers(0, 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
points = some.builds(
    Point, at=instants, value=maybe, low=maybe, high=maybe, before=maybe, marked=some.booleans()
)
pictures: some.SearchStrategy[Picture] = some.one_of(
    some.builds(
        Line,
        title=names,
        unit=units,
        points=some.lists(points, max_size=40).map(tuple),
        hourly=some.booleans(),
        before=some.none() | names,
    ),
    some.builds(
        Bars,
        title=names,
        unit=units,
        bars=some.lists(some.builds(Bar, label=names, value=numbers, before=maybe), max_size=15).map(tuple),
        now=names,
        before=some.none() | names,
    ),
    some.builds(Spark, title=names, values=some.lists(maybe, max_size=300).map(tuple)),
    some.builds(
        Funnel,
        title=names,
        steps=some.lists(
            some.builds(Step, name=names, visitors=some.integers(-5, 10**12), usual=maybe), max_size=14
        ).map(tuple),
    ),
)


@settings(max_examples=120, deadline=None)
@given(picture=pictures, dark=some.booleans())
def test_any_values_are_drawn(picture: Picture, dark: bool) -> None:
    drawn = ElementTree.fromstring(svg(picture, FORMATS, dark=dark))
    width, height = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    assert 0 < width <= 400
    assert 0 < height <= HIGHEST
    regular, semibold = fonts()
    for element in drawn.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in ELEMENTS
        for name, value in element.attrib.items():
            assert name == "aria-label" or not {"nan", "inf"} & set(value.lower().replace("-", " ").split())
        if element.text and element.text.strip():
            assert set(element.text) <= set(regular.advances) & set(semibold.advances)


@settings(max_examples=25, deadline=None)
@given(picture=pictures)
def test_any_values_become_pixels(picture: Picture) -> None:
    drawn = png(picture, FORMATS, scale=1)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", drawn[16:24])
    assert 0 < width <= 400
    assert 0 < height <= HIGHEST


@settings(max_examples=120, deadline=None)
@given(picture=pictures)
def test_any_values_are_said_in_one_line(picture: Picture) -> None:
    said = sentence(picture, FORMATS)
    assert said == " ".join(said.split())
    assert 0 < len(said) <= LONGEST


@example(values=[2.3e-309, None, 1e-309], width=80)
@given(values=some.lists(maybe, max_size=300), width=some.integers(1, 80))
def test_any_values_fit_into_a_row_of_characters(values: list[float | None], width: int) -> None:
    row = sparkline(values, width)
    assert len(row) == min(len(values), width)
    assert set(row) <= set(" ▁▂▃▄▅▆▇█")


@settings(max_examples=120, deadline=None)
@given(picture=pictures, width=some.integers(30, 200))
def test_any_values_are_drawn_on_a_terminal(picture: Picture, width: int) -> None:
    if isinstance(picture, Bars):
        rows = list(bars(picture, FORMATS, width))
    elif isinstance(picture, Funnel):
        rows = list(funnel(picture, FORMATS, width))
    else:
        return
    for row in rows:
        assert "\n" not in row
        assert not {"nan", "inf"} & set(row.partition("  ")[2].split())


def test_a_long_history_shows_its_end() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    many = tuple(Point(at=start + timedelta(hours=hour), value=hour) for hour in range(50_000))
    drawn = svg(Line(title="Visitors", unit="visitors", points=many, hourly=True), FORMATS)
    assert "49,999" in drawn
    assert len(drawn) < 60_000


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "make",
    [
        lambda value: Point(at=datetime(2026, 1, 1, tzinfo=UTC), value=value),
        lambda value: Point(at=datetime(2026, 1, 1, tzinfo=UTC), value=1, low=value),
        lambda value: Point(at=datetime(2026, 1, 1, tzinfo=UTC), value=1, high=value),
        lambda value: Point(at=datetime(2026, 1, 1, tzinfo=UTC), value=1, before=value),
        lambda value: Bar(label="a", value=value),
        lambda value: Bar(label="a", value=1, before=value),
        lambda value: Spark(title="a", values=(1, value)),
        lambda value: Step(name="a", visitors=1, usual=value),
    ],
)
def test_what_is_no_number_is_refused_where_the_value_is_made(make: Any, value: float) -> None:
    with pytest.raises(ValueError, match="is none"):
        make(value)
