"""The numbers of a simulated dashboard agree with each other, and with what it says itself."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.query import Query
from bot.sandbox.pirsch import Fault, Simulator, start
from bot.sources.errors import Gone, Refused, Unreadable
from bot.sources.periods import Days, Window, one_day, stretch
from bot.sources.pirsch import source
from bot.sources.source import Dimension, Match, Series, Source, Where
from tests.sources.conftest import AUTUMN, BLOG, SHOP, Join, Joined, settings

WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
BACK, FORWARD = date(2026, 10, 25), date(2026, 3, 29)
TODAY = date(2026, 11, 18)
HOUR = timedelta(hours=1)


def views(series: Series) -> int:
    return sum(bucket.traffic.views or 0 for bucket in series.buckets)


def test_it_is_a_source(shop: Joined) -> None:
    promised: Source = shop.source
    assert promised.zone.key == "Europe/Berlin"
    assert promised.today() == TODAY


def test_totals_days_and_hours_agree(shop: Joined) -> None:
    total, series = shop.source.totals(WEEK), shop.source.days(WEEK)
    assert total.complete
    assert total.share is None
    assert total.traffic.visitors > 100
    assert [bucket.day for bucket in series.buckets] == list(WEEK)
    assert views(series) == total.traffic.views
    for bucket in series.buckets:
        hours = shop.source.hours(bucket.day)
        assert len(hours.buckets) == 24
        assert views(hours) == bucket.traffic.views
        assert hours.buckets[0].starts_at == bucket.starts_at
        assert hours.buckets[-1].ends_at == bucket.ends_at
        assert all(hour.complete for hour in hours.buckets)


def test_each_call_names_its_days_and_one_zone(shop: Joined) -> None:
    shop.simulator.ledger.clear()
    shop.source.totals(WEEK)
    shop.source.days(WEEK)
    shop.source.hours(WEEK.first)
    shop.source.hours(BACK)
    shop.source.breakdown(Dimension.PAGE, WEEK)
    asked = shop.simulator.ledger.calls()
    assert {one.path for one in asked}.isdisjoint({"/statistics/overview", "/statistics/growth"})
    for one in asked:
        named = [pair.split("=")[0] for pair in one.query.split("&")]
        assert named.count("tz") == named.count("from") == named.count("to") == 1


def test_a_window_is_a_part_of_its_day(shop: Joined) -> None:
    morning = Window(day=WEEK.first, from_time=time(6), to_time=time(12))
    found = shop.source.totals(morning)
    assert 0 < found.traffic.visitors < shop.source.totals(one_day(WEEK.first)).traffic.visitors
    assert stretch(morning, shop.source.zone)[0] == datetime(2026, 11, 9, 5, tzinfo=UTC)


# ---------------------------------------------------------------- the clocks change


def test_a_day_of_25_hours_has_as_many_rows(shop: Joined) -> None:
    hours = shop.source.hours(BACK).buckets
    assert [hour.hour for hour in hours] == [0, 1, 2, 2, *range(3, 24)]
    assert all(hour.ends_at - hour.starts_at == HOUR for hour in hours)
    assert hours[0].starts_at == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert [one.ends_at for one in hours[:-1]] == [one.starts_at for one in hours[1:]]
    domain = DomainId(shop.simulator.domain_id(SHOP))
    told = shop.pirsch.statistics.hours(Query.days(domain, BACK, BACK, tz="Europe/Berlin"))
    assert (hours[2].traffic.views or 0) + (hours[3].traffic.views or 0) == told[2].views
    for hour in (*hours[:2], *hours[4:]):
        assert hour.traffic.views == told[hour.hour or 0].views
        assert hour.traffic.visitors == told[hour.hour or 0].visitors


def test_a_day_of_23_hours_has_as_many_rows(join: Join, spring: Simulator) -> None:
    shop = join(spring).source
    hours = shop.hours(FORWARD).buckets
    assert [hour.hour for hour in hours] == [0, 1, *range(3, 24)]
    assert hours[-1].ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert views(shop.hours(FORWARD)) == shop.totals(one_day(FORWARD)).traffic.views
    assert shop.days(one_day(FORWARD)).buckets[0].ends_at == hours[-1].ends_at


def test_a_zone_that_is_off_by_half_hours_has_one_longer_row(join: Join) -> None:
    with start(settings(datetime(2026, 5, 20, 14, 30, tzinfo=UTC), "Australia/Lord_Howe")) as simulator:
        found = join(simulator).source
        day = date(2026, 4, 5)  # at 2:00 it was 1:30 again
        hours = found.hours(day)
        assert len(hours.buckets) == 24
        assert [one.ends_at - one.starts_at for one in hours.buckets].count(1.5 * HOUR) == 1
        assert views(hours) == found.totals(one_day(day)).traffic.views


# ---------------------------------------------------------------- the day that goes on


def test_today_is_partial_and_the_future_is_left_out(shop: Joined) -> None:
    assert not shop.source.totals(one_day(TODAY)).complete
    to_tomorrow = shop.source.days(Days(first=date(2026, 11, 16), last=date(2026, 11, 19)))
    assert [bucket.complete for bucket in to_tomorrow.buckets] == [True, True, False]
    assert len(to_tomorrow.completed().buckets) == 2
    hours = shop.source.hours(TODAY).buckets
    assert [hour.hour for hour in hours] == list(range(16))  # 15:30 in Berlin
    assert [hour.complete for hour in hours] == [True] * 15 + [False]


def test_a_day_that_goes_on_while_the_clocks_change(join: Join) -> None:
    with start(settings(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))) as simulator:
        hours = join(simulator).source.hours(BACK).buckets
        assert [(hour.hour, hour.complete) for hour in hours] == [
            (0, True),
            (1, True),
            (2, True),
            (2, False),
        ]


def test_what_has_not_begun_is_refused(shop: Joined) -> None:
    tomorrow = date(2026, 11, 19)
    for ask in (
        lambda: shop.source.totals(one_day(tomorrow)),
        lambda: shop.source.hours(tomorrow),
        lambda: shop.source.days(one_day(tomorrow)),
    ):
        with pytest.raises(Refused, match="not begun"):
            ask()


# ---------------------------------------------------------------- of what


@pytest.mark.parametrize("dimension", set(Dimension) - {Dimension.EVENT})
def test_every_dimension_has_its_rows(shop: Joined, dimension: Dimension) -> None:
    found = shop.source.breakdown(dimension, WEEK)
    visitors = [row.traffic.visitors for row in found.rows]
    assert visitors == sorted(visitors, reverse=True)
    assert found.complete
    assert found.whole == (len(visitors) < 100)
    if dimension in (Dimension.PAGE, Dimension.REFERRER, Dimension.COUNTRY, Dimension.DEVICE):
        assert visitors
    if dimension is Dimension.DEVICE:
        assert sum(visitors) == shop.source.totals(WEEK).traffic.visitors


def test_a_breakdown_agrees_with_the_totals_of_its_parts(shop: Joined) -> None:
    for dimension in (Dimension.COUNTRY, Dimension.CHANNEL, Dimension.PAGE):
        row = shop.source.breakdown(dimension, WEEK).rows[0]
        part = shop.source.totals(WEEK, [Where(dimension=dimension, value=row.value)])
        assert part.traffic.visitors == row.traffic.visitors
        assert part.share == pytest.approx(row.share)


def test_demands_are_made_in_every_way(shop: Joined) -> None:
    every = shop.source.totals(WEEK).traffic.visitors
    here = shop.source.totals(WEEK, [Where(dimension=Dimension.COUNTRY, value="de")]).traffic.visitors
    elsewhere = [Where(dimension=Dimension.COUNTRY, value="de", match=Match.IS_NOT)]
    assert shop.source.totals(WEEK, elsewhere).traffic.visitors == every - here
    direct = [Where(dimension=Dimension.REFERRER, value=None)]
    linked = [Where(dimension=Dimension.REFERRER, value=None, match=Match.IS_NOT)]
    parts = [shop.source.totals(WEEK, part).traffic.visitors for part in (direct, linked)]
    assert every <= sum(parts) < 2 * every
    with pytest.raises(Refused, match="two letters"):
        shop.source.totals(WEEK, [Where(dimension=Dimension.COUNTRY, value="Germany")])


def test_there_is_more_than_was_asked_for(shop: Joined) -> None:
    found = shop.source.breakdown(Dimension.PAGE, WEEK, most=2)
    assert len(found.rows) == 2
    assert not found.whole


def test_there_is_no_list_of_events_by_breakdown(shop: Joined) -> None:
    with pytest.raises(Refused, match="event"):
        shop.source.breakdown(Dimension.EVENT, WEEK)


def test_events_and_their_meta(shop: Joined) -> None:
    events = {one.name: one for one in shop.source.events(WEEK)}
    name, key = next((one.name, one.meta_keys[0]) for one in events.values() if one.meta_keys)
    values = shop.source.event_meta(WEEK, name, key)
    assert sum(one.count or 0 for one in values) == events[name].count
    assert shop.source.event_meta(WEEK, name, "no-such-key") == ()


def test_revenue_is_a_decimal(shop: Joined) -> None:
    month = Days(first=date(2026, 10, 1), last=date(2026, 10, 31))
    bought = next(one for one in shop.source.events(month) if "amount" in one.meta_keys)
    values = shop.source.event_meta(month, bought.name, "amount", most=1000)
    wanted = sum((Decimal(one.value) * (one.count or 0) for one in values), Decimal(0))
    found = shop.source.amount(month, bought.name, "amount")
    assert isinstance(found.total, Decimal)
    assert float(found.total) == pytest.approx(float(wanted), rel=1e-6)
    assert found.average > 0


def test_active_visitors_of_a_named_window(shop: Joined) -> None:
    found = shop.source.active(timedelta(minutes=60))
    assert found.at == AUTUMN
    assert found.visitors <= sum(row.traffic.visitors for row in found.pages)
    with pytest.raises(Refused, match="one hour"):
        shop.source.active(timedelta(hours=2))


# ---------------------------------------------------------------- goals and funnels


def test_a_goal_is_compared_in_one_unit(shop: Joined) -> None:
    domain = DomainId(shop.simulator.domain_id(SHOP))
    shop.pirsch.goals.create(domain, GoalDraft(name="Seen", path="/", visitors=1, cr_percent=50.0))
    shop.pirsch.goals.create(domain, GoalDraft(name="No target", path="/"))
    goals = {one.name: one for one in shop.source.goals(WEEK)}
    seen = goals["Seen"]
    assert seen.share_target is not None
    assert seen.visitors_target is not None
    assert seen.share_target.wanted == 0.5
    assert seen.share_target.present == seen.share
    assert seen.visitors_target.progress == seen.visitors
    assert seen.share == pytest.approx(seen.visitors / shop.source.totals(WEEK).traffic.visitors)
    assert seen.reached == ((seen.share or 0) >= 0.5)
    assert goals["No target"].reached is None


def test_a_funnel_tells_the_conversion_of_each_step(shop: Joined) -> None:
    domain = DomainId(shop.simulator.domain_id(SHOP))
    steps = [{"name": "Start", "filter": {"path": ["/"]}}, {"name": "Never", "filter": {"path": ["/no"]}}]
    made = shop.simulator.account.shelves["funnel"].make({"name": "F", "steps": steps}, domain)
    named = {one.id: one.name for one in shop.source.funnels()}
    assert named[made.id] == "F"
    found = shop.source.funnel(made.id, WEEK)
    assert [(step.number, step.name) for step in found.steps] == [(1, "Start"), (2, "Never")]
    assert found.steps[0].conversion == found.steps[0].share == 1
    assert found.steps[1].conversion == found.conversion == 0
    with pytest.raises(Gone):
        shop.source.funnel("no-such-funnel", WEEK)


def test_a_funnel_without_anybody_converts_nobody_rather_than_none_of_them(shop: Joined) -> None:
    steps = [{"name": "A", "filter": {"path": ["/no"]}}, {"name": "B", "filter": {"path": ["/no"]}}]
    domain = shop.simulator.domain_id(SHOP)
    made = shop.simulator.account.shelves["funnel"].make({"name": "Empty", "steps": steps}, domain)
    assert [step.conversion for step in shop.source.funnel(made.id, WEEK).steps] == [None, None]


# ---------------------------------------------------------------- nothing, and null


def test_a_site_without_visitors_has_zeros(join: Join, autumn: Simulator) -> None:
    blog = source(join(autumn).pirsch, BLOG, autumn.clock)
    found = blog.totals(WEEK)
    assert found.traffic.visitors == 0
    assert found.traffic.bounce_rate is None
    assert blog.breakdown(Dimension.PAGE, WEEK).rows == ()
    assert blog.goals(WEEK) == ()


def test_null_is_nothing_and_a_cut_list_is_no_answer(shop: Joined) -> None:
    faults = shop.simulator.faults
    for body in (b"null", b"[]"):
        faults.plan(Fault(path="/statistics/visitor", status=200, body=body))
        assert [one.traffic.visitors for one in shop.source.days(WEEK).buckets] == [0] * 7
        faults.plan(Fault(path="/statistics/hours", status=200, body=body))
        assert len(shop.source.hours(WEEK.first).buckets) == 24
    row = b'[{"hour": 3, "visitors": 5}]'
    faults.plan(Fault(path="/statistics/hours", status=200, body=row))
    with pytest.raises(Unreadable, match="hours"):
        shop.source.hours(WEEK.first)
    row = b'[{"day": "2026-11-09T00:00:00Z", "visitors": 5, "views": 5, "sessions": 5, "bounces": 1}]'
    faults.plan(Fault(path="/statistics/visitor", status=200, body=row))
    with pytest.raises(Unreadable, match="days"):
        shop.source.days(WEEK)
