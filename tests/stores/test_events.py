"""Received events in the store: kept as they came, taken once, settled, listed, forgotten."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import events
from bot.db import Database
from bot.events import DONE, KEPT, QUARANTINED, Arrival, Kept, Settled
from bot.facts import Reason
from tests.stores.making import NOON, at, keep


def take(database: Database, most: int = 100) -> list[Kept]:
    with database.transaction() as tx:
        return events.take(tx, most)


def settle(database: Database, *settled: Settled) -> None:
    with database.transaction() as tx:
        events.settle(tx, settled)


def test_what_is_kept_is_taken_in_order_of_arrival(database: Database) -> None:
    keep(database, b"one", b"two", at=NOON)
    keep(database, b"three", at=at(1), site="blog")
    first, second, third = take(database)
    assert [one.body for one in (first, second, third)] == [b"one", b"two", b"three"]
    assert first.id < second.id < third.id
    assert third == Kept(id=third.id, site="blog", body=b"three", size=5, received_at=at(1))


def test_no_more_are_taken_than_asked_for(database: Database) -> None:
    keep(database, b"one", b"two", b"three")
    assert [one.body for one in take(database, 2)] == [b"one", b"two"]


def test_what_was_taken_and_not_settled_is_there_again(database: Database) -> None:
    keep(database, b"one")
    assert take(database) == take(database) != []


def test_an_empty_store_gives_nothing(database: Database) -> None:
    assert take(database) == []
    settle(database)
    with database.reading() as tx:
        assert events.oldest_kept(tx) is None
        assert events.counts(tx) == {}
        assert events.seen(tx) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300))
def test_any_bytes_come_back_as_they_were(database: Database, body: bytes) -> None:
    keep(database, body)
    (kept,) = take(database)
    assert kept.body == body
    settle(database, Settled(id=kept.id, state=DONE))


def test_the_longest_body_is_kept_whole(database: Database) -> None:
    body = bytes(range(256)) * (events.LONGEST_BODY // 256)
    keep(database, body)
    assert take(database)[0].body == body


def test_the_size_that_was_sent_is_remembered_beside_a_cut_body(database: Database) -> None:
    shelf = events.shelf(database)
    events.keep(shelf, [Arrival(site="shop", body=b"cut", size=10_000_000, received_at=NOON)])
    shelf.close()
    assert take(database)[0].size == 10_000_000


def test_settled_events_are_not_taken_again_and_say_what_came_of_them(database: Database) -> None:
    keep(database, b"a", b"b", b"c")
    told, rubbish, waiting = take(database)
    verdicts = (("Big order ‹ü›", Reason.TOLD), ("Once", Reason.TOLD_ONCE))
    settle(
        database,
        Settled(id=told.id, state=DONE, name="purchase", verdicts=verdicts),
        Settled(id=rubbish.id, state=QUARANTINED, why="not JSON"),
    )
    assert [one.id for one in take(database)] == [waiting.id]
    with database.reading() as tx:
        assert events.counts(tx) == {DONE: 1, QUARANTINED: 1, KEPT: 1}
        last, second, first = events.seen(tx)
    assert (first.name, first.state, first.verdicts) == ("purchase", DONE, list(verdicts))
    assert (second.name, second.outcome, second.verdicts) == (None, "not JSON", [])
    assert (last.state, last.outcome, last.verdicts) == (KEPT, None, [])


def test_the_list_can_be_narrowed(database: Database) -> None:
    keep(database, b"a", at=at(0))
    keep(database, b"b", at=at(10), site="blog")
    keep(database, b"c", at=at(20))
    first, second, _ = take(database)
    settle(database, Settled(id=first.id, state=DONE, name="x"), Settled(id=second.id, state=DONE, name="y"))
    with database.reading() as tx:
        assert [one.body for one in events.seen(tx, site="shop")] == [b"c", b"a"]
        assert [one.body for one in events.seen(tx, name="y")] == [b"b"]
        assert [one.body for one in events.seen(tx, state=KEPT)] == [b"c"]
        assert [one.body for one in events.seen(tx, since=at(10))] == [b"c", b"b"]
        assert [one.body for one in events.seen(tx, most=1)] == [b"c"]


def test_a_replay_goes_page_by_page_in_order_of_arrival(database: Database) -> None:
    for second in range(5):
        keep(database, str(second).encode(), at=at(second))
    with database.reading() as tx:
        first = events.heard_since(tx, at(1), after=0, most=3)
        rest = events.heard_since(tx, at(1), after=first[-1].id, most=3)
    assert [one.body for one in first + rest] == [b"1", b"2", b"3", b"4"]


def test_the_oldest_kept_event_is_the_one_received_first(database: Database) -> None:
    keep(database, b"late", at=at(9))
    keep(database, b"early", at=at(3))
    with database.reading() as tx:
        assert events.oldest_kept(tx) == at(3)
    settle(database, *(Settled(id=one.id, state=DONE) for one in take(database)))
    with database.reading() as tx:
        assert events.oldest_kept(tx) is None


@pytest.mark.parametrize(("age", "left"), [(-1, 1), (0, 1), (1, 0)])
def test_events_are_forgotten_only_when_older(database: Database, age: int, left: int) -> None:
    keep(database, b"")
    (kept,) = take(database)
    settle(database, Settled(id=kept.id, state=DONE))
    with database.transaction() as tx:
        assert events.prune(tx, [DONE], NOON + timedelta(seconds=age), 10) == 1 - left
        assert len(events.seen(tx)) == left


def test_forgetting_spares_other_states_and_goes_in_steps(database: Database) -> None:
    keep(database, b"1", b"2", b"3", b"4", b"kept", b"odd")
    *done, _, odd = take(database)
    settle(database, *(Settled(id=one.id, state=DONE) for one in done))
    settle(database, Settled(id=odd.id, state=QUARANTINED, why="odd"))
    later = NOON + timedelta(days=1000)
    with database.transaction() as tx:
        assert [events.prune(tx, [DONE], later, 3) for _ in range(3)] == [3, 1, 0]
        assert {one.body for one in events.seen(tx)} == {b"kept", b"odd"}
        assert events.prune(tx, [QUARANTINED], later, 3) == 1


def test_an_id_is_never_used_twice(database: Database) -> None:
    keep(database, b"")
    (kept,) = take(database)
    settle(database, Settled(id=kept.id, state=DONE))
    with database.transaction() as tx:
        assert events.prune(tx, [DONE], at(1), 10) == 1
    keep(database, b"")
    assert take(database)[0].id > kept.id
