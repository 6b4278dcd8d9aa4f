"""What is due is run once, by one process at a time, and how it went is written down."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot import agenda, db
from bot.agenda import FAILED, RAN, Entry
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.jobs import Every, Job, Ran, Runner, Superseded, Timing, Turn
from bot.jobs.runner import FIRST_PAUSE, LEASE
from tests.stores.making import NOON, at
from tests.waiting import SOON, until

MINUTE = timedelta(minutes=1)
HOURLY = Every(length=timedelta(hours=1))


class Now:
    """A clock that the test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


Make = Callable[..., Runner]


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def make(database: Database, now: Now) -> Iterator[Make]:
    """Makes the runner of a process, with its jobs on the agenda."""
    made = list[Runner]()

    def runner(*jobs: Job, owner: str = "me") -> Runner:
        deliverer = Deliverer(database=database, roads={}, clock=now, owner=owner, lease=MINUTE)
        made.append(Runner(database, jobs, Lanes(deliverer), now, owner))
        with database.transaction() as tx:
            made[-1].plan(tx, now())
        return made[-1]

    yield runner
    stopped = [one.stop(SOON.total_seconds()) for one in made]
    assert all(stopped)


def job(run: Callable[[Turn], Ran], name: str = "look", timing: Timing = HOURLY) -> Job:
    return Job(name=name, about="Looks.", timing=timing, run=run)


def seen(turn: Turn) -> Ran:
    return Ran(said=f"for {turn.due_at:%H:%M}, {turn.late} late")


def tick(database: Database, runner: Runner, now: Now) -> None:
    """Let run what is due."""
    with database.transaction() as tx:
        claimed = runner.claim_due(tx, now())
    runner.begin(claimed)


def entry(database: Database, name: str = "look") -> Entry:
    with database.reading() as tx:
        return next(one for one in agenda.entries(tx) if one.name == name)


def test_a_job_runs_when_it_is_due_and_not_before(database: Database, make: Make, now: Now) -> None:
    runner = make(job(seen))
    now.at = at(3599)
    tick(database, runner, now)
    assert (entry(database).ran_at, entry(database).running) == (None, False)
    now.at = at(3600)
    tick(database, runner, now)
    until(lambda: entry(database).ran_at)
    ran = entry(database)
    assert (ran.outcome, ran.said, ran.due_at) == (RAN, "for 13:00, 0:00:00 late", at(7200))
    assert ran.seconds is not None


def test_what_was_missed_is_run_once_and_knows_that_it_is_late(
    database: Database, make: Make, now: Now
) -> None:
    runner = make(job(seen))
    now.at = at(5 * 3600 + 60)
    tick(database, runner, now)
    until(lambda: entry(database).ran_at)
    assert entry(database).said == "for 13:00, 4:01:00 late"
    assert entry(database).due_at == at(6 * 3600)


def test_an_instant_that_waits_survives_a_restart_and_a_new_timing_does_not(
    database: Database, make: Make, now: Now
) -> None:
    make(job(seen))
    now.at = at(7000)
    make(job(seen), job(seen, "other"), owner="the next process")
    assert (entry(database).due_at, entry(database, "other").due_at) == (at(3600), at(7200))
    make(job(seen, timing=Every(length=MINUTE)))
    assert entry(database).due_at == at(7020)
    with database.reading() as tx:
        assert [one.name for one in agenda.entries(tx)] == ["look"]


def test_a_job_that_cannot_wait_is_due_when_it_is_first_seen(
    database: Database, make: Make, now: Now
) -> None:
    impatient = Job(name="look", about="Looks.", timing=HOURLY, run=seen, soon=True)
    tick(database, make(impatient), now)
    until(lambda: entry(database).ran_at)
    assert entry(database).due_at == at(3600)
    make(impatient)
    assert entry(database).due_at == at(3600)


def test_of_two_processes_one_runs_it(database: Database, make: Make, now: Now) -> None:
    ran = threading.Semaphore(0)
    go_on = threading.Event()

    def run(turn: Turn) -> Ran:
        ran.release()
        go_on.wait(SOON.total_seconds())
        return Ran(said="done")

    runners = [make(job(run), owner=owner) for owner in ("first", "second")]
    now.at = at(3600)
    for _ in range(3):
        for runner in runners:
            tick(database, runner, now)
    assert ran.acquire(timeout=SOON.total_seconds())
    assert entry(database).running
    assert runners[1].run_now("look") is None
    go_on.set()
    until(lambda: entry(database).ran_at)
    assert not ran.acquire(blocking=False)


def test_what_fails_is_tried_again_after_growing_pauses(
    database: Database, make: Make, now: Now, caplog: pytest.LogCaptureFixture
) -> None:
    def run(turn: Turn) -> Ran:
        raise LookupError("what a secret this is")

    runner = make(job(run))
    now.at = at(3600)
    waits = []
    for times in range(1, 4):
        tick(database, runner, now)
        until(lambda times=times: entry(database).failures == times)  # type: ignore[misc]
        waits.append(entry(database).due_at - now.at)
        now.at = entry(database).due_at
    assert waits == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert (entry(database).outcome, entry(database).said) == (
        FAILED,
        "It raised LookupError; the log has more.",
    )
    assert "job raised" in caplog.messages


def test_a_failure_shortly_before_the_next_time_waits_for_that(
    database: Database, make: Make, now: Now
) -> None:
    runner = make(job(lambda turn: Ran(said="no answer", failed=True)))
    now.at = at(7200 - 30)
    assert runner.run_now("look") == Ran(said="no answer", failed=True)
    assert entry(database).due_at == at(7200)


def test_whoever_was_replaced_writes_no_more(database: Database, make: Make, now: Now) -> None:
    """A process that paused for longer than its claim wakes up while another one runs the job."""
    raised = list[type]()

    def run(turn: Turn) -> Ran:
        with database.transaction() as tx:
            tx.execute(sa.update(db.agenda).values(claimed_until=0.0))
        assert second.run_now("look") == Ran(said="the second was here")
        try:
            with turn.transaction():
                raise AssertionError("nobody comes here")
        except Superseded as lost:
            raised.append(type(lost))
            raise

    first = make(job(run), owner="first")
    second = make(job(lambda turn: Ran(said="the second was here")), owner="second")
    assert first.run_now("look") == Ran(said="Another process took over.", failed=True)
    assert raised == [Superseded]
    assert (entry(database).said, entry(database).outcome) == ("the second was here", RAN)


def test_a_dead_process_is_replaced_when_its_claim_has_ended(
    database: Database, make: Make, now: Now
) -> None:
    runner = make(job(seen))
    now.at = at(3600)
    with database.transaction() as tx:
        assert agenda.claim(tx, ["look"], "dead", LEASE, now()) is not None
    tick(database, runner, now)
    assert entry(database).ran_at is None
    with database.transaction() as tx:
        tx.execute(sa.update(db.agenda).values(claimed_until=0.0))
    tick(database, runner, now)
    until(lambda: entry(database).ran_at)


def test_who_lives_keeps_what_it_runs_and_who_stops_gives_it_back(
    database: Database, make: Make, now: Now
) -> None:
    make(job(seen))
    with database.transaction() as tx:
        assert agenda.claim_now(tx, "look", "me", -1.0) is not None
        assert agenda.claim_now(tx, "look", "other", LEASE) is not None  # it had run out
        agenda.renew(tx, "other", LEASE)
        assert agenda.claim_now(tx, "look", "me", LEASE) is None
        agenda.give_back(tx, "other")
        assert agenda.claim_now(tx, "look", "me", LEASE) is not None


def test_a_run_that_takes_long_is_told_to_stop(database: Database, make: Make, now: Now) -> None:
    def run(turn: Turn) -> Ran:
        turn.stopping.wait(SOON.total_seconds())
        return Ran(said="stopped on the way", failed=True)

    runner = make(job(run))
    now.at = at(3600)
    tick(database, runner, now)
    until(lambda: entry(database).running)
    assert runner.stop(SOON.total_seconds())
    assert entry(database).said == "stopped on the way"
