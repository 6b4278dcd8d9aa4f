"""The thread that judges kept events as they come: many in one transaction, one by one when that fails."""

import logging
import threading

from sqlalchemy.exc import DBAPIError

from bot import pipeline
from bot.clock import Clock
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.pipeline import Judges, Progress

log = logging.getLogger(__name__)

TOGETHER = 64
"""Events in one transaction. More would hold the write lock for longer than a request should wait."""


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
            try:
                while not self._stopping.is_set() and self._step():
                    pass
            except DBAPIError:  # the store is away; the events wait in it
                log.exception("events not judged")
                self._stopping.wait(self._poll)

    def _step(self) -> bool:
        """Judge what is there, as much as goes together. Return False when nothing is left."""
        try:
            progress = self._judge(TOGETHER)
        except DBAPIError:
            raise
        except Exception:  # a bug that one event brought out must not hold up the others
            log.exception("judging stumbled; going on one by one")
            progress = self._one_by_one()
        self._lanes.wake(progress.channels)
        return progress.taken > 0

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
