"""Numbers without what is masked, against the simulated Pirsch: each part adds up to the whole again."""

from datetime import date

import pytest

from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.sandbox.pirsch import Simulator
from bot.sources.masked import Masked
from bot.sources.periods import Days
from bot.sources.source import Breakdown, Dimension, Source, Where
from tests.sources.conftest import SHOP, Join

WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
DAY = date(2026, 11, 12)


def masked(source: Source, **masks: tuple[str, ...]) -> Masked:
    return Masked(source, lambda: {Dimension[name.upper()]: values for name, values in masks.items()})


def value(breakdown: Breakdown, number: int = 0) -> str:
    named = [row.value for row in breakdown.rows if row.value]
    return named[number]


@pytest.fixture
def source(autumn: Simulator, join: Join) -> Source:
    return join(autumn).source


def test_nothing_masked_changes_nothing(source: Source) -> None:
    plain = masked(source)
    assert plain.totals(WEEK) == source.totals(WEEK)
    assert plain.days(WEEK) == source.days(WEEK)
    assert plain.hours(DAY) == source.hours(DAY)
    assert plain.breakdown(Dimension.PAGE, WEEK) == source.breakdown(Dimension.PAGE, WEEK)
    assert plain.events(WEEK) == source.events(WEEK)
    assert plain.left_out(WEEK).visitors == 0
    assert plain.left_out(WEEK).in_words == ""


def test_hosts_are_left_out_and_counted_out_loud(source: Source) -> None:
    referrers = source.breakdown(Dimension.REFERRER, WEEK)
    hosts = (value(referrers), value(referrers, 1))
    where = [Where(dimension=Dimension.REFERRER, value=host) for host in hosts]
    off = source.totals(WEEK, where).traffic.visitors
    assert off > 0
    plain, without = source.totals(WEEK), masked(source, referrer=hosts)
    assert without.totals(WEEK).traffic.visitors == plain.traffic.visitors - off
    assert without.left_out(WEEK).visitors == off
    assert without.left_out(WEEK).in_words == f"{off} excluded as referrer spam: 2 hosts"
    assert not set(hosts) & {row.value for row in without.breakdown(Dimension.REFERRER, WEEK).rows}


def test_days_and_hours_are_masked_row_by_row(source: Source) -> None:
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    where = [Where(dimension=Dimension.REFERRER, value=host)]
    without = masked(source, referrer=(host,))
    for mine, all_, off in zip(
        [*without.days(WEEK).buckets, *without.hours(DAY).buckets],
        [*source.days(WEEK).buckets, *source.hours(DAY).buckets],
        [*source.days(WEEK, where).buckets, *source.hours(DAY, where).buckets],
        strict=True,
    ):
        assert mine.traffic.visitors == all_.traffic.visitors - off.traffic.visitors
        assert (mine.starts_at, mine.complete) == (all_.starts_at, all_.complete)


def test_what_is_masked_for_two_reasons_is_taken_off_once(source: Source) -> None:
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    country = value(source.breakdown(Dimension.COUNTRY, WEEK))
    by_host = Where(dimension=Dimension.REFERRER, value=host)
    by_country = Where(dimension=Dimension.COUNTRY, value=country)
    either = sum(source.totals(WEEK, [one]).traffic.visitors for one in (by_host, by_country))
    both = source.totals(WEEK, [by_host, by_country]).traffic.visitors
    assert both > 0
    without = masked(source, referrer=(host,), country=(country,))
    assert without.left_out(WEEK).visitors == either - both
    assert without.totals(WEEK).traffic.visitors == source.totals(WEEK).traffic.visitors - either + both
    assert "1 host and machines: 1 country" in without.left_out(WEEK).in_words


def test_who_asks_for_a_masked_host_by_name_gets_it(source: Source) -> None:
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    where = [Where(dimension=Dimension.REFERRER, value=host)]
    assert masked(source, referrer=(host,)).totals(WEEK, where) == source.totals(WEEK, where)


def test_a_breakdown_and_events_lose_the_masked_part_and_keep_their_order(source: Source) -> None:
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    where = [Where(dimension=Dimension.REFERRER, value=host)]
    without = masked(source, referrer=(host,))
    off = {row.value: row.traffic.visitors for row in source.breakdown(Dimension.PAGE, WEEK, where).rows}
    plain = {row.value: row.traffic.visitors for row in source.breakdown(Dimension.PAGE, WEEK).rows}
    found = without.breakdown(Dimension.PAGE, WEEK).rows
    assert {row.value: row.traffic.visitors for row in found} == {
        page: count - off.get(page, 0) for page, count in plain.items() if count > off.get(page, 0)
    }
    counts = [row.traffic.visitors for row in found]
    assert counts == sorted(counts, reverse=True)
    assert len(without.breakdown(Dimension.PAGE, WEEK, most=2).rows) == 2
    assert not without.breakdown(Dimension.PAGE, WEEK, most=2).whole
    events = {one.name: one.count or 0 for one in source.events(WEEK)}
    taken = {one.name: one.count or 0 for one in source.events(WEEK, where)}
    assert {one.name: one.count for one in without.events(WEEK)} == {
        name: count - taken.get(name, 0) for name, count in events.items() if count > taken.get(name, 0)
    }


def test_what_cannot_be_divided_is_told_as_it_is(source: Source) -> None:
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    without = masked(source, referrer=(host,))
    assert without.goals(WEEK) == source.goals(WEEK)
    assert (without.zone, without.today()) == (source.zone, source.today())


def test_a_funnel_loses_the_masked_in_each_step(autumn: Simulator, join: Join) -> None:
    joined = join(autumn)
    source, domain = joined.source, joined.pirsch.domains.all(SHOP)[0].id
    steps = tuple(StepDraft(name=page, filter={"path_pattern": [page]}) for page in ("/", "/checkout*"))
    made = joined.pirsch.funnels.create(domain, FunnelDraft(name="Masked", steps=steps)).value
    host = value(source.breakdown(Dimension.REFERRER, WEEK))
    where = [Where(dimension=Dimension.REFERRER, value=host)]
    plain, off = source.funnel(made.id, WEEK), source.funnel(made.id, WEEK, where)
    found = masked(source, referrer=(host,)).funnel(made.id, WEEK)
    joined.pirsch.funnels.delete(made.id)
    assert off.steps[0].visitors > 0
    assert [step.visitors for step in found.steps] == [
        mine.visitors - other.visitors for mine, other in zip(plain.steps, off.steps, strict=True)
    ]
    assert found.conversion == found.steps[1].visitors / found.steps[0].visitors
