"""What never gets into the record: filtered traffic, erased days, hits under a revoked identification code.

Filters act on new traffic only, so each one is a stretch of time: from its making to its removal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network
from math import inf

from bot.sandbox.pirsch import globs
from bot.sandbox.pirsch.rows import Session


class Kind(StrEnum):
    """What is kept out. Only "ip" is a documented literal; the others are sections of the dashboard."""

    IP = "ip"
    HOSTNAME = "hostname"  # a white list: with the first entry, all other hostnames are dropped
    PAGE = "page"
    COUNTRY = "country"
    EVERYTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Something is kept out from `since` until `until`."""

    kind: Kind
    value: str
    since: float
    until: float = inf

    def holds(self, at: float) -> bool:
        """Say whether it acts at an instant."""
        return self.since <= at < self.until


def sift(session: Session, stretches: Sequence[Stretch]) -> Session | None:
    """Return what of a session is recorded: all of it, without some page views, or nothing (None)."""
    active = [stretch for stretch in stretches if stretch.holds(session.start)]
    if not active:
        return session
    allowed = [stretch.value for stretch in active if stretch.kind is Kind.HOSTNAME]
    if allowed and session.hostname not in allowed:
        return None
    if any(_refuses(stretch, session) for stretch in active):
        return None
    pages = [globs.regex_of(stretch.value) for stretch in active if stretch.kind is Kind.PAGE]
    return _without(session, pages) if pages else session


def _refuses(stretch: Stretch, session: Session) -> bool:
    match stretch.kind:
        case Kind.IP:
            return within(session.visitor.ip, stretch.value)
        case Kind.COUNTRY:
            return session.visitor.country == stretch.value.lower()
        case Kind.EVERYTHING:
            return True
        case _:
            return False


def within(ip: str, network: str) -> bool:
    """Say whether an address lies in a network; what is no address lies nowhere."""
    try:
        return ip_address(ip) in ip_network(network, strict=False)
    except ValueError:
        return False


def _without(session: Session, pages: Sequence[str]) -> Session | None:
    def passes(path: str) -> bool:
        return not any(globs.matches(page, path) for page in pages)

    views = tuple(view for view in session.views if passes(view.page.path))
    if not views:
        return None
    events = tuple(event for event in session.events if passes(event.page.path))
    return session._replace(views=views, events=events)
