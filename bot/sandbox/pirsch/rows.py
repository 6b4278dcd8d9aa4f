"""What Pirsch keeps of traffic: sessions with the page views and events in them.

Everything the statistics say is counted from these rows, so that any two answers agree. There are hundreds
of thousands of them, hence named tuples (built much faster than frozen dataclasses), and instants as whole
seconds since 1970 (UTC).
"""

from typing import NamedTuple

Pairs = tuple[tuple[str, str], ...]

GAP_SECONDS = 30 * 60  # after such a silence the next hit begins a new session (docs.pirsch.io, "Sessions")


class Page(NamedTuple):
    """A page as the tracking code reports it."""

    path: str
    title: str
    tags: Pairs = ()


class Source(NamedTuple):
    """Where a session came from. Empty strings stand for unknown, as in the vendor's tables."""

    referrer: str = ""
    name: str = ""
    icon: str = ""
    channel: str = "Direct"
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""


class Visitor(NamedTuple):
    """A fingerprint of one UTC day: the same person is somebody else tomorrow.

    `ip` serves the traffic filters only; Pirsch never gives it away, and neither does any answer here.
    """

    visitor_id: int
    ip: str
    country: str
    region: str
    city: str
    language: str
    os: str
    os_version: str
    browser: str
    browser_version: str
    platform: str
    screen_class: str


class View(NamedTuple):
    """One page view."""

    at: int
    page: Page


class Event(NamedTuple):
    """One custom event. `meta` already holds the tags of the page, as in the vendor's core."""

    at: int
    name: str
    page: Page
    duration: int
    meta: Pairs
    interactive: bool = True


class Session(NamedTuple):
    """One visit. `last` is its last page view or keep-alive; events do not move it."""

    session_id: int
    visitor: Visitor
    source: Source
    hostname: str
    views: tuple[View, ...]
    events: tuple[Event, ...]
    last: int
    extended: int = 0

    @property
    def start(self) -> int:
        """When it began."""
        return self.views[0].at

    @property
    def seconds(self) -> int:
        """How long it lasted."""
        return self.last - self.views[0].at

    @property
    def bounced(self) -> bool:
        """One page view, and no event that was an interaction."""
        return len(self.views) == 1 and not any(event.interactive for event in self.events)


def until(session: Session, at: int) -> Session | None:
    """Return what of a session had happened by `at`, or None when it had not begun."""
    if session.last <= at and (not session.events or session.events[-1].at <= at):
        return session
    views = tuple(view for view in session.views if view.at <= at)
    if not views:
        return None
    events = tuple(event for event in session.events if event.at <= at)
    return session._replace(views=views, events=events, last=min(session.last, at))
