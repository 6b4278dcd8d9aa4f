"""A machine is told from a burst of people by three independent grounds, and each is shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.sources.source import Dimension
from bot.upkeep.suspicion import Ground, Subject, Suspicion, Visits, evenness, judge

TODAY = date(2026, 5, 4)
KNOWN_SINCE = TODAY - timedelta(days=56)
DAY = (2, 1, 1, 1, 2, 4, 10, 20, 35, 40, 42, 40, 38, 40, 42, 40, 38, 36, 40, 45, 40, 25, 12, 5)
SITE = Visits(
    sessions=9000,
    bounces=4500,
    seconds=80.0,
    conversions=360,
    hours=tuple(10 * one for one in DAY),
    countries={"de": 6000, "us": 2000, "cn": 1000},
    browsers={"Chrome": 5000, "Firefox": 4000},
    entries={"/": 4000, "/blog": 5000},
)
MACHINE = Visits(
    sessions=240,
    bounces=240,
    seconds=0.0,
    conversions=0,
    hours=(10,) * 24,
    countries={"cn": 240},
    browsers={"Chrome": 240},
    entries={"/": 240},
)
FORUM = Visits(  # a link on a busy forum: most leave at once, and all of them within a few hours
    sessions=400,
    bounces=340,
    seconds=14.0,
    conversions=3,
    hours=(0,) * 15 + (60, 120, 90, 60, 30, 20, 10, 10, 0),
    countries={"us": 220, "de": 100, "gb": 80},
    browsers={"Chrome": 230, "Firefox": 170},
    entries={"/blog": 400},
)


def suspected(
    visits: Visits,
    *,
    dimension: Dimension = Dimension.REFERRER,
    first_seen: date | None = TODAY - timedelta(days=3),
    listed_by: tuple[str, ...] = (),
    site: Visits = SITE,
) -> Suspicion:
    subject = Subject(
        dimension=dimension,
        value="x.example",
        visits=visits,
        visitors=visits.sessions,
        first_seen=first_seen,
        listed_by=listed_by,
    )
    return judge(subject, site, TODAY, KNOWN_SINCE)


def test_a_machine_is_seen_for_every_reason() -> None:
    found = suspected(MACHINE, listed_by=("a community's list",))
    assert found.grounds == frozenset(Ground)
    assert found.enough
    assert all(term.said for term in found.terms)


def test_a_burst_of_people_is_no_machine() -> None:
    found = suspected(FORUM)
    assert not found.enough
    assert Ground.RHYTHM not in found.grounds
    assert Ground.ENGAGEMENT not in found.grounds


def test_leaving_at_once_staying_no_time_and_buying_nothing_are_one_ground() -> None:
    quick = Visits(sessions=240, bounces=240, seconds=0.0, conversions=0)
    found = suspected(quick, first_seen=None)
    assert [term.speaks for term in found.terms] == [True, True, True]
    assert found.grounds == {Ground.ENGAGEMENT}
    assert not found.enough


def test_a_list_a_new_name_and_one_page_are_not_enough_without_behaviour() -> None:
    people = Visits(sessions=300, bounces=140, seconds=70.0, conversions=12, entries={"/": 300})
    found = suspected(people, listed_by=("a community's list",))
    assert found.grounds == {Ground.NAME, Ground.NOVELTY, Ground.LANDING}
    assert not found.enough


@pytest.mark.parametrize("missing", [Ground.NOVELTY, Ground.RHYTHM])
def test_two_grounds_are_not_enough(missing: Ground) -> None:
    three = Visits(sessions=240, bounces=240, hours=(10,) * 24)
    assert suspected(three).grounds == {Ground.ENGAGEMENT, Ground.RHYTHM, Ground.NOVELTY}
    assert suspected(three).enough
    less = {
        Ground.NOVELTY: suspected(three, first_seen=None),
        Ground.RHYTHM: suspected(replace(three, hours=())),
    }[missing]
    assert missing not in less.grounds
    assert len(less.grounds) == 2
    assert not less.enough


@pytest.mark.parametrize(("sessions", "speaks"), [(19, False), (20, True)])
def test_a_share_needs_twenty_visits(sessions: int, speaks: bool) -> None:
    found = suspected(Visits(sessions=sessions, bounces=sessions, seconds=0.0), first_seen=None)
    assert (Ground.ENGAGEMENT in found.grounds) is speaks


@pytest.mark.parametrize(("bounces", "speaks"), [(97, False), (98, True)])
def test_nearly_everybody_has_to_leave_at_once(bounces: int, speaks: bool) -> None:
    found = suspected(Visits(sessions=100, bounces=bounces), first_seen=None)
    assert (Ground.ENGAGEMENT in found.grounds) is speaks


@pytest.mark.parametrize(("sessions", "speaks"), [(124, False), (125, True)])
def test_no_conversion_says_something_where_five_are_due(sessions: int, speaks: bool) -> None:
    found = suspected(Visits(sessions=sessions, conversions=0), first_seen=None)
    assert (Ground.ENGAGEMENT in found.grounds) is speaks


@pytest.mark.parametrize(("days", "speaks"), [(14, True), (15, False)])
def test_new_is_two_weeks_on_a_site_that_is_known_for_longer(days: int, speaks: bool) -> None:
    found = suspected(MACHINE, first_seen=TODAY - timedelta(days=days))
    assert (Ground.NOVELTY in found.grounds) is speaks
    subject = found.subject
    young = judge(subject, SITE, TODAY, TODAY - timedelta(days=41))
    assert Ground.NOVELTY not in young.grounds


def test_a_site_where_everybody_leaves_at_once_has_nothing_to_tell_machines_by() -> None:
    page = replace(SITE, bounces=8990, seconds=2.0, conversions=0)
    found = suspected(replace(MACHINE, bounces=239), site=page)
    assert Ground.ENGAGEMENT not in found.grounds


def test_the_sites_own_rhythm_and_a_site_without_one_say_nothing() -> None:
    assert Ground.RHYTHM not in suspected(replace(MACHINE, hours=DAY)).grounds
    flat = replace(SITE, hours=(100,) * 24)
    assert Ground.RHYTHM not in suspected(MACHINE, site=flat).grounds


def test_a_country_is_not_blamed_for_being_one_country() -> None:
    assert Ground.ORIGIN not in suspected(MACHINE, dimension=Dimension.COUNTRY).grounds
    assert Ground.LANDING not in suspected(MACHINE, dimension=Dimension.PAGE).grounds


def test_evenness_is_one_for_nothing_and_small_for_a_peak() -> None:
    assert evenness([0] * 24, [1.0] * 24) == 1.0
    assert evenness([10] * 24, [1.0] * 24) > 0.99
    assert evenness([0] * 12 + [240] + [0] * 11, [1.0] * 24) < 1e-9
