"""The schedule: beats in each process, and ticks in the one that holds the lease."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot import (
    agenda,
    alerts,
    conversations,
    deliveries,
    events,
    leases,
    outbox,
    pipeline,
    readings,
    verdicts,
)
from bot.clock import Clock
from bot.db import Database, Tx
from bot.deliver.lanes import Lanes
from bot.digests import book
from bot.jobs.runner import Runner
from bot.leases import SCHEDULE
from bot.manage import ledger, plans
from bot.pipeline import Judges

log = logging.getLogger(__name__)

BEAT = 5.0
LEAD = 15.0
TICK = 1.0
PRUNE = 3600.0
PRUNED_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """How long each table remembers."""

    events: timedelta
    quarantined: timedelta
    notices: timedelta
    alerts: timedelta
    told_once: timedelta
    readings: timedelta
    verdicts: timedelta
    ledger: timedelta = timedelta(days=1100)


class Schedule:
    """The jobs of this process: `beat` in each, the others only where the lease is held."""

    def __init__(
        self,
        database: Database,
        judges: Judges,
        lanes: Lanes,
        clock: Clock,
        *,
        owner: str,
        lease: timedelta,
        ages: Ages,
        runner: Runner | None = None,
    ) -> None:
        self._database = database
        self._judges = judges
        self._lanes = lanes
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._ages = ages
        self._runner = Runner(database, (), lanes, clock, owner) if runner is None else runner
        self._term: int | None = None
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(3)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        self._scheduler.add_listener(_heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    def start(self) -> None:
        """Beat once, so that leadership is known, then begin to tick."""
        with self._database.transaction() as tx:
            self._runner.plan(tx, self._clock())
        self.beat()
        self._every(min(BEAT, self._lease.total_seconds() / 3), self.beat)
        self._every(TICK, self.tick)
        self._every(TICK, self.run_due)
        self._every(PRUNE, self.prune)
        self._scheduler.start()

    def stop(self, within: float = 5.0) -> bool:
        """Tick no more, and let the next process lead, run and deliver at once.

        Return False when a run did not end `within` seconds: it is done again by whoever follows.
        """
        finished = self._runner.stop(within)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        try:
            with self._database.transaction() as tx:
                leases.give_back(tx, self._owner)
                agenda.give_back(tx, self._owner)
                outbox.release(tx, self._owner, self._clock())
        except SQLAlchemyError:  # the store is away; what is held runs out by itself
            log.exception("leases not given back")
        return finished

    def beat(self) -> None:
        """We live: keep our lanes, and take or renew the lease of the schedule.

        When nobody beat for long, because the store was away or the process paused, nothing was heard either.
        """
        now = self._clock()
        with self._database.transaction() as tx:
            outbox.renew(tx, self._owner, now, self._lease)
            self._runner.beat(tx)
            deaf = pipeline.deaf(tx, now)
            if deaf:
                leases.note_absence(tx, now)
            term = leases.lead(tx, SCHEDULE, self._owner, LEAD, now)
            if deaf and term is not None:
                pipeline.listen_anew(tx, self._judges, now)
        if term is not None and self._term is None:
            log.info("this process runs the schedule", extra={"term": term})
        if term is None and self._term is not None:
            log.warning("another process runs the schedule", extra={"term": self._term})
        self._term = term

    def tick(self) -> None:
        """Let rules judge the passing of time: absences, ends of frequencies, collections that are due."""
        while (term := self._term) is not None:
            now = self._clock()
            with self._database.transaction() as tx:
                if not leases.holds(tx, SCHEDULE, self._owner, term):
                    self._term = None
                    return
                if pipeline.deaf(tx, now):  # the next beat comes first
                    return
                progress = pipeline.judge_time(tx, self._judges, now)
            self._lanes.wake(progress.channels)
            if not progress.taken:
                return

    def run_due(self) -> None:
        """Let the jobs run whose time has come."""
        if (term := self._term) is None or not self._runner.jobs:
            return
        with self._database.transaction() as tx:
            if not leases.holds(tx, SCHEDULE, self._owner, term):
                self._term = None
                return
            claimed = self._runner.claim_due(tx, self._clock())
        self._runner.begin(claimed)

    def prune(self) -> None:
        """Forget what is older than its table's age, in small steps so that nobody waits for long."""
        if self._term is None:
            return
        now, ages = self._clock(), self._ages
        steps: list[Callable[[Tx], int]] = [
            lambda tx: events.prune(tx, [events.DONE], now - ages.events, PRUNED_TOGETHER),
            lambda tx: events.prune(tx, [events.QUARANTINED], now - ages.quarantined, PRUNED_TOGETHER),
            lambda tx: leases.forget_absences(tx, now - ages.alerts),
            lambda tx: deliveries.prune(tx, (now - ages.alerts).date()),
            lambda tx: outbox.prune(tx, now - ages.notices, PRUNED_TOGETHER),
            lambda tx: book.prune(tx, now - ages.alerts, PRUNED_TOGETHER),
            lambda tx: conversations.prune(tx, now - ages.alerts, PRUNED_TOGETHER),
            lambda tx: alerts.prune(tx, now - ages.alerts, now - ages.told_once, PRUNED_TOGETHER),
            lambda tx: ledger.age(tx, now - ages.ledger),
            lambda tx: plans.age(tx, now - ages.ledger),
            lambda tx: readings.prune(tx, now - ages.readings, PRUNED_TOGETHER),
            lambda tx: verdicts.prune(tx, now - ages.verdicts, PRUNED_TOGETHER),
        ]
        for step in steps:
            gone = PRUNED_TOGETHER
            while gone >= PRUNED_TOGETHER:
                with self._database.transaction() as tx:
                    gone = step(tx)

    def _every(self, seconds: float, job: Callable[[], None]) -> None:
        # The scheduler only counts seconds, by its own clock: ours may be moved.
        self._scheduler.add_job(job, "interval", seconds=seconds, id=job.__name__)


def _heard(event: JobEvent) -> None:
    """The scheduler's own troubles. A job that raised is tried again at its next tick."""
    log.error(
        "job missed or failed",
        extra={"job": event.job_id, "why": repr(getattr(event, "exception", None) or type(event).__name__)},
    )
