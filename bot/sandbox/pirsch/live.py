"""Traffic that somebody sends in: hits, events and keep-alives become the same rows as the generated ones."""

import threading
from bisect import insort
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from bot.sandbox.pirsch.day import utc_day
from bot.sandbox.pirsch.rows import GAP_SECONDS, Event, Page, Session, Source, View, Visitor

Row = TypeVar("Row", View, Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Somebody looked at a page."""

    at: int
    page: Page
    hostname: str
    source: Source
    visitor: Visitor


class Live:
    """The sessions that came in. A hit joins its visitor's session unless 30 silent minutes lie between."""

    def __init__(self) -> None:
        self._sessions: dict[int, Session] = {}
        self._of: dict[int, list[int]] = {}
        self._lock = threading.Lock()

    def sessions(self) -> list[Session]:
        """Return all of them."""
        with self._lock:
            return list(self._sessions.values())

    def view(self, hit: Hit) -> Session:
        """Record a page view and return its session as it then is."""
        with self._lock:
            session = self._find(hit.visitor.visitor_id, hit.at)
            view = View(hit.at, hit.page)
            if session is None:
                return self._begin(hit, view)
            last = max(session.last, hit.at)
            return self._keep(session._replace(views=_with(session.views, view), last=last))

    def event(self, hit: Hit, event: Event) -> Session:
        """Record an event. Without a session it begins one by a page view; it never moves the last touch."""
        with self._lock:
            session = self._find(hit.visitor.visitor_id, hit.at) or self._begin(hit, View(hit.at, hit.page))
            return self._keep(session._replace(events=_with(session.events, event)))

    def extend(self, visitor_id: int, at: int) -> Session | None:
        """Keep a session alive. Return None when the visitor has none."""
        with self._lock:
            session = self._find(visitor_id, at)
            if session is None:
                return None
            return self._keep(session._replace(last=max(session.last, at), extended=session.extended + 1))

    def _find(self, visitor_id: int, at: int) -> Session | None:
        for session_id in reversed(self._of.get(visitor_id, [])):
            session = self._sessions[session_id]
            if session.start - GAP_SECONDS <= at <= session.last + GAP_SECONDS:
                return session
        return None

    def _begin(self, hit: Hit, view: View) -> Session:
        session_id = fingerprint(str(hit.visitor.visitor_id), str(len(self._sessions))) >> 32
        session = Session(session_id, hit.visitor, hit.source, hit.hostname, (view,), (), hit.at)
        self._of.setdefault(hit.visitor.visitor_id, []).append(session_id)
        return self._keep(session)

    def _keep(self, session: Session) -> Session:
        self._sessions[session.session_id] = session
        return session


def fingerprint(*parts: str) -> int:
    """Return a number of 64 bits that stands for these texts."""
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest())


def identity(ip: str, user_agent: str, at: int) -> int:
    """Return who somebody is on this UTC day (core: IP, user agent, date, salt)."""
    return fingerprint(ip, user_agent, utc_day(at).isoformat())


def _with(rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    ordered = list(rows)
    insort(ordered, row, key=lambda one: one.at)
    return tuple(ordered)
