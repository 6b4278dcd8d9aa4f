"""The thread that judges: it goes on, whatever an event or the store does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import clock, events
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.events import DONE, KEPT, QUARANTINED
from bot.judging import TOGETHER, Judging, Tempo
from bot.pipeline import Judges
from bot.rules.expression import compile_key
from tests.spine.making import body, judges, rule, seen, told
from tests.stores.making import keep
from tests.waiting import until


@contextmanager
def judging(database: Database, judges: Judges, poll: float = 0.02) -> Iterator[Judging]:
    lease = timedelta(seconds=20)
    deliverer = Deliverer(database=database, roads={}, clock=clock.now, owner="nobody", lease=lease)
    running = Judging(database, judges, Lanes(deliverer), clock.now, poll)
    running.start()
    try:
        yield running
    finally:
        assert running.stop(5)


def states(database: Database) -> dict[str, int]:
    with database.reading() as tx:
        return events.counts(tx)


def test_it_begins_with_what_was_kept_while_nobody_judged(database: Database) -> None:
    keep(database, *(body(n=str(n)) for n in range(TOGETHER + 1)))
    with judging(database, judges(rule()), poll=60):
        until(lambda: states(database) == {DONE: TOGETHER + 1})
    assert [one.content.event.meta["n"] for one in told(database)] == [  # type: ignore[union-attr]
        str(n) for n in range(TOGETHER + 1)
    ]


def test_it_is_woken_at_once(database: Database) -> None:
    with judging(database, judges(rule()), poll=60) as running:
        for number in (1, 2, 3):
            keep(database, body())
            running.wake()
            until(lambda number=number: states(database) == {DONE: number}, within=30)  # type: ignore[misc]


def test_it_looks_by_itself_for_what_another_process_kept(database: Database) -> None:
    with judging(database, judges(rule())):
        keep(database, body())
        until(lambda: states(database) == {DONE: 1})


def test_an_event_that_brings_out_a_fault_is_set_aside_and_its_neighbours_are_judged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A channel name that no store takes: a fault of ours that only shows when the notice is put."""
    poisoned = rule("Poisoned", event="poison", notify=(object(),))
    keep(database, body(), body("poison"), body())
    with judging(database, judges(rule(), poisoned)):
        until(lambda: states(database) == {DONE: 2, QUARANTINED: 1})
        keep(database, body())
        until(lambda: states(database) == {DONE: 3, QUARANTINED: 1})
    assert len(told(database)) == 3
    assert len(told(database, "owner")) == 1
    assert "a fault in the bot" in str(seen(database)[1].outcome)
    assert "event set aside" in [record.message for record in caplog.records]


def test_a_value_that_the_store_refuses_is_a_fault_too_and_not_an_absent_store(database: Database) -> None:
    """NUL is no text for PostgreSQL: it raises a database error as an absent store does."""
    poisoned = rule("Poi\0soned", event="poison", once_per=compile_key("meta.n"))
    keep(database, body("poison", n="1"), body())
    with judging(database, judges(rule(), poisoned)):
        until(lambda: states(database).get(KEPT) is None)
    assert seen(database)[1].state == DONE
    assert len([one for one in told(database) if one.rule == "Orders"]) == 1


def test_it_goes_on_when_the_store_is_back(fresh: Database, caplog: pytest.LogCaptureFixture) -> None:
    keep(fresh, body())
    _rename(fresh, "notices", "away")
    with judging(fresh, judges(rule())):
        until(lambda: len(caplog.records) > 2)
        assert states(fresh) == {KEPT: 1}
        _rename(fresh, "away", "notices")
        until(lambda: states(fresh) == {DONE: 1})
        keep(fresh, body())
        until(lambda: states(fresh) == {DONE: 2})
    assert len(told(fresh)) == 2


def _rename(database: Database, old: str, new: str) -> None:
    with database.transaction() as tx:
        tx.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_stopping_is_quick_and_may_come_before_the_start(database: Database) -> None:
    with judging(database, judges(), poll=60):
        pass
    deliverer = Deliverer(
        database=database, roads={}, clock=clock.now, owner="nobody", lease=timedelta(seconds=20)
    )
    assert Judging(database, judges(), Lanes(deliverer), clock.now).stop(0.1)


# ---------------------------------------------------------------- tempo


class Watch:
    """A stopwatch that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_calm_events_are_judged_at_once() -> None:
    watch = Watch()
    tempo = Tempo(watch)
    for _ in range(1000):
        assert tempo.gather() == 0.0
        tempo.took(1)
        watch.seconds += 0.02


def test_a_flood_is_gathered_until_it_is_over() -> None:
    watch = Watch()
    tempo = Tempo(watch)
    waits = []
    for _ in range(100):
        waits.append(tempo.gather())
        tempo.took(100)
        watch.seconds += 0.0001
    assert waits[0] == 0.0
    assert waits[-1] > 0.0
    tempo.took(1)
    assert tempo.gather() == 0.0
