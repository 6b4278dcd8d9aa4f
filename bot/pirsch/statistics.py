"""Numbers over time, and what visitors did (docs.pirsch.io, API v1, "Statistics"). All calls only read."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.http.transport import Pairs
from bot.pirsch.answers.behaviour import (
    EventMetaStats,
    EventStats,
    FunnelStats,
    GoalReached,
    Session,
    SessionStep,
)
from bot.pirsch.answers.numbers import (
    Active,
    Duration,
    Growth,
    Hour,
    Minute,
    Overview,
    Span,
    Totals,
    WeekdayHour,
)
from bot.pirsch.conditions import Dimension, equals
from bot.pirsch.errors import NotReadable, Unaskable
from bot.pirsch.ids import DomainId, FunnelId, SessionId, VisitorId
from bot.pirsch.query import FIRST_ROWS, Query, Scale, Slice
from bot.pirsch.wire import Wire

LATEST = Slice(sort="time")
ZIP = b"PK"


class Statistics:
    """`pirsch.statistics`: totals, series, growth, goals, events, funnels, sessions."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _pairs(self, query: Query, more: Pairs = ()) -> Pairs:
        return query.pairs(self._wire.timing.now()) + more

    def total(self, query: Query) -> Totals:
        """Return the traffic of the whole period."""
        return self._wire.ask("statistics.total", self._pairs(query)).one(Totals)

    def overview(self, domain: DomainId) -> Overview:
        """Return the numbers of the list of dashboards: up to 30 minutes old, for the user's own period."""
        return self._wire.ask("statistics.overview", (("id", domain),)).one(Overview)

    def visitors(self, query: Query, scale: Scale = Scale.DAY) -> tuple[Span, ...]:
        """Return the traffic row by row, with zeros where there was none, even in the future."""
        pairs = self._pairs(query, (("scale", scale.value),))
        return self._wire.ask("statistics.visitors", pairs).many(Span)

    def growth(self, query: Query) -> Growth:
        """Return Pirsch's own comparison with the period before; see `Growth` before you judge by it."""
        return self._wire.ask("statistics.growth", self._pairs(query)).one(Growth)

    def active(self, domain: DomainId, within: timedelta) -> Active:
        """Return who was there within the last seconds, at most an hour. Events alone do not count."""
        pairs = self._pairs(Query.last(domain, within))
        return self._wire.ask("statistics.active", pairs).one(Active)

    def hours(self, query: Query) -> tuple[Hour, ...]:
        """Return 24 rows: the hours of the day, each summed over all asked days."""
        return self._wire.ask("statistics.hours", self._pairs(query)).many(Hour)

    def minutes(self, query: Query) -> tuple[Minute, ...]:
        """Return 60 rows: the minutes of the hour. Raise Unaskable beyond an hour, where they would mix."""
        _check_within_an_hour(query)
        return self._wire.ask("statistics.minutes", self._pairs(query)).many(Minute)

    def weekdays(self, query: Query) -> tuple[WeekdayHour, ...]:
        """Return the traffic by weekday and hour, summed over all asked days."""
        return self._wire.ask("statistics.weekdays", self._pairs(query)).many(WeekdayHour)

    def session_durations(self, query: Query, scale: Scale = Scale.DAY) -> tuple[Duration, ...]:
        """Return the average length of sessions row by row."""
        pairs = self._pairs(query, (("scale", scale.value),))
        return self._wire.ask("statistics.session_durations", pairs).many(Duration)

    def page_durations(self, query: Query, scale: Scale = Scale.DAY) -> tuple[Duration, ...]:
        """Return the average time on pages row by row."""
        pairs = self._pairs(query, (("scale", scale.value),))
        return self._wire.ask("statistics.page_durations", pairs).many(Duration)

    def goals(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[GoalReached, ...]:
        """Return every goal with its numbers in the period."""
        return self._wire.ask("statistics.goals", self._pairs(query, rows.pairs())).many(GoalReached)

    def events(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[EventStats, ...]:
        """Return how often each event happened."""
        return self._wire.ask("statistics.events", self._pairs(query, rows.pairs())).many(EventStats)

    def event_meta(
        self, query: Query, event: str, key: str, rows: Slice = FIRST_ROWS
    ) -> tuple[EventStats, ...]:
        """Return how often an event happened with each value of one meta key.

        Both names are needed: without them Pirsch answers with an empty list.
        """
        if query.asks_for(Dimension.EVENT) or query.asks_for(Dimension.EVENT_META_KEY):
            raise Unaskable("the event and its key are named twice")
        about = query.where(Dimension.EVENT, equals(event)).where(Dimension.EVENT_META_KEY, equals(key))
        return self._wire.ask("statistics.event_meta", self._pairs(about, rows.pairs())).many(EventStats)

    def event_list(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[EventMetaStats, ...]:
        """Return how often each event happened with each combination of meta. Expensive: filter it."""
        return self._wire.ask("statistics.event_list", self._pairs(query, rows.pairs())).many(EventMetaStats)

    def funnel(self, query: Query, funnel: FunnelId) -> FunnelStats:
        """Return a funnel's numbers. Conditions of the query hold for the first step."""
        pairs = self._pairs(query, (("funnel_id", funnel),))
        return self._wire.ask("statistics.funnel", pairs).one(FunnelStats)

    def sessions(self, query: Query, rows: Slice = LATEST) -> tuple[Session, ...]:
        """Return single visits, the latest first."""
        return self._wire.ask("statistics.sessions", self._pairs(query, rows.pairs())).many(Session)

    def session_steps(self, query: Query, visitor: VisitorId, session: SessionId) -> tuple[SessionStep, ...]:
        """Return what happened in one visit, page view by page view and event by event."""
        pairs = self._pairs(query.of_session(visitor, session))
        return self._wire.ask("statistics.session_steps", pairs).many(SessionStep)

    def export_csv(self, query: Query, sections: Sequence[str]) -> bytes:
        """Return a ZIP archive with a CSV file for each named section of the dashboard.

        Raise NotReadable when the answer is none: written to a file, a page of a proxy looks like an export.
        """
        if not sections or not all(re.fullmatch(r"[a-z][a-z_]*", name) for name in sections):
            raise Unaskable("an export needs the names of its sections")
        pairs = self._pairs(query, tuple((name, "true") for name in sections))
        answer = self._wire.ask("statistics.export_csv", pairs)
        if not answer.body.startswith(ZIP):
            raise NotReadable(
                "the answer is no ZIP archive", method=answer.call.method, path=answer.call.path, status=200
            )
        return answer.body


def _check_within_an_hour(query: Query) -> None:
    if query.start is not None:
        return
    if query.from_time is None or query.to_time is None:
        raise Unaskable("minutes are asked for within an hour: use Query.window or Query.last")
    minutes = (query.to_time.hour - query.from_time.hour) * 60 + query.to_time.minute - query.from_time.minute
    if minutes > 60:
        raise Unaskable("minutes of several hours would be added up")
