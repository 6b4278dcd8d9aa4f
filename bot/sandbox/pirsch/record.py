"""Everything recorded of one site: generated days, made when asked for, and what was sent in live."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.sandbox.pirsch.day import sessions_of
from bot.sandbox.pirsch.live import Live
from bot.sandbox.pirsch.rhythm import Rhythm
from bot.sandbox.pirsch.rows import Event, Session, until
from bot.sandbox.pirsch.settings import Incident
from bot.sandbox.pirsch.sieve import Stretch, sift


class Record:
    """The rows of one site. Up to `budget` sessions are cached, and the oldest days are forgotten first.

    Whoever reads a range that does not fit reads it from end to end; forgetting what was used least recently
    would then forget every day just before it is needed again.
    """

    def __init__(self, rhythm: Rhythm, incidents: tuple[Incident, ...], budget: int) -> None:
        self.rhythm, self.budget = rhythm, budget
        self.live = Live()
        self._incidents = incidents
        self._days: dict[date, tuple[Session, ...]] = {}
        self._held = 0
        self._stretches: tuple[Stretch, ...] = ()
        self._erased: tuple[Stretch, ...] = ()
        self._lock = threading.RLock()

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """What is out of the ordinary."""
        return self._incidents

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """What is kept out of the record, now or formerly."""
        return self._stretches

    def happen(self, incident: Incident) -> None:
        """Let something happen. Hours before it stay as they are, because each hour has its own seed."""
        with self._lock:
            self._incidents = (*self._incidents, incident)
            for day in [day for day in self._days if day >= incident.start_at.date() - timedelta(days=2)]:
                self._held -= len(self._days.pop(day))

    def keep_out(self, stretch: Stretch) -> None:
        """Begin to keep something out."""
        with self._lock:
            self._stretches = (*self._stretches, stretch)

    def let_in(self, stretch: Stretch, at: float) -> None:
        """Stop keeping it out; what was dropped meanwhile stays dropped."""
        with self._lock:
            ended = replace(stretch, until=max(stretch.since, at))
            self._stretches = tuple(ended if one == stretch else one for one in self._stretches)

    def erase(self, stretch: Stretch) -> None:
        """Forget the sessions that began in a stretch of time."""
        with self._lock:
            self._erased = (*self._erased, stretch)

    def sessions(self, since: int, upto: int, now: int) -> Iterator[Session]:
        """Yield every session with a row in [since, upto), as far as it had happened by `now`."""
        upto = min(upto, now + 1)
        erased = self._erased
        for session in self._raw(since, upto):
            if session.start >= upto or _end(session) < since:
                continue
            seen = until(session, now)
            if seen is not None and (not erased or sift(seen, erased) is not None):
                yield seen

    def events(self, since: int, upto: int) -> list[tuple[Session, Event]]:
        """Return the generated events in [since, upto), oldest first; live ones were told when they came."""
        found = [
            (session, event)
            for session in self._generated(since, upto)
            for event in session.events
            if since <= event.at < upto
        ]
        found.sort(key=lambda pair: pair[1].at)
        return found

    def _raw(self, since: int, upto: int) -> Iterator[Session]:
        yield from self._generated(since, upto)
        yield from self.live.sessions()

    def _generated(self, since: int, upto: int) -> Iterator[Session]:
        # A session that began the day before may reach into this one.
        day = max(self.rhythm.day_of(since) - timedelta(days=1), self.rhythm.first_day)
        last, stretches = self.rhythm.day_of(max(since, upto - 1)), self._stretches
        while day <= last:
            for session in self._day(day):
                kept = sift(session, stretches) if stretches else session
                if kept is not None:
                    yield kept
            day += timedelta(days=1)

    def _day(self, day: date) -> tuple[Session, ...]:
        with self._lock:
            if day not in self._days:
                made = tuple(sessions_of(self.rhythm, day, self._incidents))
                self._held += len(made)
                while self._held > self.budget and self._days:
                    self._held -= len(self._days.pop(min(self._days)))
                self._days[day] = made
            return self._days[day]


def _end(session: Session) -> int:
    return max(session.last, session.events[-1].at) if session.events else session.last
