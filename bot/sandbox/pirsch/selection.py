"""Which rows a statistics call counts: a query, a goal or a funnel's step, as predicates."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import NamedTuple

from bot.sandbox.pirsch import globs
from bot.sandbox.pirsch.attributes import OF_SESSION, has_key, value_of
from bot.sandbox.pirsch.choice import EMPTY, Test, choice
from bot.sandbox.pirsch.period import Period
from bot.sandbox.pirsch.refusal import invalid
from bot.sandbox.pirsch.rows import Event, Page, Pairs, Session, View

Filters = Mapping[str, Sequence[str]]


class Grain(IntEnum):
    """What a call counts: whole sessions, single page views, or single events; finer is greater."""

    SESSIONS = 0
    VIEWS = 1
    EVENTS = 2


class Match(NamedTuple):
    """A session that passed, with the rows in it that passed."""

    session: Session
    views: Sequence[View]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A session passes when all its tests pass and a row of the grain does.

    Sessions belong to the moment of their last touch, page views and events to their own, as in the
    vendor's core; that is why totals and sums of days differ by the sessions over midnight.
    """

    period: Period
    grain: Grain
    sessions: tuple[Callable[[Session], bool], ...] = ()
    pages: tuple[Callable[[Page], bool], ...] = ()
    events: tuple[Callable[[Event], bool], ...] = ()
    metric: tuple[str, str] | None = None
    filtered: bool = False

    def of(self, sessions: Iterable[Session]) -> Iterator[Match]:
        """Yield the matches among sessions."""
        for session in sessions:
            if all(test(session) for test in self.sessions):
                found = self._match(session)
                if found is not None:
                    yield found

    def _match(self, session: Session) -> Match | None:
        since, until = self.period.since, self.period.until
        if self.grain is Grain.SESSIONS:
            return Match(session, session.views, ()) if since <= session.last < until else None
        if self.grain is Grain.VIEWS:
            if not self.pages and since <= session.start and session.last < until:
                return Match(session, session.views, ())
            views = [view for view in session.views if since <= view.at < until and self._page(view.page)]
            return Match(session, views, ()) if views else None
        events = [event for event in session.events if since <= event.at < until and self._event(event)]
        return Match(session, session.views, events) if events else None

    def _page(self, page: Page) -> bool:
        return all(test(page) for test in self.pages)

    def _event(self, event: Event) -> bool:
        return all(test(event) for test in self.events) and self._page(event.page)


def read(period: Period, filters: Filters, grain: Grain = Grain.SESSIONS) -> Selection:
    """Make a selection of the filters of a query; `grain` is the coarsest that the call can count in.

    As in the vendor's core: invalid countries are dropped without a word; `pattern` is ignored beside `path`,
    and what is about the meta of an event without the event's name, so that the answer is unfiltered;
    what is no filter is ignored. Raises Refused (400) for a `pattern` that is no regular expression.
    """
    events = tuple(_event_tests(filters))
    pages = tuple(_page_tests(filters))
    sessions = tuple(_session_tests(filters))
    if events or pages:
        grain = max(grain, Grain.EVENTS if events else Grain.VIEWS)
    return Selection(
        period=period,
        grain=grain,
        sessions=sessions,
        pages=pages,
        events=events,
        metric=_metric(filters),
        filtered=bool(events or pages or sessions),
    )


def everything(period: Period, grain: Grain = Grain.SESSIONS) -> Selection:
    """Select by time alone."""
    return Selection(period=period, grain=grain)


def _session_tests(filters: Filters) -> Iterator[Callable[[Session], bool]]:
    for name, attribute in OF_SESSION.items():
        values = _countries(filters.get(name, ())) if name == "country" else filters.get(name, ())
        if values:
            yield partial(_passes_attribute, attribute, choice(values))


def _countries(values: Sequence[str]) -> list[str]:
    codes = [value.removeprefix("!") for value in values]
    pairs = zip(values, codes, strict=True)
    return [value.lower() for value, code in pairs if value == EMPTY or (len(code) == 2 and code.isalpha())]


def _page_tests(filters: Filters) -> Iterator[Callable[[Page], bool]]:
    if paths := filters.get("path"):
        yield partial(_passes_path, choice(paths))
    elif patterns := filters.get("pattern"):
        yield partial(_passes_pattern, [_checked(pattern) for pattern in patterns])
    if keys := filters.get("tag"):
        yield partial(_has_tag, choice(keys), tuple(keys))
    for name, values in filters.items():
        if name.startswith("tag_") and values:
            yield partial(_passes_tag, name.removeprefix("tag_"), choice(values))


def _event_tests(filters: Filters) -> Iterator[Callable[[Event], bool]]:
    if names := filters.get("event"):
        yield partial(_passes_name, choice(names))
    else:
        return  # what is about an event is not applied without its name
    if keys := filters.get("event_meta_key"):
        yield partial(_has_meta, tuple(keys))
    if metric := _metric(filters):
        yield partial(_has_meta, (metric[0],))
    for name, values in filters.items():
        if name.startswith("meta_") and values:
            yield partial(_passes_meta, name.removeprefix("meta_"), choice(values))


def _metric(filters: Filters) -> tuple[str, str] | None:
    keys, types = filters.get("custom_metric_key", ()), filters.get("custom_metric_type", ())
    return (keys[0], types[0] if types else "float") if keys else None


def _checked(pattern: str) -> str:
    try:
        globs.matches(pattern, "")
    except globs.BadPattern:
        raise invalid(pattern="The pattern is not a regular expression.") from None
    return pattern


def _passes_attribute(attribute: Callable[[Session], str], test: Test, session: Session) -> bool:
    return test(attribute(session))


def _passes_path(test: Test, page: Page) -> bool:
    return test(page.path)


def _passes_pattern(patterns: Sequence[str], page: Page) -> bool:
    return any(globs.matches(pattern, page.path) for pattern in patterns)


def _passes_tag(key: str, test: Test, page: Page) -> bool:
    return test(value_of(page.tags, key))


def _has_tag(test: Test, keys: Sequence[str], page: Page) -> bool:
    return _any_key(page.tags, test, keys)


def _any_key(pairs: Pairs, test: Test, keys: Sequence[str]) -> bool:
    if all(key[:1] in ("!", "^") for key in keys):
        return all(test(name) for name, _ in pairs)
    return any(test(name) for name, _ in pairs)


def _passes_name(test: Test, event: Event) -> bool:
    return test(event.name)


def _has_meta(keys: Sequence[str], event: Event) -> bool:
    return any(has_key(event.meta, key) for key in keys)


def _passes_meta(key: str, test: Test, event: Event) -> bool:
    return test(value_of(event.meta, key))
