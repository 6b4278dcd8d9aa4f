"""The thread that judges kept events as they come: many in one transaction, one by one when that fails."""

import logging
import threading
import time

from sqlalchemy.exc import DBAPIError

from bot import pipeline
from bot.clock import Clock
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.pipeline import Judges, Progress

log = logging.getLogger(__name__)

TOGETHER = 128
"""Events in one transaction. More would hold the write lock for longer than a request should wait."""

AT_ONCE = 150.0
"""Steps a second that begin at once. Beyond that events are gathered: a step costs much, an event little."""

GATHER = 0.1
"""Seconds of gathering. It delays a message only while events come faster than anybody reads."""


class _Allowance:
    """Counts steps: AT_ONCE a second, a tenth of a second's worth in store."""

    def __init__(self) -> None:
        self._left = self._most = AT_ONCE / 10
        self._since = time.monotonic()

    def spend(self) -> bool:
        """Take one step's worth. Return False when there is none left."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._since) * AT_ONCE)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Judging:
    """Judges kept events when `wake` says that there are some, and every `poll` seconds in any case."""

    def __init__(
        self, database: Database, judges: Judges, lanes: Lanes, clock: Clock, poll: float = 2.0
    ) -> None:
        self._database = database
        self._judges = judges
        self._lanes = lanes
        self._clock = clock
        self._poll = poll
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._allowance = _Allowance()
        self._thread = threading.Thread(target=self._run, name="judging", daemon=True)

    def start(self) -> None:
        """Begin with what was kept while nobody judged."""
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        """Something was kept."""
        self._woken.set()

    def stop(self, patience: float) -> bool:
        """Finish the step at hand. Return False when it took longer than `patience` seconds."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(self._poll)
            self._woken.clear()
            if not self._allowance.spend():
                self._stopping.wait(GATHER)
            try:
                while not self._stopping.is_set() and self._step() == TOGETHER:
                    pass
            except DBAPIError:  # the store is away; the events wait in it
                log.exception("events not judged")
                self._stopping.wait(self._poll)

    def _step(self) -> int:
        """Judge what is there, as much as goes together; return how many that was."""
        try:
            progress = self._judge(TOGETHER)
        except DBAPIError:
            raise
        except Exception:  # a bug that one event brought out must not hold up the others
            log.exception("judging stumbled; going on one by one")
            progress = self._one_by_one()
        self._lanes.wake(progress.channels)
        return progress.taken

    def _judge(self, most: int) -> Progress:
        with self._database.transaction() as tx:
            return pipeline.judge_events(tx, self._judges, self._clock(), most)

    def _one_by_one(self) -> Progress:
        """Judge singly what stumbled together; what still raises is set aside with its reason."""
        taken, channels = 0, set[str]()
        for _ in range(TOGETHER):
            try:
                progress = self._judge(1)
            except DBAPIError:
                raise
            except Exception as bug:
                log.exception("event set aside")
                with self._database.transaction() as tx:
                    progress = pipeline.set_aside(tx, self._judges, self._clock(), bug)
            if not progress.taken:
                break
            taken += progress.taken
            channels |= progress.channels
        return Progress(taken=taken, channels=frozenset(channels))
