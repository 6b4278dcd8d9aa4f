"""Queries: what is sent is what was asked, and what Pirsch would silently ignore is not sent."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pirsch.client import Pirsch
from bot.pirsch.conditions import Condition, Dimension, contains, differs, equals, known, lacks, unknown
from bot.pirsch.errors import PirschError, Unaskable
from bot.pirsch.ids import DomainId, SessionId, VisitorId
from bot.pirsch.query import Direction, MetricType, Query, Scale, Slice
from tests.pirsch.every_call import DAY, DOMAIN, QUERY
from tests.pirsch.far_side import FarSide, say

NOW = datetime(2026, 5, 11, 12, 0, tzinfo=UTC)
LATER = date(2026, 5, 6)
BOUGHT = QUERY.where(Dimension.EVENT, equals("purchase"))


def test_days_of_a_zone() -> None:
    query = Query.days(DOMAIN, DAY, LATER, tz="Europe/Berlin")
    assert query.pairs(NOW) == (
        ("id", DOMAIN),
        ("from", "2026-05-04"),
        ("to", "2026-05-06"),
        ("tz", "Europe/Berlin"),
    )


def test_a_part_of_a_day() -> None:
    query = Query.window(DOMAIN, DAY, time(0, 0), time(8, 30))
    assert dict(query.pairs(NOW)) == {
        "id": DOMAIN,
        "from": "2026-05-04",
        "to": "2026-05-04",
        "from_time": "00:00",
        "to_time": "08:30",
    }


def test_the_last_seconds() -> None:
    assert dict(Query.last(DOMAIN, timedelta(minutes=5)).pairs(NOW)) == {"id": DOMAIN, "start": "300"}


def test_conditions() -> None:
    query = (
        QUERY.where(Dimension.PATH, equals("/a b"), contains("/ä&c=1"))
        .where(Dimension.COUNTRY, differs("DE"))
        .where(Dimension.REFERRER_NAME, unknown())
        .where(Dimension.CHANNEL, known(), lacks("Paid"))
        .where_meta("plan", equals("pro"))
        .where_tag("author", equals("John"))
        .of_session(VisitorId("18446744073709551615"), SessionId(12))
        .measuring("amount", MetricType.FLOAT)
    )
    assert query.conditions == (
        ("path", "/a b"),
        ("path", "~/ä&c=1"),
        ("country", "!de"),
        ("referrer_name", "null"),
        ("channel", "!null"),
        ("channel", "^Paid"),
        ("meta_plan", "pro"),
        ("tag_author", "John"),
        ("visitor_id", "18446744073709551615"),
        ("session_id", "12"),
        ("custom_metric_key", "amount"),
        ("custom_metric_type", "float"),
    )
    assert QUERY.conditions == ()


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("no domain", lambda: Query.days(DomainId(""), DAY, LATER)),
    ("no days", lambda: Query(domain=DOMAIN)),
    ("no last day", lambda: Query(domain=DOMAIN, first=DAY)),
    ("days the wrong way round", lambda: Query.days(DOMAIN, LATER, DAY)),
    ("start and days", lambda: Query(domain=DOMAIN, first=DAY, last_day=DAY, start=timedelta(minutes=1))),
    ("start of no length", lambda: Query.last(DOMAIN, timedelta(0))),
    ("start over an hour", lambda: Query.last(DOMAIN, timedelta(seconds=3601))),
    ("one time only", lambda: Query(domain=DOMAIN, first=DAY, last_day=DAY, from_time=time(8))),
    (
        "times over several days",
        lambda: Query(domain=DOMAIN, first=DAY, last_day=LATER, from_time=time(8), to_time=time(9)),
    ),
    ("times the wrong way round", lambda: Query.window(DOMAIN, DAY, time(9), time(8))),
    ("times within a minute", lambda: Query.window(DOMAIN, DAY, time(9, 0, 1), time(9, 0, 59))),
    ("unknown zone", lambda: Query.days(DOMAIN, DAY, LATER, tz="Europe/Atlantis")),
    ("a folder of zones", lambda: Query.days(DOMAIN, DAY, LATER, tz="Europe")),
    ("a path for a zone", lambda: Query.days(DOMAIN, DAY, LATER, tz="../../etc/passwd")),
    ("country by name", lambda: QUERY.where(Dimension.COUNTRY, equals("Germany"))),
    ("country by part", lambda: QUERY.where(Dimension.COUNTRY, contains("de"))),
    ("country without part", lambda: QUERY.where(Dimension.COUNTRY, lacks("de"))),
    ("country unknown", lambda: QUERY.where(Dimension.COUNTRY, unknown())),
    ("country of other letters", lambda: QUERY.where(Dimension.COUNTRY, equals("дe"))),
    ("one bad country of two", lambda: QUERY.where(Dimension.COUNTRY, equals("de"), equals("d1"))),
    (
        "path and pattern",
        lambda: QUERY.where(Dimension.PATH, equals("/a")).where(Dimension.PATTERN, equals("(?i)^/a")),
    ),
    ("no condition", lambda: QUERY.where(Dimension.PATH)),
    ("no condition on a tag", lambda: QUERY.where_tag("author")),
    ("an empty value", lambda: equals("")),
    ("a value like an operator", lambda: equals("!secret")),
    ("a value like nothing", lambda: differs("null")),
    ("an empty meta key", lambda: QUERY.where_meta("", equals("x"))),
    ("an empty tag key", lambda: QUERY.where_tag("", equals("x"))),
    ("a metric without a key", lambda: QUERY.measuring("", MetricType.INTEGER)),
    ("rows without an order", lambda: Slice(sort="")),
    ("no rows", lambda: Slice(limit=0)),
    ("more rows than there are", lambda: Slice(limit=101)),
    ("rows before the first", lambda: Slice(offset=-1)),
    ("meta of no event", lambda: QUERY.where_meta("plan", equals("pro")).pairs(NOW)),
    ("a meta key of no event", lambda: QUERY.where(Dimension.EVENT_META_KEY, equals("plan")).pairs(NOW)),
    ("a metric of no event", lambda: QUERY.measuring("amount", MetricType.FLOAT).pairs(NOW)),
    ("two values of meta", lambda: BOUGHT.where_meta("plan", equals("a"), equals("b")).pairs(NOW)),
    ("two values of a tag", lambda: QUERY.where_tag("author", equals("a"), equals("b")).pairs(NOW)),
    (
        "two platforms",
        lambda: QUERY.where(Dimension.PLATFORM, equals("mobile"), equals("desktop")).pairs(NOW),
    ),
    ("platform by part", lambda: QUERY.where(Dimension.PLATFORM, contains("mob")).pairs(NOW)),
    ("platform without part", lambda: QUERY.where(Dimension.PLATFORM, lacks("mob")).pairs(NOW)),
    ("language by part", lambda: QUERY.where(Dimension.LANGUAGE, contains("e")).pairs(NOW)),
    ("language without part", lambda: QUERY.where(Dimension.LANGUAGE, lacks("e")).pairs(NOW)),
    (
        "after tomorrow",
        lambda: Query.days(DOMAIN, DAY, date(2026, 5, 13)).pairs(NOW),
    ),
]


@pytest.mark.parametrize("ask", [ask for _, ask in REFUSED], ids=[name for name, _ in REFUSED])
def test_what_would_be_ignored_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(Unaskable) as caught:
        ask()
    assert isinstance(caught.value, PirschError)
    assert isinstance(caught.value, ValueError)


def test_what_is_applied_is_sent() -> None:
    """Conditions on an event in any order, two different keys, several languages."""
    about = QUERY.where_meta("plan", equals("pro")).where_meta("currency", differs("EUR"))
    about = about.where(Dimension.EVENT, equals("purchase")).measuring("amount", MetricType.FLOAT)
    about = about.where(Dimension.PLATFORM, differs("mobile"))
    about = about.where(Dimension.LANGUAGE, equals("en"), equals("de"))
    assert about.pairs(NOW)[-len(about.conditions) :] == about.conditions


def test_tomorrow_may_be_asked_for() -> None:
    """East of Greenwich it is tomorrow already."""
    assert Query.days(DOMAIN, DAY, date(2026, 5, 12)).pairs(NOW)


@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.statistics.minutes(QUERY),
        lambda p: p.statistics.minutes(Query.window(DOMAIN, DAY, time(8), time(9, 1))),
        lambda p: p.statistics.export_csv(QUERY, []),
        lambda p: p.statistics.export_csv(QUERY, ["a&b"]),
        lambda p: p.statistics.event_meta(QUERY, "", "key"),
        lambda p: p.statistics.event_meta(QUERY, "event", ""),
        lambda p: p.statistics.event_meta(QUERY.where(Dimension.EVENT, equals("other")), "event", "key"),
        lambda p: p.breakdowns.event_pages(QUERY.where(Dimension.EVENT, equals("other")), "event"),
        lambda p: p.breakdowns.tag_values(QUERY, ""),
        lambda p: p.options.tag_values(QUERY),
        lambda p: p.statistics.active(DOMAIN, timedelta(hours=2)),
        lambda p: p.account.usage(DAY, None),
        lambda p: p.account.usage(LATER, DAY),
        lambda p: p.traffic.set_spike_threshold(DOMAIN, 0),
        lambda p: p.traffic.set_silence_threshold(DOMAIN, timedelta(hours=36)),
        lambda p: p.traffic.set_silence_threshold(DOMAIN, timedelta(0)),
        lambda p: p.domains.set_active_window(DOMAIN, timedelta(0)),
        lambda p: p.webhooks.create(DOMAIN, "", "https://bot.example.com"),
        lambda p: p.webhooks.create(DOMAIN, "event", "http://bot.example.com"),
        lambda p: p.webhooks.create(DOMAIN, "event", "http://127.0.0.1.example.com"),
        lambda p: p.webhooks.create(DOMAIN, "event", "ftp://127.0.0.1"),
        lambda p: p.filters.create(DOMAIN, "ip", "999.1.1.1"),
        lambda p: p.filters.create(DOMAIN, "ip", "10.0.0.1/8"),
        lambda p: p.filters.create(DOMAIN, "", "x"),
        lambda p: p.views.create(DOMAIN, "", {}),
        lambda p: p.access_links.create(DOMAIN, ""),
        lambda p: p.access_links.create(DOMAIN, "x", datetime(2026, 1, 1)),  # noqa: DTZ001
        lambda p: p.alternatives.create(DOMAIN, ""),
    ],
)
def test_methods_refuse_before_sending(
    pirsch: Pirsch, far: FarSide, call: Callable[[Pirsch], object]
) -> None:
    with pytest.raises(Unaskable):
        call(pirsch)
    assert far.heard == []


def test_what_is_asked_arrives(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/statistics/visitor"] = say(None)
    far.answers["GET", "/statistics/page"] = say(None)
    query = QUERY.where(Dimension.PATH, contains("/ä b&c=d+e%20#?"), equals("/🙂"))
    assert pirsch.statistics.visitors(query, Scale.WEEK) == ()
    rows = Slice(sort="views", direction=Direction.ASCENDING, limit=10, offset=20)
    assert pirsch.breakdowns.pages(query, rows) == ()
    series, pages = far.calls()
    assert series.params == (*query.pairs(NOW), ("scale", "week"))
    more = (("offset", "20"), ("limit", "10"), ("sort", "views"), ("direction", "asc"))
    assert pages.params == (*query.pairs(NOW), *more)


# ---------------------------------------------------------------- properties

TEXT = st.text(min_size=1, max_size=40)
FREE_DIMENSIONS = sorted(
    set(Dimension) - {Dimension.COUNTRY, Dimension.PATTERN, Dimension.PLATFORM, Dimension.EVENT_META_KEY}
)


@settings(deadline=None)
@given(TEXT, st.sampled_from([equals, differs, contains, lacks]))
def test_a_condition_means_what_it_says_or_is_refused(
    value: str, operator: Callable[[str], Condition]
) -> None:
    try:
        text = operator(value).text
    except Unaskable:
        assert value[0] in "!~^" or value == "null"
        return
    sign = {equals: "", differs: "!", contains: "~", lacks: "^"}[operator]
    assert text == sign + value
    assert text.lstrip("!~^").startswith(value[0])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(FREE_DIMENSIONS), TEXT.filter(lambda t: t[0] not in "!~^")), max_size=8
    )
)
def test_nothing_is_lost_or_added_on_the_way(demands: list[tuple[Dimension, str]]) -> None:
    query = QUERY
    kept = []
    for dimension, value in demands:
        if value != "null":
            query = query.where(dimension, equals(value))
            kept.append((dimension.value, value))
    pairs = query.pairs(NOW)
    assert list(pairs[-len(kept) :] if kept else ()) == kept
    assert pairs[: len(pairs) - len(kept)] == QUERY.pairs(NOW)
    assert parse_qsl(urlencode(list(pairs)), keep_blank_values=True) == list(pairs)


@settings(deadline=None)
@given(st.text(max_size=4))
def test_a_country_is_two_letters_or_refused(code: str) -> None:
    try:
        ((_, sent),) = QUERY.where(Dimension.COUNTRY, equals(code)).conditions
    except Unaskable:
        return
    assert len(sent) == 2
    assert sent.isascii()
    assert sent.islower()


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_days_are_never_swapped_or_cut(first: date, last: date) -> None:
    try:
        pairs = dict(Query.days(DOMAIN, first, last).pairs(NOW))
    except Unaskable:
        assert first > last or last > date(2026, 5, 12)
        return
    assert (pairs["from"], pairs["to"]) == (first.isoformat(), last.isoformat())
    assert pairs["from"] <= pairs["to"]


@settings(deadline=None)
@given(st.integers(), st.integers())
def test_a_slice_always_has_limit_and_offset(limit: int, offset: int) -> None:
    try:
        pairs = dict(Slice(limit=limit, offset=offset).pairs())
    except Unaskable:
        assert not 1 <= limit <= 100 or offset < 0
        return
    assert set(pairs) == {"limit", "offset", "sort", "direction"}
