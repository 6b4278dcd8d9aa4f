"""Numbers, money and times as the people of a place write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.writing.formats import Formats, UnknownLocale, locale

BERLIN = ZoneInfo("Europe/Berlin")
HERE = Formats(zone=BERLIN)
AT = datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC)  # 00:05:09 on 2 July in Berlin, a Thursday
DAY = date(2026, 11, 14)
LOCALES = ("en-150", "en-US", "de", "fr", "de-CH", "pt-BR", "en-IN", "ar")
# How each of them writes it. Blanks that do not break lines are written as ~, narrow ones as _.
WRITTEN: dict[str, tuple[Callable[[Formats], str], tuple[str, ...]]] = {
    "a whole number": (
        lambda one: one.number(1234567),
        (
            "1,234,567",
            "1,234,567",
            "1.234.567",
            "1_234_567",
            "1’234’567",
            "1.234.567",
            "12,34,567",
            "1,234,567",
        ),
    ),
    "a fraction": (
        lambda one: one.number(Decimal("1234.5")),
        ("1,234.50", "1,234.50", "1.234,50", "1_234,50", "1’234.50", "1.234,50", "1,234.50", "1,234.50"),
    ),
    "a tiny number": (
        lambda one: one.number(Decimal("0.00001234")),
        ("0.000012", "0.000012", "0,000012", "0,000012", "0.000012", "0,000012", "0.000012", "0.000012"),
    ),
    "dollars": (
        lambda one: one.money(Decimal("1249.5"), "USD"),
        (
            "1,249.50~US$",
            "$1,249.50",
            "1.249,50~$",
            "1_249,50~$US",
            "$~1’249.50",
            "US$~1.249,50",
            "$1,249.50",
            "\u200f1,249.50~US$",
        ),
    ),
    "yen have no hundredths": (
        lambda one: one.money(1249, "JPY"),
        (
            "1,249~JP¥",
            "¥1,249",
            "1.249~¥",
            "1_249~JPY",
            "¥~1’249",
            "JP¥~1.249",
            "JP¥1,249",
            "\u200f1,249~JP¥",
        ),
    ),
    "a share": (
        lambda one: one.percent(0.4374, 1),
        ("43.7%", "43.7%", "43,7~%", "43,7~%", "43.7%", "43,7%", "43.7%", "43.7%"),
    ),
    "the edge of a picture": (
        lambda one: one.compact(12_500),
        ("12.5k", "12.5k", "12,5k", "12,5k", "12.5k", "12,5k", "12.5k", "12.5k"),
    ),
    "an instant": (
        lambda one: one.when(AT),
        (
            "2 Jul 2026, 00:05 CEST",
            "Jul 2, 2026, 12:05 AM CEST",
            "2. Juli 2026, 00:05 CEST",
            "2 juil. 2026, 00:05 CEST",
            "2. Juli 2026, 00:05 CEST",
            "2 de jul. de 2026, 00:05 CEST",
            "2 Jul 2026, 12:05 am CEST",
            "2 يوليو 2026, 12:05 ص CEST",
        ),
    ),
    "a time of day": (
        lambda one: one.clock(AT),
        (
            "00:05:09",
            "12:05:09 AM",
            "00:05:09",
            "00:05:09",
            "00:05:09",
            "00:05:09",
            "12:05:09 am",
            "12:05:09 ص",
        ),
    ),
    "a day": (
        lambda one: one.day(DAY),
        ("14 Nov", "Nov 14", "14. Nov.", "14 nov.", "14. Nov.", "14 de nov.", "14 Nov", "14 نوفمبر"),
    ),
    "a day of the week": (
        lambda one: one.weekday(DAY),
        ("Sat 14", "Sat 14", "Sa 14", "sam 14", "Sa 14", "sáb 14", "Sat 14", "السبت 14"),
    ),
    "a month": (
        lambda one: one.month(DAY),
        (
            "Nov 2026",
            "Nov 2026",
            "Nov. 2026",
            "nov. 2026",
            "Nov. 2026",
            "nov. de 2026",
            "Nov 2026",
            "نوفمبر 2026",
        ),
    ),
}


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("name", LOCALES)
def test_every_place_has_its_way(what: str, name: str) -> None:
    write, expected = WRITTEN[what]
    written = write(Formats(zone=BERLIN, locale=name)).replace("\u202f", "_").replace("\xa0", "~")
    assert written == expected[LOCALES.index(name)]


@pytest.mark.parametrize(("name", "first"), [("de", 0), ("en-150", 0), ("en-US", 6), ("ar-EG", 5)])
def test_weeks_begin_where_they_do(name: str, first: int) -> None:
    assert Formats(zone=BERLIN, locale=name).first_weekday == first


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("612.4"), "612.40"),
        (Decimal("612.00"), "612.00"),
        (Decimal("612"), "612"),
        (Decimal("-1234.567"), "-1,234.57"),
        (Decimal("0.00001234"), "0.000012"),
        (Decimal("0.01"), "0.01"),
        (Decimal("0.00"), "0.00"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1E+999999"), "1.000e+999999"),
        (Decimal("1E-999999"), "1.000e-999999"),
        (Decimal("NaN"), "NaN"),
        (0.5, "0.50"),
        (float("inf"), "Infinity"),
        ("12 pieces", "12 pieces"),
    ],
)
def test_numbers(value: object, shown: str) -> None:
    assert HERE.number(value) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal("249"), "USD", "249.00~US$"),
        (1200, "EUR", "1,200.00~€"),
        (Decimal("0"), "EUR", "0.00~€"),
        (Decimal("5"), "XYZ", "5.00~XYZ"),
        (Decimal("5"), "<b>", "5.00 <b>"),
        (Decimal("0.5"), "", "0.50"),
        ("about 5", "EUR", "about 5 EUR"),
        (Decimal("1E+99"), "EUR", "1.000e+99 EUR"),
    ],
)
def test_money(value: object, currency: str, shown: str) -> None:
    assert HERE.money(value, currency).replace("\xa0", "~") == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.125, "%", "12.5%"),
        (0.5, "%", "50%"),
        (1e9, "%", "1,000,000,000"),
        (150, "s", "2 min 30 s"),
        (-150, "s", "−2 min 30 s"),
        (0, "s", "0 s"),
        (12.5, "EUR", "12.50\xa0€"),
        (9.94, "", "9.9"),
        (10.4, "", "10"),
        (3.0, "visitors", "3"),
        (1234.5, "", "1,234"),
        (None, "", ""),
        (float("nan"), "", "nan"),
    ],
)
def test_measures(value: object, unit: str, shown: str) -> None:
    assert HERE.measure(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.25, "0.2"),
        (0.025, "0.02"),
        (9_999, "9,999"),
        (10_000, "10k"),
        (12_340, "12.3k"),
        (999_999, "1,000k"),
        (1_000_000, "1M"),
        (2.5e9, "2.5bn"),
        (1e30, "1e+30"),
        (-12_500, "-12.5k"),
    ],
)
def test_numbers_at_the_edge_of_a_picture(value: float, shown: str) -> None:
    assert HERE.compact(value) == shown


@pytest.mark.parametrize(
    ("value", "dimension", "shown"),
    [
        ("de", "country", "Deutschland"),
        ("US", "country", "Vereinigte Staaten"),
        ("de", "language", "Deutsch"),
        ("de", "page", "de"),
        ("de", "", "de"),
        ("", "country", ""),
        ("qq", "country", "qq"),
        ("../../etc", "country", "../../etc"),
        ("<b>", "language", "<b>"),
    ],
)
def test_values_that_are_codes_are_called_by_their_names(value: str, dimension: str, shown: str) -> None:
    assert Formats(zone=ZoneInfo("Europe/Berlin"), locale="de").called(value, dimension) == shown


def test_instants_are_told_in_the_sites_zone() -> None:
    assert HERE.when(AT) == "2 Jul 2026, 00:05 CEST"
    assert Formats(zone=ZoneInfo("America/Sao_Paulo")).when(AT) == "1 Jul 2026, 19:05 UTC-03"


@pytest.mark.parametrize("name", ["", "xx", "de_XX", "../../etc/passwd", "C", "de_", "d" * 1000, "deutsch"])
def test_a_place_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(UnknownLocale):
        locale(name)


# Each costs a megabyte: a few of all the thousand, other ones in each run.
@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from(sorted(set(locale_identifiers()) - {"root"})),
    value=st.decimals(allow_nan=False, allow_infinity=False),
    share=st.floats(-10, 10),
)
def test_every_locale_writes_everything(name: str, value: Decimal, share: float) -> None:
    one = Formats(zone=BERLIN, locale=name)
    written = (
        one.number(value),
        one.money(value, "EUR"),
        one.percent(share, 1),
        one.compact(float(share)),
        one.when(AT),
        one.clock(AT),
        one.day(DAY),
        one.weekday(DAY),
        one.month(DAY),
        one.dated(DAY),
    )
    assert all(written)
    assert 0 <= one.first_weekday <= 6


@pytest.mark.parametrize("name", ["en-150", "en-US", "de", "fr"])
def test_the_documents_show_what_is_written(name: str) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in docs.splitlines() if "|" in line]
    table = rows[next(place for place, row in enumerate(rows) if row[1].startswith("en-150")) :]
    column = next(place for place, cell in enumerate(table[0]) if cell.split(" ")[0].strip("`") == name)
    one = Formats(zone=BERLIN, locale=name)
    written = (
        one.number(Decimal("1234567.5")),
        one.percent(0.437, 1),
        one.money(Decimal("1249.5"), "USD"),
        one.when(AT),
        ("Monday", *["another day"] * 5, "Sunday")[one.first_weekday],
    )
    shown = [" ".join(row[column].split()) for row in table[2:7]]
    assert shown == [" ".join(words.split()) for words in written]
