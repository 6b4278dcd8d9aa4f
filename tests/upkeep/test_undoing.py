"""What was done is taken back for good, and what harms is taken back by itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.facts import Deed, Severity, Wish
from bot.manage import ledger
from bot.manage.change import Actor, Authority
from bot.manage.wishes import GoalWish, Mode, Then, WhenReached
from bot.sources.periods import wall_hours
from bot.sources.source import Bucket, Series, Source, Traffic
from bot.upkeep import additions, watching
from bot.upkeep.additions import AdditionKind
from bot.upkeep.aftermath import Counted, Seen, judge
from bot.upkeep.undoing import CannotUndo, undo
from tests.manage.keeping import managed
from tests.upkeep.village import Village

ANNA = Actor(who="cli: anna", authority=Authority.PERSON)
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def backend() -> str:
    return "sqlite"


def latest(village: Village) -> int:
    with village.town.database.reading() as tx:
        return ledger.entries(tx, site="shop", most=1)[0].id


def taken_back(village: Village, number: int) -> bool:
    return undo(village.tender(), number, ANNA, village.town.database.transaction).good


# ---------------------------------------------------------------- by a person


def test_what_the_file_wants_is_held_once_it_was_undone(village: Village) -> None:
    village.round()
    done = undo(village.tender(), latest(village), ANNA, village.town.database.transaction)
    assert done.good
    assert done.held
    assert village.filters() == []
    for _ in range(3):
        village.round()
    assert village.filters() == []
    with village.town.database.transaction() as tx:
        (held,) = additions.standing(tx, village.town.hours.now(), "shop")
        assert held.kind is AdditionKind.HOLD
        additions.end(tx, held.id or 0, "cli: anna", village.town.hours.now())
    village.round()
    assert village.filters() == ["93.184.216.34"]


def test_what_a_rule_added_ends_with_it(village: Village) -> None:
    village.file = managed(filters=())
    village.ask(
        Wish(site="shop", asker="rule r", deed=Deed.FILTER, subject="93.184.216.9", why="", from_event=True)
    )
    village.work()
    village.approve(village.waiting()[0])
    village.carry()
    done = undo(village.tender(), latest(village), ANNA, village.town.database.transaction)
    assert done.ended
    assert not done.held
    village.round()
    assert village.filters() == []
    assert village.tender().standing() == []


def test_undoing_twice_or_what_is_not_there_is_said(village: Village) -> None:
    village.round()
    number = latest(village)
    assert taken_back(village, number)
    assert taken_back(village, number)  # it is gone already
    with pytest.raises(CannotUndo, match="no entry 9999"):
        taken_back(village, 9999)


def test_a_threshold_that_was_never_known_cannot_be_put_back(village: Village) -> None:
    village.file = managed(spike_threshold=100)
    village.round()
    with pytest.raises(CannotUndo, match="nobody knows"):
        taken_back(village, latest(village))
    village.file = managed(spike_threshold=150)
    village.round()
    assert taken_back(village, latest(village))
    with village.town.database.reading() as tx:
        assert ledger.entries(tx, site="shop", most=1)[0].after == {"visitors": 100}


# ---------------------------------------------------------------- goals


def goal(village: Village, then: WhenReached, **fields: object) -> None:
    wish = GoalWish(name="Signup", fields={"event": "signup", "visitors": 500, **fields}, when_reached=then)
    village.file = managed(goals=(wish,))
    village.round()


def reached(village: Village, visitors: int = 512) -> None:
    village.ask(
        Wish(
            site="shop",
            asker="when_reached",
            deed=Deed.GOAL,
            subject="Signup",
            why="the goal was reached",
            detail={"reached": True, "visitors": visitors},
        )
    )
    village.work()


def targets(village: Village) -> list[object]:
    return [one["visitor_goal"] for one in village.town.shelf("goal")]


def test_a_reached_goal_is_raised_and_stays_so(village: Village) -> None:
    goal(village, WhenReached(then=Then.RAISE, by=0.2))
    reached(village)
    assert targets(village) == [600]
    village.round()
    assert targets(village) == [600]
    village.later(timedelta(days=1))
    reached(village, 640)
    assert targets(village) == [700]


def test_another_target_in_the_file_counts_more_than_a_raised_one(village: Village) -> None:
    goal(village, WhenReached(then=Then.RAISE, by=0.2))
    reached(village)
    goal(village, WhenReached(then=Then.RAISE, by=0.2), visitors=900)
    assert targets(village) == [900]


def test_a_goal_that_pirsch_deleted_comes_back_with_the_raised_target(village: Village) -> None:
    goal(village, WhenReached(then=Then.RAISE, by=0.2), delete_reached=True)
    shelf = village.town.simulator.account.shelves["goal"]
    (document,) = shelf.of(village.town.domain)
    shelf.drop(document.id)
    reached(village)
    assert targets(village) == [600]


def test_a_reached_goal_is_put_away_and_does_not_come_back(village: Village) -> None:
    goal(village, WhenReached(then=Then.ARCHIVE))
    reached(village)
    assert village.town.shelf("goal") == []
    village.round()
    assert village.town.shelf("goal") == []


def test_the_mail_of_a_reached_goal_is_armed_again_once(village: Village) -> None:
    goal(village, WhenReached(then=Then.REARM), email_reached=True)
    (document,) = village.town.simulator.account.shelves["goal"].of(village.town.domain)
    document.fields["email_reached"] = False  # Pirsch has sent it
    village.round()
    assert not village.town.shelf("goal")[0]["email_reached"]
    reached(village)
    assert village.town.shelf("goal")[0]["email_reached"]
    (document,) = village.town.simulator.account.shelves["goal"].of(village.town.domain)
    document.fields["email_reached"] = False
    village.round()
    assert not village.town.shelf("goal")[0]["email_reached"]


def test_where_goals_wait_for_a_yes_a_raise_does_too(village: Village) -> None:
    goal(village, WhenReached(then=Then.RAISE, by=0.2))
    village.mode(Mode.APPROVE)
    reached(village)
    assert targets(village) == [500]
    (proposal,) = village.waiting()
    village.approve(proposal)
    village.carry()
    assert targets(village) == [600]
    village.round()
    assert targets(village) == [600]
    assert village.waiting() == []


# ---------------------------------------------------------------- by itself


@dataclass
class Hourly:
    """Numbers of which only the hours are asked: so many an hour before an instant, and so many after."""

    before: int
    after: int
    village: Village
    zone: ZoneInfo = ZONE

    def hours(self, day: date) -> Series:
        since = self.village.started
        return Series(
            zone=ZONE,
            buckets=tuple(
                Bucket(
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    day=one.day,
                    hour=one.hour,
                    traffic=Traffic(visitors=self.before if one.starts_at < since else self.after),
                    complete=True,
                )
                for one in wall_hours(day, ZONE)
            ),
        )


def watch(village: Village, before: int, after: int) -> None:
    numbers = Hourly(before, after, village)
    village.run(lambda turn: watching.watch(village.tender(), lambda: cast(Source, numbers), turn))


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        pytest.param(40, 38, ["93.184.216.34"], id="as foretold"),
        pytest.param(40, 4, [], id="far fewer than foretold"),
        pytest.param(1, 0, ["93.184.216.34"], id="a site too small to tell"),
    ],
)
def test_a_filter_that_takes_more_than_foretold_is_undone(
    village: Village, before: int, after: int, left: list[str]
) -> None:
    village.started = village.town.hours.now()
    village.round()
    village.later(timedelta(hours=5))
    watch(village, before, after)
    assert village.filters() == ["93.184.216.34"]  # too early to look
    village.later(timedelta(hours=3))
    watch(village, before, after)
    assert village.filters() == left
    undone = [one for one in village.notices() if one.severity is Severity.PAGE]
    assert len(undone) == (0 if left else 1)
    village.round()
    assert village.filters() == left


@pytest.mark.parametrize(
    ("since", "before", "foretold", "seen"),
    [
        (100, 100, 0.0, Seen.WELL),
        (100, 300, 0.66, Seen.WELL),
        (100, 300, 0.0, Seen.WORSE),
        (0, 19, 0.0, Seen.TOO_FEW),
        (0, 20, 0.0, Seen.WORSE),
        (70, 100, 0.0, Seen.WELL),
    ],
)
def test_it_is_worse_when_chance_cannot_do_it_and_it_matters(
    since: int, before: int, foretold: float, seen: Seen
) -> None:
    assert judge(Counted(since=since, before=before, foretold=foretold)) is seen
