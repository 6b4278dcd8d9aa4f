"""The numbers of a website at Umami agree with each other, whatever version and database answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from werkzeug.wrappers import Request, Response

from bot.http.timing import Timing
from bot.sandbox.pirsch import Fault, Site
from bot.sandbox.serving import Serving
from bot.sandbox.umami import FunnelStep, Kind, SavedReport, Settings, Simulator, Store, start
from bot.sources.errors import Gone, Misconfigured, Refused, Unavailable, Unreadable
from bot.sources.periods import Days, Window, one_day
from bot.sources.source import Dimension, EventsBy, Match, Series, Source, Where
from bot.sources.umami import UmamiSource, source
from bot.umami.auth import ApiKey, Credentials, Login
from bot.umami.client import Umami
from bot.umami.wire import Patience, Server

WIKI, SHOP = "wiki.example.com", "shop.example.com"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)  # the clocks went back in Berlin on 25 October
WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
TODAY, BACK = date(2026, 11, 18), date(2026, 10, 25)
HOUR = timedelta(hours=1)
REPORTS = (
    SavedReport(
        kind=Kind.FUNNEL,
        name="Checkout",
        steps=(FunnelStep(value="/"), FunnelStep(value="/kites"), FunnelStep(value="purchase", event=True)),
    ),
    SavedReport(kind=Kind.GOAL, name="Prices", steps=(FunnelStep(value="/pricing"),), target=500),
    SavedReport(kind=Kind.GOAL, name="Orders", steps=(FunnelStep(value="purchase", event=True),), target=20),
)
FAR_SIDES = {
    "2": Settings(version=2),
    "3": Settings(version=3),
    "cloud, 2": Settings(version=2, store=Store.CLICKHOUSE, cloud=True, api_key="key-of-the-cloud"),
    "cloud, 3": Settings(version=3, store=Store.CLICKHOUSE, cloud=True, api_key="key-of-the-cloud"),
}


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A client and a source, on one simulator."""

    simulator: Simulator
    umami: Umami
    source: UmamiSource


def settings(of: Settings, at: datetime = NOW) -> Settings:
    return Settings(
        version=of.version,
        store=of.store,
        cloud=of.cloud,
        api_key=of.api_key,
        start_at=at,
        speed=0,
        sites=(
            Site(hostname=WIKI, visitors_per_day=60, incidents=()),
            Site(hostname=SHOP, visitors_per_day=0, incidents=()),
        ),
        reports={WIKI: REPORTS},
    )


def client(simulator: Simulator, credentials: Credentials | None = None) -> Umami:
    one = simulator.settings
    usual: Credentials = Login(username=one.username, password=one.password)
    if one.api_key:
        usual = ApiKey(key=one.api_key)
    return Umami(
        credentials or usual,
        Server(url=simulator.url, cloud=one.cloud),
        patience=Patience(first_pause=timedelta(milliseconds=1)),
        timing=Timing(now=simulator.clock, sleep=lambda _: None),
    )


@pytest.fixture(scope="module", params=FAR_SIDES)
def far(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with start(settings(FAR_SIDES[request.param])) as running:
        yield running


@pytest.fixture
def wiki(far: Simulator) -> Iterator[Joined]:
    with client(far) as umami:
        found = source(umami, WIKI, BERLIN, far.clock)
        yield Joined(simulator=far, umami=umami, source=found)
    far.faults.clear()


def views(series: Series) -> int:
    return sum(bucket.traffic.views or 0 for bucket in series.buckets)


def test_it_is_a_source(wiki: Joined) -> None:
    promised: Source = wiki.source
    assert promised.zone.key == "Europe/Berlin"
    assert promised.today() == TODAY
    assert promised.events_by is EventsBy.TIMES


def test_totals_days_and_hours_agree(wiki: Joined) -> None:
    total, series = wiki.source.totals(WEEK), wiki.source.days(WEEK)
    assert total.complete
    assert total.share is None
    assert total.traffic.visitors > 100
    assert total.traffic.sessions is not None
    assert total.traffic.bounces is not None
    assert total.traffic.visitors <= total.traffic.sessions
    assert [bucket.day for bucket in series.buckets] == list(WEEK)
    assert views(series) == total.traffic.views
    for bucket in series.buckets:
        hours = wiki.source.hours(bucket.day)
        assert len(hours.buckets) == 24
        assert views(hours) == bucket.traffic.views
        assert hours.buckets[0].starts_at == bucket.starts_at


def test_sessions_are_told_day_by_day_and_asked_for_once(wiki: Joined) -> None:
    series = wiki.source.sessions(WEEK)
    for bucket in series.buckets:
        assert bucket.traffic == wiki.source.totals(one_day(bucket.day)).traffic
        assert bucket.traffic.bounce_rate is not None
    wiki.simulator.ledger.clear()
    assert wiki.source.sessions(WEEK) == series
    lasted = wiki.source.session_durations(WEEK)
    assert wiki.simulator.ledger.calls() == []
    assert all(timedelta(0) < length < HOUR for length in lasted.values())


def test_the_day_that_goes_on_is_asked_for_again(wiki: Joined) -> None:
    wiki.source.sessions(one_day(TODAY))
    wiki.simulator.ledger.clear()
    wiki.source.sessions(one_day(TODAY))
    assert len(wiki.simulator.ledger.calls()) == 1


def test_a_day_of_25_hours_has_as_many_rows(wiki: Joined) -> None:
    hours = wiki.source.hours(BACK)
    assert [hour.hour for hour in hours.buckets] == [0, 1, 2, 2, *range(3, 24)]
    assert all(hour.ends_at - hour.starts_at == HOUR for hour in hours.buckets)
    assert views(hours) == wiki.source.totals(one_day(BACK)).traffic.views
    assert views(hours) == views(wiki.source.days(one_day(BACK)))


@pytest.mark.parametrize(
    ("zone", "day", "rows"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Asia/Kathmandu", date(2026, 4, 1), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24),  # at 2:00 it was 1:30 again
        ("America/St_Johns", date(2026, 3, 8), 23),
    ],
)
def test_no_zone_loses_an_hour(zone: str, day: date, rows: int) -> None:
    for of in (FAR_SIDES["3"], FAR_SIDES["cloud, 3"]):
        at = datetime(2026, 5, 20, 14, 30, tzinfo=UTC)
        with start(settings(of, at)) as far, client(far) as umami:
            found = source(umami, WIKI, ZoneInfo(zone), far.clock)
            hours = found.hours(day)
            assert len(hours.buckets) == rows
            assert views(hours) == found.totals(one_day(day)).traffic.views


def test_today_is_partial_and_the_future_is_left_out(wiki: Joined) -> None:
    assert not wiki.source.totals(one_day(TODAY)).complete
    to_tomorrow = wiki.source.days(Days(first=date(2026, 11, 16), last=date(2026, 11, 19)))
    assert [bucket.complete for bucket in to_tomorrow.buckets] == [True, True, False]
    hours = wiki.source.hours(TODAY).buckets
    assert [hour.complete for hour in hours] == [True] * 15 + [False]


def test_what_has_not_begun_is_refused(wiki: Joined) -> None:
    tomorrow = date(2026, 11, 19)
    for ask in (
        lambda: wiki.source.totals(one_day(tomorrow)),
        lambda: wiki.source.hours(tomorrow),
        lambda: wiki.source.days(one_day(tomorrow)),
        lambda: wiki.source.goals(one_day(tomorrow)),
    ):
        with pytest.raises(Refused, match="not begun"):
            ask()


def test_long_series_are_asked_for_in_parts(wiki: Joined) -> None:
    days = Days(first=date(2026, 7, 25), last=date(2026, 11, 17))
    wiki.simulator.ledger.clear()
    series = wiki.source.days(days)
    assert len(series.buckets) == len(days)
    assert len([one for one in wiki.simulator.ledger.calls() if one.path.endswith("/pageviews")]) == 2


def test_a_window_is_a_part_of_its_day(wiki: Joined) -> None:
    morning = Window(day=WEEK.first, from_time=time(6), to_time=time(12))
    found = wiki.source.totals(morning).traffic.visitors
    assert 0 < found < wiki.source.totals(one_day(WEEK.first)).traffic.visitors


# ---------------------------------------------------------------- of what


@pytest.mark.parametrize("dimension", set(Dimension) - {Dimension.EVENT})
def test_every_dimension_has_its_rows(wiki: Joined, dimension: Dimension) -> None:
    found = wiki.source.breakdown(dimension, WEEK)
    visitors = [row.traffic.visitors for row in found.rows]
    assert visitors == sorted(visitors, reverse=True)
    assert found.whole
    if dimension in (Dimension.PAGE, Dimension.REFERRER, Dimension.COUNTRY, Dimension.UTM_CAMPAIGN):
        assert visitors
    if dimension is Dimension.DEVICE:
        assert sum(visitors) == wiki.source.totals(WEEK).traffic.visitors


def test_values_are_written_as_those_of_other_sources(wiki: Joined) -> None:
    countries = [row.value for row in wiki.source.breakdown(Dimension.COUNTRY, WEEK).rows]
    assert all(len(one) == 2 and one.islower() for one in countries if one)
    channels = {row.value for row in wiki.source.breakdown(Dimension.CHANNEL, WEEK).rows}
    assert {"Direct", "Organic Search"} <= channels


def test_a_breakdown_agrees_with_the_totals_of_its_parts(wiki: Joined) -> None:
    every = wiki.source.totals(WEEK).traffic.visitors
    for dimension in (Dimension.COUNTRY, Dimension.PAGE):
        row = wiki.source.breakdown(dimension, WEEK).rows[0]
        part = wiki.source.totals(WEEK, [Where(dimension=dimension, value=row.value)])
        assert part.traffic.visitors == row.traffic.visitors
        assert part.share == pytest.approx(row.traffic.visitors / every)
    page = wiki.source.breakdown(Dimension.PAGE, WEEK, [Where(dimension=Dimension.COUNTRY, value="de")]).rows[
        0
    ]
    assert page.traffic.visitors < wiki.source.breakdown(Dimension.PAGE, WEEK).rows[0].traffic.visitors


def test_demands_are_made_in_every_way(wiki: Joined) -> None:
    every = wiki.source.totals(WEEK).traffic.visitors
    here, elsewhere = (
        wiki.source.totals(WEEK, [Where(dimension=Dimension.COUNTRY, value="de", match=match)])
        for match in (Match.IS, Match.IS_NOT)
    )
    assert here.traffic.visitors + elsewhere.traffic.visitors == every
    kites = [Where(dimension=Dimension.PAGE, value="kite", match=Match.CONTAINS)]
    assert 0 < wiki.source.totals(WEEK, kites).traffic.visitors < every


@pytest.mark.parametrize(
    "where",
    [
        [Where(dimension=Dimension.REFERRER, value=None)],
        [Where(dimension=Dimension.UTM_SOURCE, value="google")],
        [Where(dimension=Dimension.CHANNEL, value="Direct")],
        [Where(dimension=Dimension.COUNTRY, value="de"), Where(dimension=Dimension.COUNTRY, value="fr")],
        [Where(dimension=Dimension.EVENT, value="purchase"), Where(dimension=Dimension.COUNTRY, value="de")],
    ],
)
def test_what_umami_would_answer_for_everybody_is_not_asked(wiki: Joined, where: list[Where]) -> None:
    wiki.simulator.ledger.clear()
    with pytest.raises(Refused):
        wiki.source.totals(WEEK, where)
    assert not any(
        one.path.endswith("/stats") and "country" in one.query for one in wiki.simulator.ledger.calls()
    )


def test_there_is_more_than_was_asked_for(wiki: Joined) -> None:
    found = wiki.source.breakdown(Dimension.COUNTRY, WEEK, most=1)
    assert len(found.rows) == 1
    assert not found.whole


# ---------------------------------------------------------------- events


def test_events_are_counted_by_times(wiki: Joined) -> None:
    events = {one.name: one for one in wiki.source.events(WEEK)}
    assert events["purchase"].visitors is None
    asked = [Where(dimension=Dimension.EVENT, value="purchase")]
    by_day = [bucket.traffic.visitors for bucket in wiki.source.days(WEEK, asked).buckets]
    by_hour = [bucket.traffic.visitors for day in WEEK for bucket in wiki.source.hours(day, asked).buckets]
    total = wiki.source.totals(WEEK, asked).traffic.visitors
    assert sum(by_day) == sum(by_hour) == total == events["purchase"].times > 0
    assert wiki.source.totals(WEEK, [Where(dimension=Dimension.EVENT, value="never")]).traffic.visitors == 0


def test_revenue_is_a_decimal(wiki: Joined) -> None:
    quarter = Days(first=date(2026, 8, 1), last=date(2026, 10, 31))
    found = wiki.source.amount(quarter, "purchase", "amount")
    record = wiki.simulator.websites[wiki.source.website].record
    begins, ends = datetime(2026, 8, 1, tzinfo=BERLIN), datetime(2026, 11, 1, tzinfo=BERLIN)
    events = record.events(int(begins.timestamp()), int(ends.timestamp()))
    paid = [Decimal(dict(one.meta)["amount"]) for _, one in events if one.name == "purchase"]
    assert found.total == sum(paid)
    assert found.average == found.total / len(paid)
    values = wiki.source.event_meta(one_day(WEEK.first), "purchase", "currency")
    assert {one.value for one in values} <= {"EUR", "USD", "GBP"}
    assert wiki.source.amount(WEEK, "purchase", "no-such-key").total == 0


class ManyPrices:
    """A shop with other prices every day, of which a server tells a hundred at once."""

    def __init__(self, a_day: int) -> None:
        self.a_day = a_day

    def __call__(self, environ: dict[str, object], start_response: Any) -> Any:
        request = Request(environ)
        if request.path.endswith("/stats"):
            return Response(json.dumps({"visitors": 1, "pageviews": 1, "visits": 1, "bounces": 1}))(
                environ, start_response
            )
        day, until = (int(request.args[name]) // 86_400_000 for name in ("startAt", "endAt"))
        prices = [100_000 * day_ + number for day_ in range(day, until + 1) for number in range(self.a_day)]
        rows = [{"value": f"{price}.5000", "total": 2} for price in prices[:100]]
        return Response(json.dumps(rows))(environ, start_response)


def test_values_that_are_cut_are_asked_for_in_shorter_and_shorter_times() -> None:
    utc, month = ZoneInfo("UTC"), Days(first=date(2026, 10, 1), last=date(2026, 10, 31))
    prices = [
        Decimal(100_000 * ((day - date(1970, 1, 1)).days) + number) + Decimal("0.5")
        for day in month
        for number in range(60)
    ]
    quick = Timing(now=lambda: NOW, sleep=lambda _: None)
    with Serving(ManyPrices(60)) as far, Umami(ApiKey(key="k"), Server.at(far.url), timing=quick) as umami:
        found = UmamiSource(umami, str(UUID(int=1)), utc, lambda: NOW).amount(month, "purchase", "amount")
    assert found.total == 2 * sum(prices)
    assert found.average == found.total / (2 * len(prices))
    with Serving(ManyPrices(101)) as far, Umami(ApiKey(key="k"), Server.at(far.url), timing=quick) as umami:
        busy = UmamiSource(umami, str(UUID(int=1)), utc, lambda: NOW)
        with pytest.raises(Refused, match="within a day"):
            busy.amount(month, "purchase", "amount")


# ---------------------------------------------------------------- of what was wished for


def test_saved_goals(wiki: Joined) -> None:
    goals = {one.name: one for one in wiki.source.goals(WEEK)}
    assert set(goals) == {"Prices", "Orders"}
    assert goals["Prices"].page == "/pricing"
    assert goals["Orders"].event == "purchase"
    target = goals["Prices"].visitors_target
    if wiki.simulator.settings.version == 2:
        assert target is not None
        assert (target.wanted, target.present) == (500, goals["Prices"].visitors)
        assert goals["Orders"].visitors == wiki.source.events(WEEK)[0].times or goals["Orders"].visitors > 0
    else:
        assert target is None
        page = [Where(dimension=Dimension.PAGE, value="/pricing")]
        assert goals["Prices"].visitors == wiki.source.totals(WEEK, page).traffic.visitors
        assert goals["Prices"].share is not None


def test_saved_funnels(wiki: Joined) -> None:
    (checkout,) = wiki.source.funnels()
    found = wiki.source.funnel(checkout.id, WEEK)
    assert found.name == "Checkout"
    assert [step.name for step in found.steps] == ["/", "/kites", "purchase"]
    visitors = [step.visitors for step in found.steps]
    assert visitors == sorted(visitors, reverse=True)
    assert visitors[0] > 0
    assert found.steps[0].conversion == 1
    assert found.steps[1].share == found.steps[1].conversion
    with pytest.raises(Gone):
        wiki.source.funnel("another", WEEK)


def test_what_umami_has_not_is_refused(wiki: Joined) -> None:
    for ask in (wiki.source.hooks, lambda: wiki.source.billed(WEEK)):
        with pytest.raises(Refused, match="Umami"):
            ask()


def test_who_is_there_now(wiki: Joined) -> None:
    ten, hour = (wiki.source.active(within).visitors for within in (timedelta(minutes=10), HOUR))
    assert ten <= hour
    assert wiki.source.active(HOUR).at == wiki.simulator.clock()


# ---------------------------------------------------------------- what goes wrong


def test_which_website_is_meant(wiki: Joined) -> None:
    umami, id = wiki.umami, wiki.simulator.website_id(SHOP)
    assert source(umami, WIKI, BERLIN, id=id).website == id
    with pytest.raises(Gone, match=r"no website of nobody\.example\.com"):
        source(umami, "nobody.example.com", BERLIN)
    with pytest.raises(Misconfigured):
        source(umami, WIKI, BERLIN, id="99999999-9999-4999-8999-999999999999")


def test_wrong_proofs_are_told_apart_from_silence(far: Simulator) -> None:
    wrong: Credentials = ApiKey(key="another") if far.settings.cloud else Login(username="bot", password="no")
    with client(far, wrong) as umami, pytest.raises(Misconfigured) as told:
        source(umami, WIKI, BERLIN)
    assert "[umami]" in told.value.remedy


def test_a_server_that_fails_is_away(wiki: Joined) -> None:
    wiki.simulator.faults.plan(Fault(status=503, times=9))
    with pytest.raises(Unavailable):
        wiki.source.totals(WEEK)


def test_a_page_instead_of_json_is_no_number(wiki: Joined) -> None:
    wiki.simulator.faults.plan(Fault(status=200, body=b"<html>maintenance</html>", times=9))
    with pytest.raises(Unreadable):
        wiki.source.totals(WEEK)


def test_a_server_that_is_brought_up_to_date_is_asked_in_new_words() -> None:
    """The filters of version 2 mean nothing to version 3: a number of everybody would be told of a page."""
    with start(settings(FAR_SIDES["2"])) as far, client(far) as umami:
        found = source(umami, WIKI, BERLIN, far.clock)
        page = [Where(dimension=Dimension.PAGE, value="/pricing")]
        before = found.totals(WEEK, page)
        with start(settings(FAR_SIDES["3"])) as new:
            far._calls, far._reports = new._calls, new._reports  # the same traffic, by another version
            far.settings = new.settings
            after = found.totals(WEEK, page)
    assert after.traffic == before.traffic
