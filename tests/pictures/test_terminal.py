"""Pictures of characters: lengths that can be compared by the eye, in the width that there is."""

from zoneinfo import ZoneInfo

import pytest

from bot.facts import Bar, Bars, Funnel, Step
from bot.pictures import bars, funnel
from bot.writing.formats import Formats

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
COUNTRIES = Bars(
    title="Countries",
    unit="visitors",
    now="these days",
    before="the days before",
    dimension="country",
    bars=(
        Bar(label="de", value=400.0, before=800.0),
        Bar(label="at", value=200.0, before=0.0),
        Bar(label="ch", value=1.0),
    ),
)
CHECKOUT = Funnel(
    title="Checkout",
    steps=(
        Step(name="Cart", visitors=150, usual=200.0),
        Step(name="Address", visitors=75, usual=50.0),
        Step(name="Payment", visitors=0),
    ),
)


def test_each_value_stands_above_what_it_was() -> None:
    assert list(bars(COUNTRIES, FORMATS, 40)) == [
        "Germany       400  ██████████",
        "              800  ░░░░░░░░░░░░░░░░░░░░░",
        "Austria       200  █████",
        "                0",
        "Switzerland     1  █",
    ]


def test_names_and_numbers_are_the_site_s() -> None:
    german = Formats(zone=ZoneInfo("Europe/Berlin"), locale="de")
    large = Bars(title="", unit="", now="", bars=(Bar(label="ch", value=12_000.0),), dimension="country")
    (row,) = bars(large, german, 60)
    assert row.startswith("Schweiz")
    assert "12.000" in row


def test_a_funnel_has_its_steps_their_shares_and_where_they_usually_end() -> None:
    assert list(funnel(CHECKOUT, FORMATS, 60)) == [
        "Cart               150  ██████████████████████       │",
        "Address             75  ███████│███                    50%",
        "Payment              0                                 0%",
    ]


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_it_keeps_to_the_width(width: int) -> None:
    assert max(map(len, bars(COUNTRIES, FORMATS, width))) <= width
    assert max(map(len, funnel(CHECKOUT, FORMATS, width))) <= width


def test_nothing_at_all_is_drawn_as_nothing() -> None:
    assert list(bars(Bars(title="", unit="", now="", bars=()), FORMATS, 40)) == []
    empty = Bars(title="", unit="", now="", bars=(Bar(label="a", value=0.0, before=0.0),))
    assert [row.split() for row in bars(empty, FORMATS, 40)] == [["a", "0"], ["0"]]
    assert list(funnel(Funnel(title="", steps=()), FORMATS, 40)) == []
