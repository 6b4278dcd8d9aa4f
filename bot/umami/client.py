"""Umami, as the rest of the program sees it: questions about a website, whatever version answers.

with Umami(Login(username="bot", password="…"), Server.at("https://umami.example.com")) as umami:
    (shop,) = umami.websites("shop.example.com")
    print(umami.stats(shop.id, Span(since=monday, until=next_monday)).visitors)

No call tells a server's version; the shape of its totals does. It is looked at every ten minutes, because
version 3 passes over the filters of version 2 without a word, and servers are brought up to date.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.http.budget import Places
from bot.http.decoding import Unfit
from bot.http.timing import Timing
from bot.umami import answers
from bot.umami.answers import (
    EventPoint,
    MetaValue,
    PageRow,
    Point,
    Reached,
    Report,
    Stats,
    Step,
    Value,
    Wanted,
    Website,
)
from bot.umami.auth import Credentials
from bot.umami.dialect import (
    Condition,
    Dialect,
    Field,
    Span,
    called,
    filters,
    goal_of_v2,
    pages_report,
    report,
    step_type,
)
from bot.umami.errors import NotReadable, Refused, Unaskable
from bot.umami.wire import Patience, Server, Wire

KNOWN_FOR = timedelta(minutes=10)
PAGE_SIZE, MOST_PAGES = 100, 20
CLOUD_SERVER = Server()
PATIENCE = Patience()
TIMING = Timing()

T = TypeVar("T")


class Umami:
    """One Umami with one login or key. Safe for threads: share it. Every method raises a `UmamiError`."""

    def __init__(
        self,
        credentials: Credentials,
        server: Server = CLOUD_SERVER,
        *,
        patience: Patience = PATIENCE,
        timing: Timing = TIMING,
        agent: str = "pirsch-bot",
        places: Places | None = None,
    ) -> None:
        self._wire = Wire(credentials, server, patience, timing, agent, places)
        self._lock = threading.Lock()
        self._dialect: tuple[Dialect, float] | None = None

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ which website, which version

    def websites(self, domain: str) -> tuple[Website, ...]:
        """Return the websites of a domain: those of the login or the key, and from 3.1 those of its teams."""
        found: list[Website] = []
        for page in range(1, MOST_PAGES + 1):
            asked = (
                ("search", domain),
                ("page", str(page)),
                ("pageSize", str(PAGE_SIZE)),
                ("includeTeams", "true"),
            )
            rows = self._read("GET /websites", self._wire.get("/websites", asked), _websites)
            found += rows
            if len(rows) < PAGE_SIZE:
                break
        return tuple(one for one in found if one.domain.lower() == domain.lower())

    def website(self, id: str) -> Website | None:
        """Return a website by its id; None where the server knows none."""
        path = _of(id, "")
        data = self._wire.get(path)
        return None if data is None else self._read(path, data, lambda told: answers.one(Website, told))

    def dialect(self, website: str) -> Dialect:
        """Return the version that answers, by the shape of the website's totals."""
        held, now = self._dialect, self._wire.timing.monotonic()
        if held is not None and now < held[1]:
            return held[0]
        today = self._wire.timing.now()
        self.stats(website, Span(since=today - timedelta(minutes=1), until=today))
        held = self._dialect
        if held is None:
            raise NotReadable("the version cannot be told")
        return held[0]

    # ------------------------------------------------------------ how much, over time

    def stats(self, website: str, span: Span, conditions: Sequence[Condition] = ()) -> Stats:
        """Return the totals of a span, or of a part of its traffic."""
        spoken = self.dialect(website) if conditions else None
        found, heard = self._stats(website, span, conditions, spoken)
        if spoken is not None and heard is not spoken:  # it was brought up to date, and did not read them
            found, _ = self._stats(website, span, conditions, heard)
        return found

    def _stats(
        self, website: str, span: Span, conditions: Sequence[Condition], spoken: Dialect | None
    ) -> tuple[Stats, Dialect]:
        path = _of(website, "/stats")
        told = filters(conditions, spoken) if spoken is not None else {}
        data = self._wire.get(path, (*span.pairs, *told.items()))
        found, heard = self._read(path, data, answers.stats)
        with self._lock:
            self._dialect = heard, self._wire.timing.monotonic() + KNOWN_FOR.total_seconds()
        return found, heard

    def series(
        self, website: str, span: Span, unit: str, zone: ZoneInfo, conditions: Sequence[Condition] = ()
    ) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
        """Return page views and visitors by hour or day of a zone; empty buckets are left out.

        The server widens the unit of long spans without a word: ask for hours of two days at most.
        """
        path = _of(website, "/pageviews")
        told = filters(conditions, self.dialect(website)) if conditions else {}
        asked = (*span.pairs, ("unit", unit), ("timezone", zone.key), *told.items())
        return self._read(path, self._wire.get(path, asked), lambda data: answers.series(data, zone))

    def event_series(self, website: str, span: Span, unit: str, zone: ZoneInfo) -> tuple[EventPoint, ...]:
        """Return how often each event happened by hour or day of a zone."""
        path = _of(website, "/events/series")
        asked = (*span.pairs, ("unit", unit), ("timezone", zone.key))
        return self._read(path, self._wire.get(path, asked), lambda data: answers.event_series(data, zone))

    # ------------------------------------------------------------ of what

    def values(
        self, website: str, span: Span, field: Field, conditions: Sequence[Condition] = (), most: int = 100
    ) -> tuple[Value, ...]:
        """Return the largest values of a field: visitors of each, but times for events.

        Version 2 counts visits for entries and exits, and page views for referrers and tags.
        """
        path, spoken = _of(website, "/metrics"), self.dialect(website)
        asked = (
            *span.pairs,
            ("type", called(field, spoken)),
            ("limit", str(most)),
            *filters(conditions, spoken).items(),
        )
        return self._read(path, self._wire.get(path, asked), answers.values)

    def pages(self, website: str, span: Span, conditions: Sequence[Condition] = ()) -> tuple[PageRow, ...]:
        """Return every page with its visitors, 500 at most."""
        name, body = pages_report(self.dialect(website), website, span, conditions)
        return self._report(name, body, lambda data: answers.many(PageRow, data))

    def campaigns(
        self, website: str, span: Span, conditions: Sequence[Condition] = ()
    ) -> Mapping[str, Mapping[str, int]]:
        """Return how many page views had each value of each utm parameter. Version 2 knows no parts here."""
        spoken = self.dialect(website)
        asked: dict[str, object] = {}
        if conditions and spoken is Dialect.V2:
            raise Unaskable("Umami 2 tells campaigns of all traffic only")
        if conditions:
            asked["filters"] = filters(conditions, spoken)
        return self._report("utm", report(spoken, "utm", website, span, asked), answers.campaigns)

    def event_values(self, website: str, span: Span, event: str, key: str) -> tuple[MetaValue, ...]:
        """Return how often an event had each value of a property."""
        path = _of(website, "/event-data/values")
        name = "eventName" if self.dialect(website) is Dialect.V2 else "event"
        asked = (*span.pairs, (name, event), ("propertyName", key))
        return self._read(path, self._wire.get(path, asked), lambda data: answers.many(MetaValue, data))

    # ------------------------------------------------------------ saved reports

    def reports(self, website: str) -> tuple[Report, ...]:
        """Return the saved reports of a website, of whatever kind."""
        by_site = self.dialect(website) is Dialect.V2  # later versions fail there (3.0.3)
        path = _of(website, "/reports") if by_site else "/reports"
        mine: tuple[tuple[str, str], ...] = () if by_site else (("websiteId", website),)
        found: list[Report] = []
        for page in range(1, MOST_PAGES + 1):
            asked = (*mine, ("page", str(page)), ("pageSize", str(PAGE_SIZE)))
            rows = self._read(path, self._wire.get(path, asked), lambda data: answers.many(Report, data))
            found += rows
            if len(rows) < PAGE_SIZE:
                break
        return tuple(found)

    def funnel(
        self, website: str, span: Span, saved: Report, conditions: Sequence[Condition] = ()
    ) -> tuple[Step, ...]:
        """Return how many visitors came to each step of a saved funnel. Version 2 knows no parts here."""
        spoken, wanted = self.dialect(website), parameters(saved)
        steps = wanted.get("steps")
        if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
            raise NotReadable("the saved funnel has no steps")
        told = [{**step, "type": step_type(str(step.get("type")), spoken)} for step in steps]
        asked: dict[str, object] = {"steps": told, "window": wanted.get("window")}
        if conditions and spoken is Dialect.V2:
            raise Unaskable("Umami 2 tells funnels of all traffic only")
        if conditions:
            asked["filters"] = filters(conditions, spoken)
        body = report(spoken, "funnel", website, span, asked)
        return self._report("funnel", body, lambda data: answers.many(Step, data))

    def goals(self, website: str, span: Span, wanted: Sequence[Wanted]) -> tuple[Reached, ...]:
        """Return how far each goal is.

        Version 3 tells visitors, version 2 how often it happened, or what a property adds up to.
        """
        spoken = self.dialect(website)
        if spoken is Dialect.V3:
            return tuple(self._goal(website, span, one) for one in wanted)
        if not wanted:
            return ()
        body = report(spoken, "goals", website, span, {"goals": [_asked_of_v2(one) for one in wanted]})
        found = self._report("goals", body, lambda data: answers.many(Reached, data))
        return tuple(_reached(found, one) for one in wanted)

    def _goal(self, website: str, span: Span, wanted: Wanted) -> Reached:
        asked = {"type": step_type(wanted.type, Dialect.V3), "value": wanted.value}
        body = report(Dialect.V3, "goal", website, span, asked)
        return self._report("goal", body, lambda data: answers.one(Reached, data))

    def _report(self, name: str, body: Mapping[str, object], read: Callable[[object], T]) -> T:
        path = f"/reports/{name}"
        return self._read(path, self._wire.post(path, body), read)

    def _read(self, call: str, data: object, read: Callable[[object], T]) -> T:
        try:
            return read(data)
        except (Unfit, IndexError) as error:
            raise NotReadable(str(error) or "nothing came back", call=call, status=200) from None


def parameters(saved: Report) -> Mapping[str, object]:
    """Return what a saved report asks. Up to 2.18 lists have it as a text of JSON."""
    told = saved.parameters
    if isinstance(told, str):
        try:
            told = json.loads(told)
        except (ValueError, RecursionError):
            told = None
    if not isinstance(told, Mapping):
        raise NotReadable("the saved report has no parameters")
    return told


def _asked_of_v2(wanted: Wanted) -> dict[str, object]:
    """Return a goal as version 2 takes it: one without a target with a target of one."""
    target = float(wanted.target or 1)
    return goal_of_v2(wanted.type, wanted.value, target, wanted.operator, wanted.property)


def _reached(found: Sequence[Reached], wanted: Wanted) -> Reached:
    """Find a goal's own row: version 2 sorts them by their kind."""
    kind = step_type(wanted.type, Dialect.V2)
    asked = (kind, wanted.value, wanted.operator, wanted.property)
    for one in found:
        if (one.type, one.value, one.operator, one.property) == asked:
            return one
    raise NotReadable("a goal that was asked for is not in the answer")


def _websites(data: object) -> tuple[Website, ...]:
    return answers.many(Website, data)


def _of(website: str, rest: str) -> str:
    """Return the path of a website's call. Umami answers 500 for what is no UUID, as if it were broken."""
    try:
        return f"/websites/{UUID(website)}{rest}"
    except ValueError:
        raise Refused("the id of a website is a UUID") from None
