"""Many requests, one commit: arrivals are kept together, and each request waits until its own is on disk.

A commit costs the same for one event and for twenty. So nobody waits for somebody else's commit to end and
then makes his own: while one request (the leader) commits, the others line up, and the first of them takes
the whole line with it. No thread of its own, and nothing is kept in memory that was acknowledged.
"""

import logging
import threading
from collections.abc import Callable

from bot import events
from bot.db import Database
from bot.events import Arrival

log = logging.getLogger(__name__)

MOST_TOGETHER = 500


class NotKept(Exception):
    """The store did not take an event; the sender must be told."""


class _Ticket:
    """One request's place in the line."""

    __slots__ = ("arrival", "error", "leads", "turn")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.turn = threading.Lock()  # cheaper than an Event: acquired here, released when something happened
        self.turn.acquire()
        self.leads = False
        self.error: Exception | None = None


class Keeper:
    """Keeps arrivals durably, as many as came together in one commit.

    `on_kept` is called after each commit, from a request's thread: it must only wake somebody.
    """

    def __init__(self, database: Database, on_kept: Callable[[], None] = lambda: None) -> None:
        self._shelf = events.shelf(database)
        self._on_kept = on_kept
        self._lock = threading.Lock()
        self._line: list[_Ticket] = []
        self._led = False

    def keep(self, arrival: Arrival) -> None:
        """Return when the arrival is on disk. Raise NotKept when it is not."""
        ticket = _Ticket(arrival)
        with self._lock:
            self._line.append(ticket)
            ticket.leads = not self._led
            self._led = True
        if not ticket.leads:
            ticket.turn.acquire()  # until the leader has kept ours too, or hands over
        if ticket.leads:
            self._lead(ticket)
        if ticket.error is not None:
            raise NotKept from ticket.error

    def _lead(self, leader: _Ticket) -> None:
        """Keep everybody in the line, then hand over to the first of those who came meanwhile."""
        with self._lock:
            together, self._line = self._line[:MOST_TOGETHER], self._line[MOST_TOGETHER:]
        error = self._commit([ticket.arrival for ticket in together])
        with self._lock:
            heir = self._line[0] if self._line else None
            self._led = heir is not None
        for ticket in together:
            ticket.error = error
            if ticket is not leader:
                ticket.turn.release()
        if heir is not None:
            heir.leads = True
            heir.turn.release()
        if error is None:
            self._on_kept()

    def _commit(self, arrivals: list[Arrival]) -> Exception | None:
        try:
            events.keep(self._shelf, arrivals)
        except Exception as problem:  # whatever it is, the senders must hear that it was not kept
            log.exception("commit failed", extra={"arrivals": len(arrivals)})
            return problem
        return None

    def close(self) -> None:
        """Give the connection back."""
        self._shelf.close()
