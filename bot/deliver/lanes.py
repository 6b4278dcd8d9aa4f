"""Empties the outbox: one lane a channel, each with a thread of its own, so that none holds up another."""

import logging
import random
import threading
import time
from collections.abc import Iterable

from bot import outbox
from bot.deliver import mornings
from bot.deliver.worker import Deliverer

log = logging.getLogger(__name__)

IDLE = 60.0
"""Seconds after which the thread of a lane with nothing to do ends."""


class Lanes:
    """The threads: one for each channel that has something to send, woken by `wake` or by the clock.

    `poll` is how often lanes are looked at that another process may have filled.
    """

    def __init__(self, deliverer: Deliverer, poll: float = 2.0) -> None:
        self._deliverer = deliverer
        self._poll = poll
        self._stopping = deliverer.stopping
        self._lock = threading.Lock()
        self._lanes: dict[str, _LaneThread] = {}
        self._poller = threading.Thread(target=self._look_around, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._poller.start()

    def wake(self, channels: Iterable[str]) -> None:
        """Something was put for these channels."""
        for channel in channels:
            if channel not in self._deliverer.roads or self._stopping.is_set():
                continue
            with self._lock:
                lane = self._lanes.get(channel)
                if lane is None or not lane.nudge():
                    self._lanes[channel] = _LaneThread(channel, self._deliverer, self._stopping)

    def stop(self, patience: float) -> bool:
        """Send nothing new, and wait up to `patience` seconds for what is being sent.

        Return False when something still was.
        """
        self._stopping.set()
        until = time.monotonic() + patience
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.nudge()
        for lane in lanes:
            lane.join(max(0.0, until - time.monotonic()))
        if self._poller.is_alive():
            self._poller.join(max(0.1, until - time.monotonic()))
        return not any(lane.is_alive() for lane in lanes)

    def _look_around(self) -> None:
        while not self._stopping.is_set():
            try:
                deliverer = self._deliverer
                mornings.tell_due(deliverer.database, deliverer.roads, deliverer.clock())
                with deliverer.database.reading() as tx:
                    waiting = outbox.waiting_lanes(tx)
                self.wake(waiting)
            except Exception:  # the store may be away for a while; messages wait in it
                log.exception("outbox not readable")
            self._stopping.wait(self._poll)


class _LaneThread(threading.Thread):
    """Delivers one channel's notices in order, then waits to be nudged, then ends."""

    def __init__(self, channel: str, deliverer: Deliverer, stopping: threading.Event) -> None:
        super().__init__(name=f"lane-{channel}", daemon=True)
        self._channel = channel
        self._deliverer = deliverer
        self._stopping = stopping
        self._nudged = threading.Condition()
        self._news = True
        self._over = False
        self.start()

    def nudge(self) -> bool:
        """Look again. Return False when the thread has ended and another is needed."""
        with self._nudged:
            self._news = True
            self._nudged.notify()
            return not self._over

    def run(self) -> None:
        while not self._stopping.is_set():
            if not self._wait(self._deliver_all_due()):
                return

    def _deliver_all_due(self) -> float | None:
        """Deliver until nothing is due.

        Return the seconds until something may be, None when only news can tell.
        """
        while not self._stopping.is_set():
            with self._nudged:
                self._news = False
            try:
                later = self._deliverer.deliver_next(self._channel)
            except Exception:  # the store may be away; the notice waits in it
                log.exception("lane stumbled", extra={"channel": self._channel})
                return 1.0 + random.random()  # noqa: S311 - spreads out, hides nothing
            if later is not None:
                return (
                    None
                    if later.at is None
                    else max(0.0, (later.at - self._deliverer.clock()).total_seconds())
                )
        return None

    def _wait(self, seconds: float | None) -> bool:
        """Wait for a nudge or for `seconds`. Return False when the lane was idle for long."""
        with self._nudged:
            if not self._news and not self._stopping.is_set():
                self._nudged.wait(IDLE if seconds is None else min(seconds, IDLE))
            if seconds is None and not self._news:
                self._over = True
            return not self._over
