"""Sections are asked by themselves, over real sockets: what fails is named, and stops nothing else."""

import threading
import time
from datetime import date, datetime, timedelta

import pytest

from bot.digests import editions, write
from bot.digests.gather import Gathering, Stopped, gather
from bot.digests.outline import Money, Outline, Part
from bot.digests.records import Records
from bot.digests.settle import settle
from bot.facts import (
    Chart,
    Digest,
    Explanation,
    FunnelList,
    GoalList,
    Line,
    Numbers,
    Pace,
    Says,
    SiteReport,
    Unusual,
)
from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.sandbox.pirsch import Fault
from bot.sources.errors import Misconfigured
from bot.sources.masked import Masked
from bot.sources.periods import Days
from bot.sources.source import Dimension, Source
from tests.digests.conftest import BERLIN, HOSTS, WEEKLY, World

WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
EVERY_PART = tuple(Part)
REFUSED = Fault(method="GET", status=400, body=b'{"error": "no"}', times=50)
NO_ANSWER = Fault(status=503, times=10_000)


def ask(
    world: World,
    *sites: str,
    parts: tuple[Part, ...] = EVERY_PART,
    too_long: timedelta = timedelta(minutes=1),
    at_once: int = 4,
    explained: list[tuple[datetime, datetime]] | None = None,
    stopping: threading.Event | None = None,
) -> tuple[SiteReport, ...]:
    outline = Outline(
        name="Monday",
        sites=sites,
        parts=parts,
        revenue=(Money(event="purchase", key="amount", currency="USD"),),
    )

    def explain(site: str, source: Source, since: datetime, until: datetime) -> Explanation:
        if explained is not None:
            explained.append((since, until))
        return Explanation(got=1, expected=2.0)

    return gather(
        Gathering(
            outline=outline,
            days=WEEK,
            open=world.open,
            clock=world.now,
            explain=explain,
            too_long=too_long,
            at_once=at_once,
            stopping=stopping,
        )
    )


def sections(report: SiteReport) -> list[str]:
    return [one.of if isinstance(one, Numbers) else one.kind for one in report.sections]


def test_every_section_comes_in_the_order_that_was_asked_for(world: World) -> None:
    (shop,) = ask(world, "shop")
    assert shop.failed == ()
    assert sections(shop)[:5] == ["summary", "chart", "unusual", "pages", "referrers"]
    assert {"channels", "countries", "events", "revenue"} <= set(sections(shop))
    (turned,) = ask(world, "shop", parts=(Part.PAGES, Part.SUMMARY))
    assert sections(turned) == ["pages", "summary"]


def test_numbers_are_those_of_the_source(world: World) -> None:
    (shop,) = ask(world, "shop", parts=(Part.SUMMARY, Part.REVENUE, Part.EVENTS))
    source = world.open("shop")
    now, before = source.totals(WEEK).traffic, source.totals(WEEK.shifted(-7)).traffic
    headline = shop.headline
    assert headline is not None
    assert headline.now == now.visitors
    assert headline.before == before.visitors
    numbers = [section for section in shop.sections if isinstance(section, Numbers)]
    by_name = {one.name: one for section in numbers for one in section.figures}
    assert float(by_name["bounce rate"].now) == pytest.approx(now.bounce_rate, abs=1e-6)
    assert by_name["views"].now == now.views
    money = source.amount(WEEK, "purchase", "amount").total
    (revenue,) = [section for section in numbers if section.of == "revenue"]
    assert (revenue.figures[0].now, revenue.figures[0].unit) == (money, "USD")


def test_the_broken_days_are_found_marked_and_explained(world: World) -> None:
    explained: list[tuple[datetime, datetime]] = []
    reports = settle(ask(world, "shop", parts=(Part.SUMMARY, Part.CHART, Part.UNUSUAL), explained=explained))
    shop = reports[0]
    (unusual,) = [one for one in shop.sections if isinstance(one, Unusual)]
    days = {one.day for one in unusual.oddities if one.what == "day"}
    assert date(2026, 11, 11) in days
    assert date(2026, 11, 12) in days
    assert all(one.figure.says is Says.UNUSUAL for one in unusual.oddities)
    (chart,) = [one for one in shop.sections if isinstance(one, Chart)]
    assert isinstance(chart.picture, Line)
    marked = [point.at.astimezone(BERLIN).date() for point in chart.picture.points if point.marked]
    assert set(marked) >= {date(2026, 11, 11), date(2026, 11, 12)}
    assert len(chart.picture.points) == 28
    assert {since.astimezone(BERLIN).date() for since, _ in explained} >= {date(2026, 11, 11)}


def test_on_a_calm_site_nothing_is_unusual_and_nothing_is_asked_why(world: World) -> None:
    explained: list[tuple[datetime, datetime]] = []
    (calm,) = settle(ask(world, "calm", explained=explained))
    assert not calm.loud
    assert explained == []


def test_a_section_that_fails_is_named_and_the_others_stand(world: World) -> None:
    world.simulator.faults.plan(REFUSED.to("GET", "/statistics/referrer*", times=50))
    shop, calm = ask(world, "shop", "calm")
    for report in (shop, calm):
        assert [one.sections for one in report.failed] == [("referrers",)]
        assert "pages" in sections(report)
    digest = Digest(name="Monday", span=shop.span, before=shop.before, sites=(shop, calm))
    assert not digest.quiet
    assert [one.site for one in digest.failures] == ["shop", "calm"]


def test_a_site_that_cannot_be_opened_says_so_once(world: World) -> None:
    def closed(site: str) -> Source:
        if site == "shop":
            raise Misconfigured("no such dashboard", "Make one.")
        return world.open(site)

    outline = Outline(name="Monday", sites=("shop", "calm"), parts=(Part.SUMMARY, Part.PAGES))
    shop, calm = gather(Gathering(outline=outline, days=WEEK, open=closed, clock=world.now))
    assert [(one.sections, one.why) for one in shop.failed] == [(("summary", "pages"), "no such dashboard")]
    assert calm.failed == ()
    assert shop.span == calm.span


def test_a_slow_section_is_left_behind(world: World) -> None:
    world.simulator.faults.plan(Fault(method="GET", path="/statistics/country*", delay=timedelta(seconds=9)))
    began = time.monotonic()
    (shop,) = ask(world, "shop", parts=(Part.PAGES, Part.COUNTRIES), too_long=timedelta(seconds=4))
    assert [(one.sections, one.why) for one in shop.failed] == [(("countries",), "it took too long")]
    assert sections(shop) == ["pages"]
    assert time.monotonic() - began < 8.5


def test_when_every_thread_is_lost_nobody_waits_for_ever(world: World) -> None:
    """Two threads, two questions that hang, and a third section that can never begin."""
    # All that is asked hangs: what a test before has left behind may ask, too.
    hanging = Fault(method="GET", path="/statistics*", delay=timedelta(seconds=5), times=99)
    world.simulator.faults.plan(hanging)
    parts = (Part.PAGES, Part.REFERRERS, Part.COUNTRIES)
    (shop,) = ask(world, "shop", parts=parts, too_long=timedelta(seconds=1), at_once=2)
    assert [one.why for one in shop.failed] == ["it took too long"]
    assert shop.failed[0].sections == ("pages", "referrers", "countries")
    world.simulator.faults.clear()


def test_when_told_to_stop_it_stops(world: World) -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Stopped):
        ask(world, "shop", stopping=stopping)


def test_a_pirsch_that_is_down_says_nothing(world: World) -> None:
    world.simulator.faults.plan(NO_ANSWER)
    reports = ask(world, "shop", "calm", parts=(Part.SUMMARY, Part.PAGES))
    outline = Outline(name="Monday", sites=("shop", "calm"), parts=(Part.SUMMARY, Part.PAGES))
    assert write.told_nothing(outline, reports)
    world.simulator.faults.clear()
    assert write.told_nothing(outline, ask(world, "calm", parts=(Part.SUMMARY,))) is None
    assert write.told_nothing(Outline(name="x", sites=("shop",), parts=(Part.ALERTS,)), ()) is None


def test_a_site_whose_last_day_is_not_over_tells_the_week_up_to_the_day_before(world: World) -> None:
    west, calm = ask(world, "west", "calm", parts=(Part.SUMMARY,))
    assert (calm.span.first, calm.span.last) == (WEEK.first, WEEK.last)
    assert (west.span.first, west.span.last) == (date(2026, 11, 8), date(2026, 11, 14))
    assert west.headline is not None


def test_goals_and_funnels_where_a_site_has_them(world: World) -> None:
    site = DomainId(world.simulator.domain_id(HOSTS["shop"]))
    drafts = (
        GoalDraft(name="Far off", event="purchase", visitors=1_000_000),
        GoalDraft(name="Home", path="/", visitors=5),
        GoalDraft(name="Anybody", path="/"),
    )
    made = [world.pirsch.goals.create(site, draft).value for draft in drafts]
    steps = (
        StepDraft(name="Home", filter={"path": ["/"]}),
        StepDraft(name="Cart", filter={"event_name": ["add_to_cart"]}),
    )
    funnel = world.pirsch.funnels.create(site, FunnelDraft(name="Buying", steps=steps)).value
    try:
        shop, calm = settle(ask(world, "shop", "calm", parts=(Part.GOALS, Part.FUNNELS)))
    finally:
        world.pirsch.funnels.delete(funnel.id)
        for goal in made:
            world.pirsch.goals.delete(goal.id)
    assert not calm.sections
    assert not calm.failed
    goals, funnels = shop.sections
    assert isinstance(goals, GoalList)
    assert isinstance(funnels, FunnelList)
    paces = {one.figure.name: one.pace for one in goals.goals}
    assert paces == {"Far off": Pace.BEHIND, "Home": Pace.REACHED, "Anybody": Pace.NO_TARGET}
    far = next(one for one in goals.goals if one.figure.name == "Far off")
    assert (far.ends, far.ended) == (date(2026, 11, 30), False)
    assert 0 < (far.present or 0) < (far.ahead or 0) < 1_000_000
    (buying,) = funnels.funnels
    assert [step.name for step in buying.picture.steps] == ["Home", "Cart"]
    assert all(step.usual is not None for step in buying.picture.steps)


def test_what_our_numbers_leave_out_is_counted(world: World) -> None:
    source = world.open("shop")
    largest = source.breakdown(Dimension.REFERRER, WEEK).rows[1]
    masks = {Dimension.REFERRER: (largest.value,)}
    outline = Outline(name="Monday", sites=("shop",), parts=(Part.SUMMARY, Part.REFERRERS))
    opened = Gathering(
        outline=outline, days=WEEK, open=lambda site: Masked(world.open(site), lambda: masks), clock=world.now
    )
    (shop,) = gather(opened)
    assert shop.masked == largest.traffic.visitors
    assert shop.headline is not None
    assert shop.headline.now == source.totals(WEEK).traffic.visitors - largest.traffic.visitors
    (bare,) = ask(world, "shop", parts=(Part.SUMMARY,))
    assert bare.masked is None


def test_a_digest_without_anything_unusual_is_quiet(world: World) -> None:
    press = world.press("calm", parts=(Part.SUMMARY, Part.CHART, Part.PAGES))
    edition = editions.latest(WEEKLY, BERLIN, world.now())
    digest = press.digest(edition, press.gather(edition), Records(), world.now())
    assert digest.quiet
    assert digest.late is None
    assert digest.next_at == edition.next_at
