"""What became of a goal between two looks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.goals import Known, Look, Reached, Seen, decide
from bot.goals.decide import GONE_AFTER, LEAST_VISITORS, Proof
from bot.sources.source import GoalState, Target
from tests.goals.making import goal, look, look_at

NOBODY_LOOKED = Seen(goals={})


def reached(*looks: Look) -> list[list[str]]:
    """Return how each look proves what it says was reached."""
    seen, told = NOBODY_LOOKED, list[list[str]]()
    for one in looks:
        seen, news = decide(seen, one)
        told.append([each.proof.value for each in news])
    return told


@pytest.mark.parametrize(
    ("visitors", "proofs"),
    [
        pytest.param(99, [], id="one is missing"),
        pytest.param(100, ["counted"], id="just reached"),
        pytest.param(101, ["counted"], id="and one more"),
    ],
)
def test_a_goal_is_reached_with_its_last_visitor(visitors: int, proofs: list[str]) -> None:
    assert reached(look(0, goal(50)), look(1, goal(visitors))) == [[], proofs]


def test_it_is_reached_once_whatever_comes_after() -> None:
    looks = [look(number, goal(visitors)) for number, visitors in enumerate((50, 120, 130, 90, 140))]
    assert reached(*looks) == [[], ["counted"], [], [], []]


def test_what_was_reached_before_anybody_looked_is_old_news() -> None:
    assert reached(look(0, goal(120)), look(1, goal(130))) == [[], []]


def test_what_was_made_and_reached_between_two_looks_is_news() -> None:
    quick = goal(120, id="g2", made_at=look_at(0) + timedelta(minutes=1))
    old = goal(120, id="g3", made_at=look_at(0) - timedelta(minutes=1))
    assert reached(look(0), look(1, quick, old)) == [[], ["counted"]]


def test_a_raised_target_is_there_to_be_reached_again() -> None:
    looks = (look(0, goal(50)), look(1, goal(100)), look(2, goal(101, wanted=120)))
    assert reached(*looks, look(3, goal(120, wanted=120))) == [[], ["counted"], [], ["counted"]]


def test_a_goal_without_a_target_is_never_reached() -> None:
    assert reached(look(0, goal(5, wanted=None)), look(1, goal(5_000, wanted=None))) == [[], []]


def rate(visitors: int, share: float) -> GoalState:
    return goal(visitors, wanted=None, share=share, share_target=Target(wanted=0.2, present=share))


@pytest.mark.parametrize(
    ("state", "proofs"),
    [
        pytest.param(rate(1, 1.0), [], id="the first visitor is all of them"),
        pytest.param(rate(10, 10 / (LEAST_VISITORS - 1)), [], id="one visitor too few to speak of a rate"),
        pytest.param(rate(10, 10 / LEAST_VISITORS), ["counted"], id="enough"),
        pytest.param(rate(0, 0.0), [], id="nobody"),
    ],
)
def test_a_rate_needs_enough_visitors(state: GoalState, proofs: list[str]) -> None:
    assert reached(look(0, rate(0, 0.0)), look(1, state)) == [[], proofs]


def test_a_goal_that_its_vendor_deletes_when_reached_was_probably_reached_when_it_is_gone_twice() -> None:
    vanishing = goal(98, vanishes=True)
    assert reached(look(0, vanishing), look(1), look(2), look(3)) == [[], [], ["vanished"], []]


def test_one_cut_answer_reaches_nothing() -> None:
    vanishing = goal(98, vanishes=True)
    assert reached(look(0, vanishing), look(1), look(2, vanishing), look(3), look(4, vanishing)) == [[]] * 5


@pytest.mark.parametrize(
    ("after", "proofs"),
    [
        pytest.param(GONE_AFTER - timedelta(seconds=1), [], id="not yet long enough"),
        pytest.param(GONE_AFTER, ["vanished"], id="long enough"),
    ],
)
def test_a_goal_has_to_be_missing_for_some_minutes(after: timedelta, proofs: list[str]) -> None:
    again = Look(at=look_at(1) + after, goals=())
    assert reached(look(0, goal(98, vanishes=True)), look(1), again)[-1] == proofs


def test_a_goal_that_was_told_of_and_then_vanishes_is_told_once() -> None:
    full = goal(100, vanishes=True)
    looks = (look(0, goal(98, vanishes=True)), look(1, full), look(2), look(3))
    assert reached(*looks) == [[], ["counted"], [], []]


def test_a_goal_that_somebody_deleted_is_forgotten_without_a_word() -> None:
    assert reached(look(0, goal(98)), look(1), look(2), look(3)) == [[]] * 4


def test_what_it_tells_is_text() -> None:
    state = goal(120, page="/thanks", share=0.02)
    meta = Reached(goal=_known(state), proof=Proof.COUNTED).meta
    assert meta == {
        "goal": "Signups",
        "goal_id": "g1",
        "proof": "counted",
        "visitors": "120",
        "event": "signup",
        "page": "/thanks",
        "target_visitors": "100",
    }


@pytest.mark.parametrize(
    ("state", "meta", "counts"),
    [
        pytest.param(goal(), {}, True, id="every event of the name"),
        pytest.param(goal(event=""), {}, False, id="a page alone"),
        pytest.param(goal(page="/thanks"), {}, False, id="an event on a page: no webhook says where"),
        pytest.param(goal(tags=("a=b",)), {"a": "b"}, False, id="a tag"),
        pytest.param(goal(event_meta=("plan", "pro")), {"plan": "pro"}, True, id="this meta"),
        pytest.param(goal(event_meta=("plan", "pro")), {"plan": "free"}, False, id="other meta"),
        pytest.param(goal(event_meta=("plan", "")), {"plan": "free"}, True, id="any value of a key"),
        pytest.param(goal(event_meta=("plan", "")), {}, False, id="without the key"),
    ],
)
def test_which_events_count_towards_it(state: GoalState, meta: dict[str, str], counts: bool) -> None:
    assert _known(state).counts(meta) is counts


@given(st.lists(st.one_of(st.none(), st.integers(0, 200)), max_size=12), st.booleans())
def test_whatever_is_seen_a_goal_is_reached_at_most_once(counts: list[int | None], vanishes: bool) -> None:
    """None: it is missing. Its id never comes back to life once it was forgotten, as ids do not."""
    looks, missing = [look(0, goal(0, vanishes=vanishes))], 0
    for number, count in enumerate(counts, start=1):
        missing = missing + 1 if count is None else 0
        looks.append(look(number) if count is None else look(number, goal(count, vanishes=vanishes)))
        if missing == 2:
            break
    assert sum(map(len, reached(*looks))) <= 1


def _known(state: GoalState) -> Known:
    return decide(NOBODY_LOOKED, look(0, state))[0].goals[state.id]
