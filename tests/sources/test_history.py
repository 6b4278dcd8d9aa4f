"""Eight weeks of hours: all of them, or what is missing by name, and never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.sandbox.pirsch import Cut, Fault, start
from bot.sandbox.pirsch.faults import cut, forbidden
from bot.sources.errors import Misconfigured, Unavailable
from bot.sources.history import HOPELESS, Progress, history
from bot.sources.periods import Days
from tests.sources.conftest import Join, Joined, settings

HOURS = "/statistics/hours"


def asked(shop: Joined) -> int:
    return sum(one.path == HOURS for one in shop.simulator.ledger.calls())


def test_eight_weeks_with_the_change_of_the_clocks(shop: Joined) -> None:
    seen: list[Progress] = []
    shop.simulator.ledger.clear()
    found = history(shop.source, on_progress=seen.append)
    assert asked(shop) == 57  # 56 days, and the one of 25 hours lies in two days of UTC
    assert not found.failed
    assert len(found.days) == 56
    assert len(found.buckets) == 56 * 24 + 1
    assert [one.ends_at for one in found.buckets[:-1]] == [one.starts_at for one in found.buckets[1:]]
    assert max(found.days) == shop.source.today() - timedelta(days=1)
    assert [one.done for one in seen] == list(range(1, 57))
    assert {one.total for one in seen} == {56}
    assert seen[0].day > seen[-1].day
    whole = shop.source.totals(Days(first=min(found.days), last=max(found.days)))
    assert sum(bucket.traffic.views or 0 for bucket in found.buckets) == whole.traffic.views


def test_a_fetch_that_was_cut_short_goes_on_where_it_ended(shop: Joined) -> None:
    shop.simulator.faults.plan(Fault(path=HOURS, status=400, times=2))
    first = history(shop.source, weeks=2, at_once=1)
    assert len(first.failed) == 2
    assert len(first.days) == 12
    shop.simulator.ledger.clear()
    seen: list[Progress] = []
    second = history(shop.source, weeks=2, known=first.days, on_progress=seen.append)
    assert asked(shop) == 2
    assert {one.day for one in seen} == set(first.failed)
    assert len(second.days) == 14
    assert not second.failed


def test_each_day_names_its_error(shop: Joined) -> None:
    shop.simulator.faults.plan(cut(Cut.BEFORE).to("GET", HOURS, times=4))
    seen: list[Progress] = []
    found = history(shop.source, weeks=1, at_once=1, on_progress=seen.append)
    (day,) = found.failed
    assert isinstance(found.failed[day], Unavailable)
    assert seen[0].day == day
    assert seen[0].error is found.failed[day]
    assert all(one.series for one in seen[1:])


def test_what_a_person_must_mend_first_is_not_asked_on(shop: Joined) -> None:
    shop.simulator.faults.plan(forbidden().to("GET", HOURS, times=100))
    shop.simulator.ledger.clear()
    found = history(shop.source, weeks=8)
    assert asked(shop) <= 4
    assert len(found.failed) == 56
    assert all(isinstance(error, Misconfigured) for error in found.failed.values())


def test_a_far_side_that_is_down_is_left_alone(shop: Joined) -> None:
    shop.simulator.faults.plan(Fault(path=HOURS, status=400, times=1000))
    shop.simulator.ledger.clear()
    found = history(shop.source, weeks=8, at_once=1)
    assert asked(shop) == HOPELESS
    assert len(found.failed) == 56


def test_a_day_that_ended_this_minute_is_asked_for_again(join: Join) -> None:
    midnight = datetime(2026, 11, 17, 23, 0, 20, tzinfo=UTC)  # in Berlin it is the 18th
    with start(settings(midnight)) as simulator:
        shop = join(simulator)
        first = history(shop.source, weeks=1)
        assert list(first.failed) == [date(2026, 11, 17)]
        simulator.advance(timedelta(minutes=1))
        assert len(history(shop.source, weeks=1, known=first.days).days) == 7


def test_before_the_first_visitor_nothing_is_known(shop: Joined) -> None:
    found = history(shop.source, weeks=18)
    begun = shop.source.today() - timedelta(days=120)
    assert min(found.days) < begun
    assert found.begins_at is not None
    assert found.begins_at.astimezone(shop.source.zone).date() == begun
    assert sum(len(one.buckets) for one in found.days.values()) > len(found.buckets)


@pytest.mark.parametrize("day", [date(2026, 11, 17)])
def test_old_days_that_are_known_are_not_part_of_it(shop: Joined, day: date) -> None:
    known = {one: shop.source.hours(one) for one in (day, date(2026, 8, 1))}
    found = history(shop.source, weeks=1, known=known)
    assert date(2026, 8, 1) not in found.days
    assert found.days[day] is known[day]
