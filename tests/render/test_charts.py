"""Pictures as Slack's own charts: within every limit, and without a lie."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step
from bot.render.blocks import LONGEST_MESSAGE, Parts, blocks, letters, with_charts
from bot.render.charts import charts
from bot.sandbox.slack.blocks import problems
from bot.writing.formats import Formats

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)


def line(*points: Point, hourly: bool = True) -> Line:
    return Line(title="Visitors", unit="visitors", points=points, hourly=hourly)


def hours(count: int, **more: Any) -> tuple[Point, ...]:
    return tuple(Point(at=NOON + timedelta(hours=n), value=float(n), **more) for n in range(count))


def only(picture: Picture) -> Mapping[str, Any]:
    (block,) = charts([picture], FORMATS)
    assert problems([block]) == []
    chart = block["chart"]
    assert isinstance(chart, Mapping)
    return chart


def names(chart: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in chart["series"]]


def test_a_line_with_its_band() -> None:
    chart = only(line(*hours(3, low=1.0, high=9.0)))
    assert chart["type"] == "line"
    assert chart["axis_config"]["categories"] == ["14 Nov 13:00", "14 Nov 14:00", "14 Nov 15:00"]
    assert names(chart) == ["visitors", "Usual from", "Usual to"]
    assert [point["value"] for point in chart["series"][0]["data"]] == [0, 1, 2]


def test_only_the_latest_places_fit_in() -> None:
    chart = only(line(*hours(48)))
    assert len(chart["axis_config"]["categories"]) == 20
    assert chart["series"][0]["data"][-1]["value"] == 47


def test_a_place_where_nothing_is_known_is_left_out_not_drawn_as_nought() -> None:
    unknown = Point(at=NOON + timedelta(hours=1), value=None)
    chart = only(line(hours(1)[0], unknown))
    assert [point["value"] for point in chart["series"][0]["data"]] == [0]


def test_a_band_that_is_not_known_everywhere_is_left_out() -> None:
    chart = only(line(Point(at=NOON, value=1, low=0, high=2), Point(at=NOON + timedelta(hours=1), value=2)))
    assert names(chart) == ["visitors"]


def test_the_hour_that_comes_twice_is_two_places() -> None:
    began = datetime(2026, 10, 25, 0, tzinfo=UTC)
    points = [Point(at=began + timedelta(hours=n), value=1) for n in range(2)]
    assert only(line(*points))["axis_config"]["categories"] == ["25 Oct 02:00", "25 Oct 02:00 (2)"]


def test_days_are_named_by_their_date() -> None:
    assert only(line(Point(at=NOON, value=1), hourly=False))["axis_config"]["categories"] == ["14 Nov"]


def test_bars_beside_those_of_the_period_before() -> None:
    bars = Bars(
        title="Channels",
        unit="visitors",
        bars=(Bar(label="Direct", value=9, before=4), Bar(label="Mail", value=3, before=5)),
        now="this week",
        before="last week",
    )
    chart = only(bars)
    assert (chart["type"], names(chart)) == ("bar", ["this week", "last week"])


def test_a_funnel() -> None:
    steps = (Step(name="Cart", visitors=9, usual=11.5), Step(name="Paid", visitors=2, usual=4.0))
    assert names(only(Funnel(title="Checkout", steps=steps))) == ["Visitors", "Usual"]


def test_what_has_no_places_or_no_numbers_is_no_chart() -> None:
    nothing = line(Point(at=NOON, value=None))
    assert charts([nothing, Spark(title="s", values=(1.0, 2.0)), Funnel(title="f", steps=())], FORMATS) == ()


def test_a_message_holds_two() -> None:
    assert len(charts([line(*hours(2))] * 3, FORMATS)) == 2


LABEL = st.one_of(st.text(max_size=40), st.sampled_from(["", "same", "same", "x" * 60, "\u202e", "\ud800"]))
NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18).map(float)
MAYBE = st.none() | NUMBER
INSTANT = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PICTURE: st.SearchStrategy[Picture] = st.one_of(
    st.builds(
        Line,
        title=LABEL,
        unit=LABEL,
        hourly=st.booleans(),
        points=st.lists(st.builds(Point, at=INSTANT, value=MAYBE, low=MAYBE, high=MAYBE), max_size=40).map(
            tuple
        ),
    ),
    st.builds(
        Bars,
        title=LABEL,
        unit=LABEL,
        now=LABEL,
        before=st.none() | LABEL,
        bars=st.lists(st.builds(Bar, label=LABEL, value=NUMBER, before=MAYBE), max_size=30).map(tuple),
    ),
    st.builds(
        Funnel,
        title=LABEL,
        steps=st.lists(
            st.builds(Step, name=LABEL, visitors=st.integers(0, 10**12), usual=MAYBE), max_size=30
        ).map(tuple),
    ),
    st.builds(Spark, title=LABEL, values=st.lists(MAYBE, max_size=9).map(tuple)),
)


@given(st.lists(PICTURE, max_size=4))
def test_any_picture_makes_charts_that_slack_takes_or_none(pictures: list[Picture]) -> None:
    made = charts(pictures, FORMATS)
    assert problems(list(made)) == [] or not made
    json.dumps(made, allow_nan=False).encode()


@pytest.mark.parametrize("many", [0, 1, 2])
@given(PICTURE)
def test_charts_fit_into_the_longest_message(many: int, picture: Picture) -> None:
    long = blocks(
        Parts(
            text="t",
            title="t" * 200,
            state="s" * 900,
            body="b" * 9_000,
            fields="\n\n".join(["f" * 900] * 20),
            context="c" * 2_000,
        )
    )
    shown = with_charts(long, charts([picture] * many, FORMATS))
    assert shown[-1]["type"] == "context"
    assert letters(shown) <= max(LONGEST_MESSAGE, letters(long))
