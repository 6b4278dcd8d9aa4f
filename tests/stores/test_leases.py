"""Who may run the schedule: one at a time, by the store's own clock, with a term that fences."""

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from bot import db, leases
from bot.db import Database
from tests.stores.making import NOON, at


def lead(database: Database, owner: str, seconds: float = 60.0) -> int | None:
    with database.transaction() as tx:
        return leases.lead(tx, "schedule", owner, seconds, NOON)


def holds(database: Database, owner: str, term: int) -> bool:
    with database.transaction() as tx:
        return leases.holds(tx, "schedule", owner, term)


def run_out(database: Database) -> None:
    """Let the lease end: as if its holder had been silent for long enough."""
    with database.transaction() as tx:
        tx.execute(sa.update(db.leases).values(until=db.leases.c.until - 3600))


def test_the_first_leads_and_renews_and_nobody_else_does(database: Database) -> None:
    assert [lead(database, owner) for owner in ("a", "a", "b", "a")] == [1, 1, None, 1]
    assert holds(database, "a", 1)
    assert not holds(database, "b", 1)


def test_an_old_term_is_refused(database: Database) -> None:
    assert lead(database, "a") == 1
    run_out(database)
    assert lead(database, "b") == 2
    assert not holds(database, "a", 1)
    run_out(database)
    assert lead(database, "a") == 3
    assert not holds(database, "a", 1)  # the same owner, but it was replaced in between
    assert holds(database, "a", 3)


def test_who_renews_late_but_first_keeps_the_term(database: Database) -> None:
    assert lead(database, "a") == 1
    run_out(database)
    assert lead(database, "a") == 1


def test_given_back_is_free_at_once(database: Database) -> None:
    assert lead(database, "a") == 1
    with database.transaction() as tx:
        leases.give_back(tx, "somebody else")
    assert lead(database, "b") is None
    with database.transaction() as tx:
        leases.give_back(tx, "a")
    assert lead(database, "b") == 2


def test_the_store_s_clock_decides_whatever_ours_says(database: Database) -> None:
    """`beat_at` is told from years ago: a dyno whose clock is wrong neither loses the lease nor takes it."""
    assert lead(database, "a", seconds=60.0) == 1
    with database.transaction() as tx:
        assert leases.lead(tx, "schedule", "b", 60.0, at(10**9)) is None
    with database.reading() as tx:
        now = tx.execute(sa.select(db.STORE_NOW)).scalar_one()
        until = tx.execute(sa.select(db.leases.c.until)).scalar_one()
    assert 55 < until - now <= 60


def test_leases_know_nothing_of_each_other(database: Database) -> None:
    with database.transaction() as tx:
        assert leases.lead(tx, "one", "a", 60.0, NOON) == 1
        assert leases.lead(tx, "two", "b", 60.0, NOON) == 1


def test_the_last_beat_can_be_asked_for(database: Database) -> None:
    with database.reading() as tx:
        assert leases.beaten_at(tx, "schedule") is None
    lead(database, "a")
    with database.reading() as tx:
        assert leases.beaten_at(tx, "schedule") == NOON


def test_of_four_who_ask_at_once_one_leads(database: Database) -> None:
    together = threading.Barrier(4)

    def ask(owner: str) -> list[int | None]:
        together.wait()
        return [lead(database, owner) for _ in range(10)]

    with ThreadPoolExecutor(4) as pool:
        terms = list(pool.map(ask, "abcd"))
    assert sorted(terms, key=str) == [[1] * 10, [None] * 10, [None] * 10, [None] * 10]


def test_whoever_acts_is_not_replaced_while_acting(database: Database, backend: str) -> None:
    """`holds` locks the row: a successor waits until the act has ended."""
    assert lead(database, "a") == 1
    run_out(database)
    led = threading.Event()

    def succeed() -> None:
        assert lead(database, "b") == 2
        led.set()

    successor = threading.Thread(target=succeed)
    with database.transaction() as tx:
        assert leases.holds(tx, "schedule", "a", 1)
        successor.start()
        assert not led.wait(0.2)
    successor.join(5)
    assert led.is_set()
