"""Days that are not like others, from Pirsch's answers to what people hear."""

from datetime import timedelta

import pytest

from bot import verdicts
from bot.detect.verdict import Side, Why
from bot.facts import Reason
from bot.sandbox.pirsch.settings import Trouble
from bot.sources.periods import Days
from bot.watches.calendar import PLAIN, Calendar, Expect, Occasion
from bot.watches.trace import Trace
from bot.watches.watch import Unusual
from tests.watching.conftest import HOUR, MORNING, MakePost, Post, watch

VISITORS = watch(condition=Unusual(side=Side.UP))
TODAY = MORNING.date()


@pytest.fixture(params=["sqlite"])  # the days vary here, not the store
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def sale(expect: Expect) -> Calendar:
    days = (Days(first=TODAY, last=TODAY),)
    return Calendar(occasions=(Occasion(name="Sale", days=days, expect=expect),))


def rush(shop: Post) -> None:
    shop.fetch()
    shop.look()
    shop.happen(Trouble.VIRAL, 6 * HOUR, strength=8)
    shop.watch_for(8 * HOUR)


def test_a_rush_on_the_day_of_a_sale_is_not_told_and_why_says_so(post: MakePost) -> None:
    shop = post(VISITORS, calendar=sale(Expect.MORE))
    rush(shop)
    assert shop.told() == []
    with shop.database.reading() as tx:
        records = verdicts.history(tx, VISITORS.place)
    held = [one for one in records if one.why == Why.SPECIAL_DAY]
    assert held
    assert {one.state for one in held} == {"ok"}
    assert all(Trace.from_json(one.inputs).opinions[0].occasion == "Sale" for one in held)
    shop.watch_for(24 * HOUR)  # and the day after it is not told either
    assert shop.told() == []


@pytest.mark.parametrize("calendar", [PLAIN, sale(Expect.LESS)], ids=["any day", "a holiday"])
def test_the_same_rush_on_another_day_is_told(post: MakePost, calendar: Calendar) -> None:
    shop = post(VISITORS, calendar=calendar)
    rush(shop)
    assert len(shop.told_because(Reason.OPENED)) == 1


def test_a_sale_has_no_part_in_what_is_learnt_the_day_after(post: MakePost) -> None:
    shop = post(VISITORS, calendar=sale(Expect.MORE))
    rush(shop)
    shop.simulator.advance(timedelta(days=1), send=False, settle=False)
    shop.look()
    with shop.database.reading() as tx:
        last = verdicts.history(tx, VISITORS.place)[0]
    hours = Trace.from_json(last.inputs).hours
    assert hours is not None
    assert hours.usual is not None
    assert hours.usual.days == 55
