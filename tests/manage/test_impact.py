"""What a filter would have removed: counted by a real source, against what the simulator itself knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.manage.change import Change, KindName, Verb
from bot.manage.impact import DAYS, impacts
from bot.manage.outcome import Impact
from bot.pirsch.auth import Credentials
from bot.pirsch.client import TIMING, Pirsch
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Simulator, faults
from bot.sources.periods import Days
from bot.sources.pirsch import PirschSource, source
from bot.sources.source import Dimension, Where
from tests.manage.keeping import SHOP, Town


@pytest.fixture
def numbers(town: Town, simulator: Simulator) -> Iterator[PirschSource]:
    """The numbers by the simulator's own clock."""
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Order", event="purchase"))
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Cart", path="/cart"))
    keys = simulator.keys.user
    credentials = Credentials(client_id=keys.client_id, client_secret=keys.client_secret)
    timing = replace(TIMING, now=simulator.clock)
    with Pirsch(credentials, Server(url=simulator.url), timing=timing) as pirsch:
        yield source(pirsch, SHOP, simulator.clock)


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Nothing is stored here."""
    return str(request.param)


def wish(type: str, value: str, verb: Verb = Verb.CREATE) -> Change:
    fields = {"type": type, "filter": value, "note": ""}
    return Change(
        site="shop",
        kind=KindName.FILTER,
        verb=verb,
        key=f"{type} {value}",
        before=None if verb is Verb.CREATE else fields,
        after=fields if verb is Verb.CREATE else None,
        why="a test",
    )


def told(numbers: PirschSource, type: str, value: str) -> Impact:
    (found,) = impacts(numbers, [wish(type, value)]).values()
    return found


def month(numbers: PirschSource) -> Days:
    today = numbers.today()
    return Days(first=today - timedelta(days=DAYS), last=today - timedelta(days=1))


def test_a_country_removes_its_visitors_and_their_conversions(numbers: PirschSource) -> None:
    period = month(numbers)
    country = numbers.breakdown(Dimension.COUNTRY, period).rows[0]
    found = told(numbers, "country", country.value.upper())
    where = Where(dimension=Dimension.COUNTRY, value=country.value)
    event = Where(dimension=Dimension.EVENT, value="purchase")
    page = Where(dimension=Dimension.PAGE, value="/cart")
    assert found.visitors == numbers.totals(period, (where,)).traffic.visitors > 0
    assert found.of_visitors == numbers.totals(period).traffic.visitors
    assert found.conversions == sum(
        numbers.totals(period, (where, one)).traffic.visitors for one in (event, page)
    )
    assert found.of_conversions == sum(goal.visitors for goal in numbers.goals(period))
    assert not found.at_most


def test_a_page_is_an_upper_bound_and_takes_the_goal_on_it_along(numbers: PirschSource) -> None:
    period = month(numbers)
    cart = next(goal for goal in numbers.goals(period) if goal.name == "Cart")
    found = told(numbers, "page", "/cart")
    assert found.at_most
    assert found.visitors > 0
    assert found.conversions >= cart.visitors > 0
    wider = told(numbers, "page", "/cart*")
    assert wider.visitors >= found.visitors
    assert "at most" in str(found)


def test_a_page_that_nobody_saw_costs_nothing(numbers: PirschSource) -> None:
    found = told(numbers, "page", "/wp-login.php")
    assert (found.visitors, found.conversions, found.share) == (0, 0, 0.0)


@pytest.mark.parametrize(
    "one",
    [
        wish("ip", "203.0.113.7"),  # nobody keeps addresses
        wish("page", "/**"),  # the guard refuses it anyway
        wish("page", "/cart", Verb.DELETE),  # drops nothing
        wish("hostname", SHOP),
    ],
)
def test_of_these_nothing_is_told(numbers: PirschSource, one: Change) -> None:
    assert impacts(numbers, [one]) == {}


def test_what_cannot_be_asked_is_missing(numbers: PirschSource, simulator: Simulator) -> None:
    simulator.faults.plan(faults.forbidden().to("GET", "/statistics/total"))
    assert impacts(numbers, [wish("page", "/cart")]) == {}
