"""A proposal is put before people once, decided once, and never for another plan than was seen."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.db import Database
from bot.upkeep import proposals
from bot.upkeep.proposal import LASTS, Answer, Approvers, Proposal, State, answer
from bot.upkeep.proposals import REJECTED_FOR, Offered
from tests.upkeep.making import NOON, SECOND, addition, change, draft, plan

OURS = Approvers(by_site={"shop": ("owner",)})
ME = "cli: anna"


def offered(database: Database, **values: Any) -> Proposal:
    with database.transaction() as tx:
        said, made = proposals.offer(tx, draft(**values), NOON)
    assert said is Offered.NEW
    assert made is not None
    return made


def test_what_is_stored_is_what_was_proposed(database: Database) -> None:
    made = offered(database)
    with database.reading() as tx:
        assert proposals.find(tx, made.id) == made
        assert proposals.find(tx, "nothing") is None
        assert list(proposals.latest(tx, 5, waiting=True)) == [made]
    assert made.hash == draft().hash


def test_the_same_is_proposed_once(database: Database) -> None:
    offered(database)
    with database.transaction() as tx:
        assert proposals.offer(tx, draft(), NOON + SECOND) == (Offered.SAME, None)


def test_a_plan_that_moved_replaces_the_one_that_waits(database: Database) -> None:
    first = offered(database)
    with database.transaction() as tx:
        said, second = proposals.offer(tx, draft(plan=plan(change(), state="moved")), NOON)
    assert said is Offered.RENEWED
    assert second is not None
    with database.transaction() as tx:
        known = proposals.find(tx, first.id)
        assert known is not None
        assert known.state is State.REPLACED
        said_yes, _ = proposals.approve(tx, first.id, ME, first.hash, OURS, NOON)
        assert said_yes is Answer.ANOTHER_PLAN
        assert proposals.approve(tx, second.id, ME, second.hash, OURS, NOON)[0] is Answer.TAKEN


def test_nothing_to_do_is_not_proposed_but_a_mask_is(database: Database) -> None:
    with database.transaction() as tx:
        assert proposals.offer(tx, draft(plan=plan(), additions=()), NOON) == (Offered.UNCHANGED, None)
        assert proposals.offer(tx, draft(plan=plan()), NOON)[0] is Offered.NEW


def test_a_yes_is_given_once_and_the_second_hears_who_was_first(database: Database) -> None:
    made = offered(database)
    with database.transaction() as tx:
        said, known = proposals.approve(tx, made.id, "owner", made.hash, OURS, NOON + SECOND)
        assert (said, known and known.state) == (Answer.TAKEN, State.APPROVED)
    with database.transaction() as tx:
        said, known = proposals.approve(tx, made.id, ME, made.hash, OURS, NOON + 2 * SECOND)
        assert said is Answer.DECIDED
        assert known is not None
        assert (known.decided_by, known.decided_at) == ("owner", NOON + SECOND)
        assert proposals.reject(tx, made.id, ME, made.hash, OURS, NOON)[0] is Answer.DECIDED


def test_of_many_at_once_one_decides(database: Database) -> None:
    made = offered(database)
    answers: list[Answer] = []
    together = threading.Barrier(6)

    def decide(number: int) -> None:
        together.wait()
        with database.transaction() as tx:
            decision = proposals.approve if number % 2 else proposals.reject
            answers.append(decision(tx, made.id, f"cli: {number}", made.hash, OURS, NOON)[0])

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([Answer.TAKEN, *[Answer.DECIDED] * 5])


def test_of_many_at_once_one_proposes(database: Database) -> None:
    said: list[Offered] = []
    together = threading.Barrier(4)

    def propose() -> None:
        together.wait()
        with database.transaction() as tx:
            said.append(proposals.offer(tx, draft(), NOON)[0])

    threads = [threading.Thread(target=propose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(Offered.NEW) == 1
    with database.reading() as tx:
        assert len(proposals.latest(tx, 10, waiting=True)) == 1


@pytest.mark.parametrize(
    ("who", "seen", "later", "expected"),
    [
        pytest.param("owner", "right", timedelta(0), Answer.TAKEN, id="an approver"),
        pytest.param("cli: anna", "right", timedelta(0), Answer.TAKEN, id="the command line"),
        pytest.param("sales", "right", timedelta(0), Answer.NOT_ALLOWED, id="another channel"),
        pytest.param("client", "right", timedelta(0), Answer.NOT_ALLOWED, id="a name like the command line"),
        pytest.param("owner", "wrong", timedelta(0), Answer.ANOTHER_PLAN, id="another plan"),
        pytest.param("owner", "right", LASTS - SECOND, Answer.TAKEN, id="in the last second"),
        pytest.param("owner", "right", LASTS, Answer.EXPIRED, id="too late"),
    ],
)
def test_who_may_decide_what_and_until_when(who: str, seen: str, later: timedelta, expected: Answer) -> None:
    made = Proposal(id="abc", draft=draft(), made_at=NOON, until_at=NOON + LASTS)
    assert answer(made, who, made.hash if seen == "right" else seen, OURS, NOON + later) is expected


def test_of_what_is_not_there_nothing_is_decided() -> None:
    assert answer(None, ME, "", OURS, NOON) is Answer.UNKNOWN


def test_a_yes_is_bound_to_the_plan_and_to_what_is_added() -> None:
    hashes = {
        draft().hash,
        draft(plan=plan(change(), state="moved")).hash,
        draft(plan=plan(change("93.184.216.35"))).hash,
        draft(additions=(addition(until_at=NOON),)).hash,
        draft(additions=()).hash,
    }
    assert len(hashes) == 5
    assert draft(title="in other words").hash == draft().hash


@pytest.mark.parametrize(
    ("never", "later", "expected"),
    [
        (False, REJECTED_FOR - SECOND, Offered.LATELY),
        (False, REJECTED_FOR, Offered.NEW),
        (True, timedelta(days=3000), Offered.NEVER),
    ],
)
def test_what_was_rejected_stays_away(
    database: Database, never: bool, later: timedelta, expected: Offered
) -> None:
    made = offered(database)
    with database.transaction() as tx:
        said, _ = proposals.reject(tx, made.id, ME, made.hash, OURS, NOON, never_again=never)
        assert said is Answer.TAKEN
    with database.transaction() as tx:
        proposals.prune(tx, NOON + SECOND if never else NOON, 100)
        assert proposals.offer(tx, draft(), NOON + later)[0] is expected
        assert proposals.offer(tx, draft("something else"), NOON)[0] is Offered.NEW


def test_what_expired_is_closed_and_may_come_again(database: Database) -> None:
    made = offered(database)
    with database.transaction() as tx:
        assert proposals.expire(tx, NOON + LASTS - SECOND) == []
        assert [one.id for one in proposals.expire(tx, NOON + LASTS)] == [made.id]
        assert proposals.offer(tx, draft(), NOON + LASTS)[0] is Offered.NEW


def test_a_yes_is_worked_off_once(database: Database) -> None:
    made = offered(database)
    with database.transaction() as tx:
        assert proposals.claim(tx) is None
        proposals.approve(tx, made.id, ME, made.hash, OURS, NOON)
    with database.transaction() as tx:
        claimed = proposals.claim(tx)
        assert claimed is not None
        assert replace(claimed, state=State.OPEN, decided_at=None, decided_by=None) == made
        assert proposals.finish(tx, made.id, State.DONE, "one filter was made")
        assert not proposals.finish(tx, made.id, State.FAILED, "again")
    with database.reading() as tx:
        done = proposals.find(tx, made.id)
        assert done is not None
        assert (done.state, done.said) == (State.DONE, "one filter was made")


def test_old_ones_are_forgotten_but_not_while_they_wait(database: Database) -> None:
    first, second = offered(database), offered(database, about="another")
    with database.transaction() as tx:
        proposals.reject(tx, first.id, ME, first.hash, OURS, NOON)
        assert proposals.prune(tx, NOON + timedelta(days=9), 100) == 1
        assert proposals.find(tx, first.id) is None
        assert proposals.find(tx, second.id) is not None
