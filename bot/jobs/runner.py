"""Runs what is due, a few at a time, and writes down how it went."""

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot import agenda
from bot.agenda import FAILED, RAN, Claim, First
from bot.clock import Clock
from bot.db import Database, Tx
from bot.deliver.lanes import Lanes
from bot.jobs.job import Job, Ran, Superseded, Turn

log = logging.getLogger(__name__)

AT_ONCE = 4
LEASE = 60.0
"""Seconds for which a run is claimed; whoever lives renews it."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


class Runner:
    """The jobs of this process. Nothing runs before `claim_due` is called."""

    def __init__(
        self, database: Database, jobs: Iterable[Job], lanes: Lanes, clock: Clock, owner: str
    ) -> None:
        self.jobs = {job.name: job for job in jobs}
        self._database = database
        self._lanes = lanes
        self._clock = clock
        self._owner = owner
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        self._running: set[Future[None]] = set()

    def plan(self, tx: Tx, now: datetime) -> None:
        """Bring the agenda into line with the jobs of this process."""
        firsts = {
            name: First(timing=str(job.timing), due_at=now if job.soon else job.timing.next_after(now))
            for name, job in self.jobs.items()
        }
        agenda.plan(tx, firsts)

    def claim_due(self, tx: Tx, now: datetime) -> list[Claim]:
        """Claim as many due jobs as have room here. Hand them to `begin` when the transaction is over."""
        self._running = {one for one in self._running if not one.done()}
        claimed: list[Claim] = []
        while self.jobs and not self._stopping.is_set() and len(self._running) + len(claimed) < AT_ONCE:
            claim = agenda.claim(tx, self.jobs, self._owner, LEASE, now)
            if claim is None:
                break
            claimed.append(claim)
        return claimed

    def begin(self, claimed: Iterable[Claim]) -> None:
        """Run what was claimed, each in a thread of its own."""
        for claim in claimed:
            self._running.add(self._pool.submit(self._run_quietly, claim))

    def run_now(self, name: str) -> Ran | None:
        """Run one job here and now, due or not. Return None when it is running already, or unknown."""
        with self._database.transaction() as tx:
            claim = agenda.claim_now(tx, name, self._owner, LEASE)
        return None if claim is None else self._run(claim)

    def beat(self, tx: Tx) -> None:
        """We live: keep what we run."""
        if self._running:
            agenda.renew(tx, self._owner, LEASE)

    def stop(self, within: float) -> bool:
        """Begin nothing more, and wait for what runs. Return False when something did not end in time."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not wait(self._running, timeout=within).not_done

    def _run_quietly(self, claim: Claim) -> None:
        try:
            self._run(claim)
        except Exception:  # the store is away, or we were replaced; the agenda has it run again
            log.exception("run not recorded", extra={"job": claim.name})

    def _run(self, claim: Claim) -> Ran:
        job, now, began = self.jobs[claim.name], self._clock(), time.perf_counter()
        ran = self._outcome(job, claim, now)
        ended = self._clock()
        with self._database.transaction() as tx:
            recorded = agenda.finish(
                tx,
                claim,
                outcome=FAILED if ran.failed else RAN,
                said=ran.said,
                ran_at=now,
                seconds=time.perf_counter() - began,
                next_at=_next(job, claim, ended, failed=ran.failed),
            )
        self._lanes.wake(ran.channels)
        if not recorded:
            log.warning("run superseded", extra={"job": claim.name})
        return ran

    def _outcome(self, job: Job, claim: Claim, now: datetime) -> Ran:
        turn = Turn(
            due_at=claim.due_at,
            now=now,
            clock=self._clock,
            database=self._database,
            claim=claim,
            stopping=self._stopping,
        )
        try:
            return job.run(turn)
        except Superseded:
            log.warning("run superseded", extra={"job": job.name})
            return Ran(said="Another process took over.", failed=True)
        except SQLAlchemyError:  # the store's fault, not the job's: nothing can be written down about it
            raise
        except Exception as bug:  # one job's fault must not stop its neighbours
            log.exception("job raised", extra={"job": job.name})
            return Ran(said=f"It raised {type(bug).__name__}; the log has more.", failed=True)


def _next(job: Job, claim: Claim, now: datetime, *, failed: bool) -> datetime:
    """When it is due again. What failed is tried again after a pause, unless its next time comes first."""
    regular = job.timing.next_after(max(now, claim.due_at))
    if not failed:
        return regular
    pause = FIRST_PAUSE * (1 << min(claim.failures, 10))
    return min(regular, now + min(pause, LONGEST_PAUSE))
