"""The numbers of a website, counted from the same rows as those of the sandbox's Pirsch.

A visitor of Umami is a session there, and a session a visit. Page views belong to the instant at which they
happened, and so does everything that is counted of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.rows import Event, Session, View


class Seen(NamedTuple):
    """A page view, and the visit in which it lies."""

    session: Session
    view: View


Test = Callable[[Seen], bool]

OF_SESSION: Mapping[str, Callable[[Session], str]] = {
    "hostname": lambda one: one.hostname,
    "referrer": lambda one: domain(one.source.referrer),
    "country": lambda one: one.visitor.country.upper(),
    "region": lambda one: one.visitor.region,
    "city": lambda one: one.visitor.city,
    "language": lambda one: one.visitor.language,
    "browser": lambda one: one.visitor.browser.lower(),
    "os": lambda one: one.visitor.os,
    "device": lambda one: one.visitor.platform,
    "screen": lambda one: one.visitor.screen_class,
    "channel": lambda one: channel(one.source.channel),
    "entry": lambda one: one.views[0].page.path,
    "exit": lambda one: one.views[-1].page.path,
}
CHANNELS = ("direct", "organicSearch", "paidSearch", "organicSocial", "referral", "email", "paidAds", "sms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The page views and events of a span, both ends included, as far as they pass all tests."""

    record: Record
    since: int
    until: int
    now: int
    tests: tuple[Test, ...] = ()

    def views(self) -> Iterator[Seen]:
        """Yield the page views."""
        for session in self.record.sessions(self.since, self.until + 1, self.now):
            for view in session.views:
                seen = Seen(session, view)
                if self.since <= view.at <= self.until and all(test(seen) for test in self.tests):
                    yield seen

    def events(self) -> Iterator[tuple[Session, Event]]:
        """Yield the events."""
        for session in self.record.sessions(self.since, self.until + 1, self.now):
            for event in session.events:
                if self.since <= event.at <= self.until:
                    yield session, event


def domain(referrer: str) -> str:
    """Return the host of a referrer."""
    return referrer.removeprefix("https://").removeprefix("http://").partition("/")[0]


def channel(name: str) -> str:
    """Return a channel as Umami calls it: organicSearch."""
    head, *rest = name.split()
    return head.lower() + "".join(word.capitalize() for word in rest)


def totals(views: Iterable[Seen]) -> dict[str, int]:
    """Return page views, visitors, visits, bounces, and the time of all visits together."""
    visits: dict[int, list[int]] = {}
    visitors: set[int] = set()
    for session, view in views:
        visits.setdefault(session.session_id, []).append(view.at)
        visitors.add(session.visitor.visitor_id)
    return {
        "pageviews": sum(map(len, visits.values())),
        "visitors": len(visitors),
        "visits": len(visits),
        "bounces": sum(len(times) == 1 for times in visits.values()),
        "totaltime": sum(max(times) - min(times) for times in visits.values()),
    }


def by_page(views: Iterable[Seen]) -> dict[str, dict[str, int]]:
    """Return the totals of each page."""
    pages: dict[str, list[Seen]] = {}
    for seen in views:
        pages.setdefault(seen.view.page.path, []).append(seen)
    return {path: totals(seen) for path, seen in pages.items()}


def distinct(views: Iterable[Seen], field: str) -> Counter[str]:
    """Return the visitors by a field."""
    who: dict[str, set[int]] = {}
    for session, view in views:
        value = view.page.path if field == "path" else OF_SESSION[field](session)
        who.setdefault(value, set()).add(session.visitor.visitor_id)
    return Counter({value: len(visitors) for value, visitors in who.items()})


def counted(views: Iterable[Seen], field: str) -> Counter[str]:
    """Return the page views by a field; of entries and exits, the visits. So version 2 counts."""
    once: set[int] = set()
    found: Counter[str] = Counter()
    for session, view in views:
        if field in ("entry", "exit", "referrer"):
            if session.session_id in once:
                continue
            once.add(session.session_id)
        found[view.page.path if field == "path" else OF_SESSION[field](session)] += 1
    return found


def bucket(at: int, unit: str, zone: ZoneInfo, *, instants: bool) -> str:
    """Return how the bucket of an instant is written: as local time, or as the instant at which it begins."""
    local = datetime.fromtimestamp(at, zone)
    start = local.replace(minute=0, second=0, microsecond=0)
    if unit == "day":
        start = start.replace(hour=0, fold=0)
    if not instants:
        return start.strftime("%Y-%m-%d %H:%M:%S")
    return datetime.fromtimestamp(start.timestamp(), ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def came(part: Part, steps: Sequence[tuple[str, str]], window: int) -> list[int]:
    """Return how many visitors came to each step, each at most `window` seconds after the one before."""
    doings: dict[int, list[tuple[int, str, str]]] = {}
    for session, view in part.views():
        doings.setdefault(session.visitor.visitor_id, []).append((view.at, "page", view.page.path))
    for session, event in part.events():
        doings.setdefault(session.visitor.visitor_id, []).append((event.at, "event", event.name))
    reached = [0] * len(steps)
    for done in doings.values():
        before: list[int] | None = None
        for place, (kind, value) in enumerate(steps):
            times = [at for at, what, name in done if what == kind and name == value]
            if before is not None:
                times = [at for at in times if any(0 <= at - one <= window for one in before)]
            if not times:
                break
            reached[place] += 1
            before = times
    return reached
