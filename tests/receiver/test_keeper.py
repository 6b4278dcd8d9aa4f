"""Many requests, one commit: nobody is thanked before it, and its failure reaches those whose it was."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from bot import db, events, keeper, migrations
from bot.db import Database
from bot.events import Arrival
from bot.keeper import Keeper, NotKept
from tests.postgresql import server
from tests.receiver.calling import TOKEN, door
from tests.stores.making import NOON
from tests.waiting import until

MANY = 20


def arrival(number: int, size: int = 1) -> Arrival:
    return Arrival(site="shop", body=str(number).encode(), size=size, received_at=NOON)


def kept(database: Database) -> list[int]:
    with database.reading() as tx:
        return [int(one.body) for one in events.seen(tx, most=10_000)][::-1]


class Requests:
    """Threads that each keep one arrival; commits are counted."""

    def __init__(self, database: Database) -> None:
        self.commits = 0
        self._keeper = Keeper(database, self._count)
        self._pool = ThreadPoolExecutor(MANY + 1)
        self._begun = threading.Semaphore(0)

    def _count(self) -> None:
        self.commits += 1

    def _keep(self, arrival: Arrival) -> None:
        self._begun.release()
        self._keeper.keep(arrival)

    def keep(self, *arrivals: Arrival, lined_up: int | None = None) -> list[Future[None]]:
        """Let arrivals come at once, and wait until so many stand in the line."""
        asked = [self._pool.submit(self._keep, one) for one in arrivals]
        for _ in asked:
            self._begun.acquire()
        if lined_up is not None:
            until(lambda: len(self._keeper._line) == lined_up and self._keeper._led)
        return asked

    def close(self) -> None:
        self._pool.shutdown()
        self._keeper.close()


@pytest.fixture
def requests(database: Database) -> Iterator[Requests]:
    with closing(Requests(database)) as opened:
        yield opened


@contextmanager
def blocked(url: str) -> Iterator[None]:
    """Let nobody write events for a while: somebody else's transaction is in the way."""
    with closing(Database(url)) as other, other.transaction() as tx:
        if not other.is_sqlite:
            tx.execute(sa.text("LOCK TABLE events IN EXCLUSIVE MODE"))
        yield


def test_who_comes_alone_is_kept_at_once(requests: Requests, database: Database) -> None:
    for number in range(3):
        requests.keep(arrival(number))[0].result(20)
    assert kept(database) == [0, 1, 2]
    assert requests.commits == 3


def test_who_comes_during_a_commit_shares_the_next(
    requests: Requests, database: Database, store_url: str
) -> None:
    with blocked(store_url):
        first = requests.keep(arrival(0), lined_up=0)
        rest = requests.keep(*map(arrival, range(1, MANY)), lined_up=MANY - 1)
        assert not [one for one in first + rest if one.done()]  # nobody is thanked before the commit
        assert kept(database) == []
    wait(first + rest, 20)
    assert [one.exception() for one in first + rest] == [None] * MANY
    assert sorted(kept(database)) == list(range(MANY))
    assert kept(database)[0] == 0
    assert requests.commits == 2


def test_the_store_agrees_on_the_number_of_commits(
    requests: Requests, database: Database, store_url: str
) -> None:
    with blocked(store_url):
        asked = requests.keep(arrival(0), lined_up=0)
        asked += requests.keep(*map(arrival, range(1, MANY)), lined_up=MANY - 1)
    wait(asked, 20)
    if not database.is_sqlite:
        with database.reading() as tx:
            written_by = tx.execute(sa.text("SELECT count(DISTINCT xmin::text) FROM events")).scalar()
        assert written_by == requests.commits
    assert requests.commits == 2


def test_no_commit_is_endless(
    requests: Requests, database: Database, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "MOST_TOGETHER", 6)
    with blocked(store_url):
        asked = requests.keep(arrival(0), lined_up=0)
        asked += requests.keep(*map(arrival, range(1, MANY)), lined_up=MANY - 1)
    wait(asked, 20)
    assert [one.exception() for one in asked] == [None] * MANY
    assert sorted(kept(database)) == list(range(MANY))
    assert requests.commits == 1 + 4  # 19 in steps of 6


def test_a_failure_reaches_those_whose_commit_it_was_and_nobody_else(
    requests: Requests, database: Database, store_url: str
) -> None:
    """The second commit holds a size that no store takes."""
    with blocked(store_url):
        first = requests.keep(arrival(0), lined_up=0)
        second = requests.keep(arrival(1), arrival(2, size=2**80), arrival(3), lined_up=3)
    wait(first + second, 20)
    third = requests.keep(arrival(4))
    wait(third, 20)
    errors = [one.exception() for one in first + second + third]
    assert [type(error) for error in errors] == [type(None), NotKept, NotKept, NotKept, type(None)]
    assert all(error.__cause__ is not None for error in errors if error is not None)
    assert kept(database) == [0, 4]


def test_it_keeps_again_when_the_store_is_back(fresh: Database) -> None:
    with closing(Keeper(fresh)) as keeping:
        for number, exists in enumerate([True, False, False, True, True]):
            if exists != sa.inspect(fresh._engine).has_table("events"):
                _rename(fresh, *(("away", "events") if exists else ("events", "away")))
            if exists:
                keeping.keep(arrival(number))
            else:
                with pytest.raises(NotKept):
                    keeping.keep(arrival(number))
    assert kept(fresh) == [0, 3, 4]


def _rename(database: Database, old: str, new: str) -> None:
    with database.transaction() as tx:
        tx.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_writer_in_the_way_is_waited_for(requests: Requests, database: Database, store_url: str) -> None:
    with blocked(store_url):
        (asked,) = requests.keep(arrival(0))
        time.sleep(0.2)
        assert not asked.done()
    asked.result(20)
    assert kept(database) == [0]


def test_a_postgresql_that_restarts_costs_the_events_of_its_absence_only() -> None:
    """503 while it is away; the first event afterwards is kept, although every connection is broken."""
    with server() as running, closing(Database(running.get_uri())) as database:
        migrations.upgrade(database)
        with door(database) as shop:
            said = [shop.call(f"/hooks/shop/{TOKEN}", b"1").status]
            running.stop()
            said += [shop.call(f"/hooks/shop/{TOKEN}", b"2").status]
            running.ensure_postgres_running()
            said += [shop.call(f"/hooks/shop/{TOKEN}", b"3").status for _ in range(2)]
        assert said == [204, 503, 204, 204]
        assert kept(database) == [1, 3, 3]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_that_the_server_dropped_costs_nothing(fresh: Database) -> None:
    with door(fresh) as shop:
        assert shop.call(f"/hooks/shop/{TOKEN}", b"1").status == 204
        with fresh.transaction() as tx:
            others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            )
            tx.execute(sa.text(f"{others} AND pid <> pg_backend_pid()"))
        assert shop.call(f"/hooks/shop/{TOKEN}", b"2").status == 204
    assert kept(fresh) == [1, 2]


def test_a_commit_whose_answer_is_lost_is_not_made_twice(database: Database) -> None:
    keeper = Keeper(database)
    shelf = keeper._shelf
    begun = shelf._begun

    class Deaf:
        """A connection that commits, and whose answer does not come through."""

        def __init__(self, rows: list[object]) -> None:
            self._connection = begun(rows)

        def commit(self) -> None:
            self._connection.commit()
            raise OSError("the answer was lost")

    shelf._begun = Deaf  # type: ignore[assignment, method-assign]
    with pytest.raises(NotKept):
        keeper.keep(arrival(1))
    keeper.close()
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(db.events)).scalar() == 1
