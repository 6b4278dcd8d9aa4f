"""[[digest]] as people write it: schedules, what is left out, and what that means."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.digests.outline import USUAL_PARTS, GoalPeriod, Money, Part, WhenUsual
from bot.settings.digest_tables import schedule
from tests.settings.building import settings_of

WHOLE = """
[bot]
timezone = "Europe/Berlin"

[site.shop]
domain = "shop.example.com"

[site.blog]
domain = "blog.example.com"

[slack]
token = { env = "SLACK_BOT_TOKEN" }

[channel.sales]
type = "slack"
to = "#sales"

[pirsch]
client_id = { env = "PIRSCH_CLIENT_ID" }
client_secret = { env = "PIRSCH_CLIENT_SECRET" }

[[digest]]
name = "Monday"
schedule = "mon 08:00"
notify = ["sales"]
"""
EVERY_DAY = frozenset(range(7))


@pytest.mark.parametrize(
    ("written", "at", "weekdays", "day"),
    [
        ("mon 08:00", time(8), {0}, None),
        ("Monday 8:00", time(8), {0}, None),
        ("mon, thu 09:30", time(9, 30), {0, 3}, None),
        ("sat sun 23:59", time(23, 59), {5, 6}, None),
        ("daily 00:05", time(0, 5), EVERY_DAY, None),
        ("weekdays 07:30", time(7, 30), {0, 1, 2, 3, 4}, None),
        ("weekends 10:00", time(10), {5, 6}, None),
        ("1st 08:00", time(8), EVERY_DAY, 1),
        ("22nd 08:00", time(8), EVERY_DAY, 22),
        ("31st 08:00", time(8), EVERY_DAY, 31),
        ("last 18:00", time(18), EVERY_DAY, 31),
    ],
)
def test_schedules(written: str, at: time, weekdays: set[int], day: int | None) -> None:
    found = schedule(written)
    assert (found.at, set(found.weekdays), found.day_of_month) == (at, set(weekdays), day)


@pytest.mark.parametrize(
    "written",
    ["", "08:00", "mon", "mon 24:00", "mon 08:60", "0th 08:00", "32nd 08:00", "someday 08:00", "daily 00:04"],
)
def test_what_is_no_schedule(written: str) -> None:
    with pytest.raises(ValueError, match=r"needed|from|earliest"):
        schedule(written)


def test_what_is_left_out() -> None:
    (monday,) = settings_of(WHOLE).digests
    assert monday.outline.sites == ("shop", "blog")
    assert monday.outline.parts == USUAL_PARTS
    assert monday.outline.when_usual is WhenUsual.LINE
    assert monday.outline.goals_over is GoalPeriod.MONTH
    assert monday.schedule.zone == ZoneInfo("Europe/Berlin")


def test_what_is_written() -> None:
    more = (
        WHOLE
        + """
timezone = "America/New_York"
sites = ["blog"]
sections = ["revenue", "summary"]
revenue = [{ event = "purchase", key = "amount" }, { event = "tip", key = "sum", currency = "EUR" }]
when_usual = "skip"
goals_over = "week"
"""
    )
    (monday,) = settings_of(more).digests
    assert monday.outline.sites == ("blog",)
    assert monday.outline.parts == (Part.REVENUE, Part.SUMMARY)
    assert monday.outline.revenue == (
        Money(event="purchase", key="amount"),
        Money(event="tip", key="sum", currency="EUR"),
    )
    assert monday.outline.when_usual is WhenUsual.SKIP
    assert monday.schedule.zone == ZoneInfo("America/New_York")


def test_where_something_is_added_up_revenue_is_among_the_usual_sections() -> None:
    (monday,) = settings_of(WHOLE + 'revenue = [{ event = "purchase", key = "amount" }]').digests
    assert set(monday.outline.parts) == {*USUAL_PARTS, Part.REVENUE}
