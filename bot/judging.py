"""The thread that judges kept events as they come: many in one transaction, one by one when that fails."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import exc

from bot import events, pipeline
from bot.clock import Clock
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.pipeline import Judges, Progress

log = logging.getLogger(__name__)

TOGETHER = 128
"""Events in one transaction. More would hold the write lock for longer than a request should wait."""

AT_ONCE = 150.0
"""Events a second that are each judged at once. Above, they are gathered: a step costs more than an event."""

GATHER = 0.1
"""Seconds of gathering. It delays a message only while events come faster than anybody reads."""

REST = 3.0
"""How much longer than a full step the rest after it is: in a flood, receiving goes first."""

AWAY = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError)
"""What the store raises when nothing can be judged now. What else it raises is about a value: a fault of ours
that one event brought out."""


class Tempo:
    """Tells calm from flood: in calm every event is judged at once, in a flood they are gathered first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._most = self._left = AT_ONCE / 10
        self._since = clock()
        self._flood = False

    def gather(self) -> float:
        """Return how many seconds to gather before the next step."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._since) * AT_ONCE)
        self._since = now
        self._flood = self._flood or self._left < 0
        return GATHER if self._flood else 0.0

    def took(self, events: int) -> None:
        """Learn how many events a step found: few after gathering mean that the flood is over."""
        self._left -= events
        if self._flood and events < AT_ONCE * GATHER:
            self._flood = False
            self._left = self._most


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
        self._tempo = Tempo()
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
            if (seconds := self._tempo.gather()) > 0:
                self._stopping.wait(seconds)
            try:
                self._judge_all()
            except Exception:  # most likely the store is away; the events wait in it
                log.exception("events not judged")
                self._stopping.wait(self._poll)

    def _judge_all(self) -> None:
        """Judge until nothing is left that was there when we looked, resting after each full step."""
        while not self._stopping.is_set():
            began = time.monotonic()
            taken = self._step()
            self._tempo.took(taken)
            if taken < TOGETHER:
                return
            self._stopping.wait(REST * (time.monotonic() - began))

    def _step(self) -> int:
        """Judge what is there, as much as goes together; return how many that was."""
        try:
            with self._database.transaction() as tx:
                progress = pipeline.judge_events(tx, self._judges, self._clock(), TOGETHER)
        except AWAY:
            raise
        except Exception:  # a bug that one event brought out must not hold up the others
            log.exception("judging stumbled; going on one by one")
            progress = self._one_by_one()
        self._lanes.wake(progress.channels)
        if progress.made:
            self._woken.set()
        return progress.taken

    def _one_by_one(self) -> Progress:
        """Judge singly what stumbled together; what still raises is set aside with its reason."""
        with self._database.reading() as tx:
            waiting = events.waiting(tx, TOGETHER)
        taken, made, channels = 0, 0, set[str]()
        for event_id in waiting:
            try:
                with self._database.transaction() as tx:
                    progress = pipeline.judge_event(tx, self._judges, self._clock(), event_id)
            except AWAY:
                raise
            except Exception as bug:
                log.exception("event set aside", extra={"event_id": event_id})
                with self._database.transaction() as tx:
                    progress = pipeline.set_aside(tx, self._judges, self._clock(), event_id, bug)
            taken += progress.taken
            made += progress.made
            channels |= progress.channels
        return Progress(taken=taken, channels=frozenset(channels), made=made)
