"""Whatever version answers, the numbers of the same traffic are the same.

The expected ones are the truth of the scripted traffic that every recorded server had.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.umami.answers import Report, Wanted
from bot.umami.client import Umami
from bot.umami.dialect import Condition, Dialect, Field, Operator, Span
from bot.umami.errors import Refused, Unaskable
from tests.umami.recorded import DST, EMPTY, GHOST, SHOP, Recorded

BERLIN = ZoneInfo("Europe/Berlin")
SPAN = Span(since=datetime(2026, 11, 9, tzinfo=UTC), until=datetime(2026, 11, 21, tzinfo=UTC))
GERMANS = [Condition(field=Field.COUNTRY, value="DE")]


def test_the_version_is_told_by_the_totals(recorded: Recorded, umami: Umami) -> None:
    assert umami.dialect(SHOP) is (Dialect.V2 if recorded.version.startswith("v2") else Dialect.V3)
    asked = len(recorded.asked)
    umami.dialect(SHOP)
    assert len(recorded.asked) == asked, "it is known for a while"


def test_totals(umami: Umami) -> None:
    found = umami.stats(SHOP, SPAN)
    assert (found.visitors, found.views, found.visits, found.bounces) == (91, 337, 144, 44)
    assert found.seconds == 20349
    assert umami.stats(EMPTY, SPAN).visitors == 0


def test_totals_of_a_part(umami: Umami) -> None:
    assert umami.stats(SHOP, SPAN, GERMANS).visitors == 25
    assert umami.stats(SHOP, SPAN, [Condition(field=Field.PATH, value="/pricing")]).visitors == 43
    blog = Condition(field=Field.PATH, value="blog", operator=Operator.CONTAINS)
    assert umami.stats(SHOP, SPAN, [blog]).visitors == 31


def test_a_part_by_an_event_is_not_asked_for(umami: Umami) -> None:
    with pytest.raises(Unaskable):  # real servers answer zeros
        umami.stats(SHOP, SPAN, [Condition(field=Field.EVENT, value="signup")])


def test_days_are_those_of_the_zone(umami: Umami) -> None:
    views, visitors = umami.series(SHOP, SPAN, "day", BERLIN)
    assert [point.at.astimezone(BERLIN).day for point in views] == list(range(9, 21))
    assert all(point.at.astimezone(BERLIN).hour == 0 for point in views)
    assert sum(point.count for point in views) == 337
    assert len(visitors) == len(views)
    assert umami.series(EMPTY, SPAN, "day", BERLIN) == ((), ())


def test_an_hour_that_comes_twice_is_one_bucket(umami: Umami) -> None:
    begins, ends = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    views, _ = umami.series(DST, Span(since=begins, until=ends), "hour", BERLIN)
    assert len(views) == 24
    assert views[2].at == begins + timedelta(hours=2)
    assert (views[2].count, views[3].count) == (4, 2)
    assert views[3].at == begins + timedelta(hours=4)
    assert sum(point.count for point in views) == 50


def test_pages_are_counted_by_visitors(umami: Umami) -> None:
    pages = {row.path: row for row in umami.pages(SHOP, SPAN)}
    assert (pages["/"].visitors, pages["/"].views) == (71, 109)
    assert (pages["/signup"].visitors, pages["/signup"].views) == (55, 63)
    assert pages["/blog/über-uns"].visitors == 3
    germans = {row.path: row.visitors for row in umami.pages(SHOP, SPAN, GERMANS)}
    assert germans["/"] == 20


def test_values_of_fields(umami: Umami) -> None:
    def top(field: Field) -> dict[str, int]:
        return {one.name: one.count for one in umami.values(SHOP, SPAN, field, most=20)}

    assert top(Field.COUNTRY) == {"DE": 25, "US": 14, "FR": 14, "GB": 10, "XX": 10, "BR": 9, "JP": 9}
    assert top(Field.REFERRER)["google.com"] == 21
    assert top(Field.EVENT) == {"signup": 42, "outbound-link-click": 30, "purchase": 30}
    assert top(Field.HOSTNAME) == {"shop.example.com": 91}
    assert top(Field.CHANNEL)["organicSearch"] == 20
    assert 0 not in top(Field.CHANNEL).values()
    assert umami.values(EMPTY, SPAN, Field.PATH) == ()


def test_a_name_that_is_not_told_is_empty(recorded: Recorded, umami: Umami) -> None:
    names = [one.name for one in umami.values(SHOP, SPAN, Field.REGION, most=20)]
    assert ("" in names) is (recorded.version == "v2.18.1")  # later ones leave such rows out
    assert None not in names


def test_campaigns(umami: Umami) -> None:
    found = umami.campaigns(SHOP, SPAN)
    assert found["utm_source"] == {"google": 12, "newsletter": 10, "facebook": 6, "partner": 2}
    assert found["utm_campaign"] == {"brand": 12, "november": 10, "retarget": 6}
    assert not any(umami.campaigns(EMPTY, SPAN).values())


def test_events_over_time_and_their_values(umami: Umami) -> None:
    found = umami.event_series(SHOP, SPAN, "day", BERLIN)
    assert sum(one.count for one in found if one.name == "signup") == 42
    plans = {one.value: one.total for one in umami.event_values(SHOP, SPAN, "signup", "plan")}
    assert plans == {"free": 17, "team": 16, "pro": 9}


def test_saved_funnels_are_asked_in_the_words_of_the_version(umami: Umami) -> None:
    saved = next(one for one in umami.reports(SHOP) if one.type == "funnel")
    assert saved.name == "Checkout funnel"
    assert [step.visitors for step in umami.funnel(SHOP, SPAN, saved)] == [71, 37, 21, 9]
    assert [step.visitors for step in umami.funnel(EMPTY, SPAN, saved)] == [0, 0, 0, 0]


@pytest.mark.parametrize("word", ["url", "path"])
def test_steps_that_were_saved_by_another_version_are_translated(umami: Umami, word: str) -> None:
    steps = [{"type": word, "value": page} for page in ("/", "/pricing", "/signup")]
    steps.append({"type": "event", "value": "purchase"})
    saved = Report(id="a", type="funnel", parameters={"steps": steps, "window": 60})
    assert [step.visitors for step in umami.funnel(SHOP, SPAN, saved)] == [71, 37, 21, 9]


def test_goals_count_visitors_or_times(recorded: Recorded, umami: Umami) -> None:
    if recorded.version.startswith("v2"):
        wanted = [
            Wanted(type="url", value="/", target=Decimal(10)),
            Wanted(type="url", value="/pricing", target=Decimal(500)),
            Wanted(type="event", value="signup", target=Decimal(25)),
        ]
        recorded_ = recorded.named("reports-goals")["answer"]
        told = {(one["type"], one["value"]): one["result"] for one in recorded_}
        found = umami.goals(SHOP, SPAN, wanted)
        assert [int(one.result) for one in found] == [told[one.type, one.value] for one in wanted]
        assert [int(one.result) for one in found][::2] == [109, 42]
        return
    wanted = [Wanted(type="path", value="/pricing"), Wanted(type="event", value="signup")]
    pages = umami.goals(SHOP, SPAN, wanted)
    assert [(int(one.result), one.total) for one in pages] == [(43, 91), (39, 91)]


def test_sums_of_goals_are_found_among_others_of_the_same_event(recorded: Recorded, umami: Umami) -> None:
    if recorded.version.startswith("v3"):
        return  # version 3 has no sums
    wanted = [
        Wanted(type="event-data", value="purchase", target=Decimal(target), operator=how, property="revenue")
        for how, target in (("sum", 1000), ("count", 10), ("average", 50))
    ]
    found = umami.goals(SHOP, SPAN, wanted)
    assert [str(one.result) for one in found] == ["7903.35", "30", "263.445"]


def test_websites_are_found_by_their_domain(umami: Umami) -> None:
    (shop,) = umami.websites("shop.example.com")
    assert (shop.id, shop.name) == (SHOP, "Example Shop")
    assert umami.websites("another.example.com") == ()
    assert umami.website(SHOP) == shop
    assert umami.website(GHOST) is None
    with pytest.raises(Refused, match="UUID"):
        umami.website("not-a-uuid")
