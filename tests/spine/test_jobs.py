"""The schedule: one leads and ticks, the others wait; what is old is forgotten; stopping gives back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot import alerts, clock, db, events, leases, memories, outbox
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.events import DONE, KEPT, QUARANTINED
from bot.facts import AlertState
from bot.jobs import PRUNED_TOGETHER, Ages, Schedule
from bot.leases import SCHEDULE
from bot.outbox import Attempt, Claimed
from bot.rules.memory import Memory
from tests.spine.making import MINUTE, begin, body, hear, judges, rule, told
from tests.stores.making import NOON, at, keep, note, notice, trouble
from tests.waiting import until

LEASE = timedelta(seconds=20)
DAY = timedelta(days=1)
AGES = Ages(
    events=9 * DAY,
    quarantined=3 * DAY,
    notices=5 * DAY,
    alerts=7 * DAY,
    told_once=8 * DAY,
    readings=60 * DAY,
    verdicts=6 * DAY,
)
SILENCE = judges(rule("Silence", none_within=10 * MINUTE))


class Now:
    """A clock that the test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def schedule(database: Database, now: Now, owner: str = "me") -> Schedule:
    lanes = Lanes(Deliverer(database=database, roads={}, clock=now, owner=owner, lease=LEASE))
    return Schedule(database, SILENCE, lanes, now, owner=owner, lease=LEASE, ages=AGES)


@contextmanager
def running(database: Database, owner: str) -> Iterator[Schedule]:
    lanes = Lanes(Deliverer(database=database, roads={}, clock=clock.now, owner=owner, lease=LEASE))
    started = Schedule(database, SILENCE, lanes, clock.now, owner=owner, lease=LEASE, ages=AGES)
    started.start()
    try:
        yield started
    finally:
        started.stop()


def test_time_is_judged_where_the_lease_is_held_and_nowhere_else(database: Database) -> None:
    now = Now()
    begin(database, SILENCE)
    first, second = schedule(database, now, "first"), schedule(database, now, "second")
    first.beat()
    second.beat()
    assert _leader(database) == "first"
    _live(first, now, 0, 601)
    second.tick()
    assert told(database) == []
    first.tick()
    assert len(told(database)) == 1


@pytest.mark.parametrize("tick_first", [True, False])
def test_silence_while_the_process_or_the_store_was_away_proves_nothing(
    database: Database, *, tick_first: bool
) -> None:
    now = Now()
    begin(database, SILENCE)
    leading = schedule(database, now)
    leading.beat()
    now.at = at(601)
    if tick_first:
        leading.tick()
    leading.beat()
    leading.tick()
    assert told(database) == []
    _live(leading, now, 601, 601 + 600.9)
    leading.tick()
    assert told(database) == []
    now.at = at(601 + 601)
    leading.tick()
    assert len(told(database)) == 1


def test_who_does_not_lead_leaves_the_silence_to_the_leader(database: Database) -> None:
    now = Now()
    begin(database, SILENCE)
    with database.transaction() as tx:
        leases.lead(tx, SCHEDULE, "leading", 60.0, NOON)
    now.at = at(300)
    schedule(database, now, "waiting").beat()
    with database.transaction() as tx:
        (memory,) = memories.everything(tx).values()
    assert Memory.from_json(memory).watched_since_at == NOON


def _live(leading: Schedule, now: Now, first: float, last: float) -> None:
    """Beat from one second after noon to another, often enough."""
    second = first
    while second < last:
        second = min(second + 100, last)
        now.at = at(second)
        leading.beat()


def _leader(database: Database) -> str | None:
    with database.reading() as tx:
        owner: str | None = tx.execute(sa.select(db.leases.c.owner)).scalar()
    return owner


def test_who_was_replaced_without_noticing_judges_nothing_more(database: Database) -> None:
    now = Now()
    begin(database, SILENCE)
    paused, other = schedule(database, now, "paused"), schedule(database, now, "other")
    paused.beat()
    with database.transaction() as tx:  # it slept for longer than its lease
        tx.execute(sa.update(db.leases).values(until=0.0))
    other.beat()
    _live(other, now, 0, 601)
    paused.tick()
    assert _leader(database) == "other"
    assert told(database) == []


def test_it_ticks_by_itself_and_beats(database: Database) -> None:
    _overdue(database)
    with running(database, "me"):
        assert _leader(database) == "me"
        until(lambda: len(told(database)) == 1)


def _overdue(database: Database) -> None:
    """Let a rule wait for an event since long ago, and the bot have heard until now."""
    with database.transaction() as tx:
        leases.lead(tx, SCHEDULE, "before", 0.0, clock.now())
        memories.lock(tx, [("Silence", "shop")], NOON)
        memory = '{"watched_since_at":"2020-01-01T00:00:00Z"}'
        memories.write(tx, {("Silence", "shop"): (memory, NOON - DAY * 999)}, NOON)


def test_stopping_lets_the_next_lead_and_deliver_at_once(database: Database) -> None:
    with database.transaction() as tx:
        outbox.put(tx, ["sales"], notice(), NOON)
    with running(database, "leaving"):
        with database.transaction() as tx:
            assert isinstance(outbox.claim(tx, "sales", "leaving", clock.now(), LEASE), Claimed)
        with running(database, "waiting"):
            assert _leader(database) == "leaving"
    with database.transaction() as tx:
        assert isinstance(outbox.claim(tx, "sales", "next", clock.now(), LEASE), Claimed)
    with running(database, "next"):
        assert _leader(database) == "next"


def test_stopping_without_a_store_is_no_reason_not_to_stop(fresh: Database) -> None:
    with running(fresh, "me"), fresh.transaction() as tx:
        tx.execute(sa.text("DROP TABLE leases"))


def test_a_beat_keeps_what_this_process_delivers(database: Database) -> None:
    now = Now()
    with database.transaction() as tx:
        outbox.put(tx, ["sales"], notice(), NOON)
        outbox.claim(tx, "sales", "me", NOON, LEASE)
    now.at = at(15)
    schedule(database, now).beat()
    with database.transaction() as tx:
        assert outbox.claim(tx, "sales", "other", at(34), LEASE) == outbox.Later(at=at(35))


def test_what_is_older_than_its_table_s_age_is_forgotten(database: Database) -> None:
    now = Now()
    _fill(database)
    leading = schedule(database, now)
    leading.beat()
    left = []
    for day in (0, 3, 4, 5, 6, 7, 8, 9, 10):
        now.at = NOON + day * DAY
        leading.prune()
        left.append(_left(database))
    assert left == [
        "kept done quarantined notice waiting alert open key",
        "kept done quarantined notice waiting alert open key",
        "kept done notice waiting alert open key",
        "kept done notice waiting alert open key",
        "kept done waiting alert open key",
        "kept done waiting alert open key",
        "kept done waiting open key",
        "kept done waiting open",
        "kept waiting open",
    ]


def _fill(database: Database) -> None:
    hear(database, judges(told=None), body())
    hear(database, judges(told=None), b"rubbish")
    keep(database, body())
    with database.transaction() as tx:
        tx.execute(sa.delete(db.told_once))
        outbox.put(tx, ["sales"], notice(1), NOON)
        outbox.put(tx, ["sales"], notice(2), NOON)
        claimed = outbox.claim(tx, "sales", "me", NOON, LEASE)
        assert isinstance(claimed, Claimed)
        outbox.sent(tx, claimed, Attempt(tried_at=NOON, seconds=0, outcome="sent"), "ts", NOON)
        note(tx, trouble(key="open"))
        note(tx, trouble(key="alert"))
        note(tx, trouble(key="alert", holds=False))
        alerts.first_time(tx, "rule", "shop", "key", NOON)


def _left(database: Database) -> str:
    with database.reading() as tx:
        heard, queued = events.counts(tx), outbox.counts(tx)
        resolved = tx.execute(
            sa.select(db.alerts.c.key).where(db.alerts.c.state == AlertState.RESOLVED)
        ).all()
        there = {
            "kept": heard.get(KEPT),
            "done": heard.get(DONE),
            "quarantined": heard.get(QUARANTINED),
            "notice": queued.get(outbox.SENT),
            "waiting": queued.get(outbox.WAITING),
            "alert": [row for row in resolved if row.key == "alert"],
            "open": alerts.standing(tx),
            "key": tx.execute(sa.select(db.told_once)).all(),
        }
    return " ".join(name for name, found in there.items() if found)


def test_much_is_forgotten_in_small_steps(database: Database) -> None:
    number = 2 * PRUNED_TOGETHER + 1
    row = {"site": "shop", "body": b"", "size": 0, "received_at": NOON, "state": DONE}
    with database.transaction() as tx:
        tx.execute(sa.insert(db.events), [row] * number)
    leading = schedule(database, Now(NOON + 100 * DAY))
    leading.beat()
    leading.prune()
    with database.reading() as tx:
        assert events.counts(tx) == {}


def test_only_the_leader_forgets(database: Database) -> None:
    _fill(database)
    with database.transaction() as tx:
        leases.lead(tx, SCHEDULE, "somebody else", 60.0, NOON)
    waiting = schedule(database, Now(NOON + 100 * DAY))
    waiting.beat()
    waiting.prune()
    assert _left(database) == "kept done quarantined notice waiting alert open key"


def test_a_job_that_broke_runs_again(fresh: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR")
    _overdue(fresh)
    with running(fresh, "me"):
        _rename(fresh, "memories", "away")
        until(lambda: "job missed or failed" in [record.message for record in caplog.records])
        _rename(fresh, "away", "memories")
        until(lambda: len(told(fresh)) == 1)


def _rename(database: Database, old: str, new: str) -> None:
    with database.transaction() as tx:
        tx.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
