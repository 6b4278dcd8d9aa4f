"""Whatever goes wrong while a wish or a yes is carried out, the next tries bring it, once, or say why not."""

from datetime import timedelta

import pytest

from bot.errands import DONE, REFUSED
from bot.facts import Deed, Wish
from bot.manage.wishes import Mode
from bot.upkeep import additions
from bot.upkeep.proposal import State
from tests.manage.keeping import managed
from tests.manage.test_faults import FAULTS
from tests.upkeep.village import Village, office

REPORT = Wish(
    site="shop", asker="rule Acting", deed=Deed.REPORT, subject="client@example.com", why="an event"
)
SORTS = ("cut before", "cut after", "bad gateway, not done", "error, done", "limited", "forbidden")
"""One of each: nothing arrived, all did, nobody knows, wait, no. `tests/manage` has all, at every call."""


@pytest.fixture
def backend() -> str:
    return "sqlite"


def fault(village: Village, name: str, path: str) -> None:
    village.town.simulator.faults.plan(FAULTS[name]().to("POST", path))


def stands(village: Village) -> list[str]:
    with village.town.database.reading() as tx:
        return [one.kind for one in additions.standing(tx, village.town.hours.now(), "shop")]


@pytest.mark.parametrize("name", SORTS)
def test_a_wish_of_a_rule(village: Village, name: str) -> None:
    village.file = managed()
    village.mode(Mode.AUTO)
    village.ask(REPORT)
    fault(village, name, "*/report*")
    village.work()
    for _ in range(2):
        village.later(timedelta(minutes=10))
        village.work()
        village.round()
    shelf = village.town.shelf(Deed.REPORT)
    if name == "forbidden":
        assert (shelf, stands(village), village.errand().state) == ([], [], REFUSED)
        assert [one.good for one in village.told()] == [False]
    else:
        assert len(shelf) == 1
        assert (stands(village), village.errand().state) == ([Deed.REPORT], DONE)


@pytest.mark.parametrize("name", SORTS)
def test_a_yes_of_a_person(village: Village, name: str) -> None:
    village.file = managed(filters=(office(),))
    village.mode(Mode.APPROVE)
    village.round()
    (proposal,) = village.waiting()
    village.approve(proposal)
    fault(village, name, "*/filter*")
    village.carry()
    for _ in range(2):
        village.later(timedelta(minutes=10))
        village.carry()
    if name == "forbidden":
        assert village.filters() == []
        assert village.proposal(proposal.id).state is State.FAILED
    else:
        assert village.filters() == ["93.184.216.34"]
        assert village.proposal(proposal.id).state is State.DONE


@pytest.mark.parametrize("name", SORTS)
def test_a_round_that_keeps_the_file(village: Village, name: str) -> None:
    """An office moves while Pirsch stumbles: its new address comes, once, and nobody else's goes."""
    village.file = managed(filters=(office(),))
    village.mode(Mode.AUTO)
    village.round()
    village.names["office.test"] = ["93.184.216.35"]
    fault(village, name, "*/filter*")
    village.round()
    for _ in range(2):
        village.later(timedelta(minutes=70))
        village.round()
    assert village.filters() == ["93.184.216.34", "93.184.216.35"], "the old one stays for a day"
    village.later(timedelta(hours=26))
    village.round()
    assert village.filters() == ["93.184.216.35"]
