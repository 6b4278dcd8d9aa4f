"""[[occasion]]: which days of which site are not like others."""

from datetime import date

import pytest

from bot.settings.occasion_tables import read_days
from bot.watches.calendar import Expect
from tests.settings.building import WHOLE, settings_of

OCCASIONS = """
[site.blog]
domain = "blog.example.com"

[[occasion]]
name = "Christmas"
days = ["12-24 to 12-26"]
expect = "less"

[[occasion]]
name = "Sale"
site = "shop"
days = [2026-12-26, "2026-12-27"]
expect = "more"
"""


def test_a_site_has_its_own_days_before_those_of_every_site() -> None:
    calendars = settings_of(WHOLE + OCCASIONS).calendars
    boxing_day = date(2026, 12, 26)
    assert [one.name for one in calendars["shop"].occasions] == ["Sale", "Christmas"]
    assert [one.name for one in calendars["blog"].occasions] == ["Christmas"]
    on = calendars["shop"].on(boxing_day)
    assert on is not None
    assert (on.name, on.expect) == ("Sale", Expect.MORE)


@pytest.mark.parametrize(
    ("written", "day", "there"),
    [
        pytest.param("2026-11-27", "2026-11-27", True, id="the day"),
        pytest.param("2026-11-27", "2026-11-26", False, id="the day before"),
        pytest.param("2026-11-27", "2027-11-27", False, id="another year"),
        pytest.param("2026-11-23 to 2026-11-30", "2026-11-30", True, id="the last of some"),
        pytest.param("2026-11-23 to 2026-11-30", "2026-12-01", False, id="after the last"),
        pytest.param("12-24", "2031-12-24", True, id="each year"),
        pytest.param("12-24 to 01-02", "2027-01-02", True, id="across a year's end"),
        pytest.param("12-24 to 01-02", "2027-01-03", False, id="after a year's end"),
        pytest.param("12-24 to 01-02", "2026-12-23", False, id="before a year's end"),
        pytest.param("02-29", "2028-02-29", True, id="a day that few years have"),
        pytest.param(date(2026, 11, 27), "2026-11-27", True, id="without quotes"),
    ],
)
def test_days_are_the_days_that_are_written(written: object, day: str, *, there: bool) -> None:
    assert (date.fromisoformat(day) in read_days(written)) is there
