"""Umami as a source of numbers.

A website at Umami has no zone of its own, so the settings give one, and every question names its instants:
what a vendor calls a day is never asked. Where Umami counts something else than Pirsch does, `docs/umami.md`
says what.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot import clock
from bot.clock import Clock
from bot.sources import umami_words as words
from bot.sources.errors import Gone, Misconfigured, Refused
from bot.sources.periods import DAY, Days, Period, WallHour, one_day, real_hours, stretch, wall_hours
from bot.sources.source import (
    EVERYTHING,
    Active,
    Amount,
    Breakdown,
    Dimension,
    EventCount,
    EventsBy,
    FunnelState,
    GoalState,
    Hook,
    MetaCount,
    Named,
    Series,
    Totals,
    Traffic,
    Where,
)
from bot.sources.wall import Wall
from bot.umami.answers import MetaValue, Report, Stats, Website
from bot.umami.client import Umami
from bot.umami.dialect import Field, Span
from bot.umami.errors import UmamiError

UTC_ZONE = ZoneInfo("UTC")
MOST_DAYS = 90
"""A longer series is asked for in parts: Umami would make months of its days without a word."""

MOST_VALUES = 100
"""So many values of a property are told, and the rest is kept back."""

MOST_EVENTS = 500
MOST_KEPT = 400


def website(umami: Umami, domain: str, id: str | None = None) -> Website:
    """Return a website by its id, or else the one of a domain. Raise SourceError."""
    with _translated():
        found = umami.websites(domain) if id is None else ()
        known = umami.website(id) if id is not None else None
    if id is not None:
        if known is None:
            raise Gone(f"Umami: there is no website {id}")
        return known
    if not found:
        raise Gone(
            f"Umami: this login sees no website of {domain} among its own; the id of a team's is written"
            " as website"
        )
    if len(found) > 1:
        remedy = f"Write website in its [site.…] table: one of {', '.join(one.id for one in found)}."
        raise Misconfigured(f"Umami: {len(found)} websites have the domain {domain}", remedy)
    return found[0]


def source(
    umami: Umami, domain: str, zone: ZoneInfo, now: Clock = clock.now, *, id: str | None = None
) -> "UmamiSource":
    """Find a website and return its numbers, with days of a zone. Raise SourceError."""
    return UmamiSource(umami, website(umami, domain, id).id, zone, now)


class UmamiSource:
    """The numbers of one website. Safe for threads, as the client is."""

    def __init__(self, umami: Umami, website: str, zone: ZoneInfo, now: Clock = clock.now) -> None:
        self._umami, self.website = umami, website
        self._wall = Wall(zone=zone, now=now)
        self._lock = threading.Lock()
        self._settled: dict[tuple[date, tuple[Where, ...]], Stats] = {}

    def __repr__(self) -> str:
        return f"UmamiSource({self.website!r}, {self.zone.key!r})"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the site's days begin."""
        return self._wall.zone

    @property
    def events_by(self) -> EventsBy:
        """Times: Umami does not tell how many visitors an event happened to."""
        return EventsBy.TIMES

    def today(self) -> date:
        """Return the local day that is not over yet."""
        return self._wall.today()

    # ------------------------------------------------------------ how much

    def totals(self, period: Period, where: Sequence[Where] = EVERYTHING) -> Totals:
        """Return the traffic of a period; of an event, how often it happened."""
        self._wall.check_begun(period)
        event, whole = words.event_of(where), None
        with _translated():
            if event is not None:
                counted = Traffic(visitors=self._times(period, event))
            else:
                found = self._umami.stats(self.website, self._span(period), words.conditions(where))
                counted = words.traffic(found)
                whole = self._umami.stats(self.website, self._span(period)).visitors if where else None
        return Totals(
            period=period,
            traffic=counted,
            complete=self._wall.over(period),
            share=counted.visitors / whole if whole else None,
        )

    def _times(self, period: Period, event: str) -> int:
        found = self._umami.values(self.website, self._span(period), Field.EVENT, most=MOST_EVENTS)
        return sum(one.count for one in found if one.name == event)

    def amount(self, period: Period, event: str, key: str, where: Sequence[Where] = EVERYTHING) -> Amount:
        """Return what the values of a property of an event add up to."""
        if where:
            raise Refused("Umami tells the values of events of all traffic only")
        total, count = words.total(self._values(period, event, key))
        return Amount(
            period=period,
            total=total,
            average=total / count if count else Decimal(0),
            complete=self._wall.over(period),
        )

    def _values(self, period: Period, event: str, key: str) -> list[MetaValue]:
        """Return all values: of a shorter and shorter time, as long as only the most frequent are told."""
        self._wall.check_begun(period)
        with _translated():
            found = self._umami.event_values(self.website, self._span(period), event, key)
        if len(found) < MOST_VALUES:
            return list(found)
        if isinstance(period, Days) and len(period) > 1:
            half = period.first + (len(period) // 2 - 1) * DAY
            parts = Days(first=period.first, last=half), Days(first=half + DAY, last=period.last)
            begun = [part for part in parts if part.first <= self.today()]
            return [one for part in begun for one in self._values(part, event, key)]
        raise Refused(f"Umami: more than {MOST_VALUES} values of {key} within a day, and it tells no more")

    def active(self, within: timedelta) -> Active:
        """Return how many were there within the last minutes."""
        now = self._wall.now()
        with _translated():
            found = self._umami.stats(self.website, Span(since=now - within, until=now))
        return Active(visitors=found.visitors, within=within, at=now)

    # ------------------------------------------------------------ over time

    def days(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun, with visitors and views."""
        self._wall.check_begun(period)
        begun = self._wall.begun(period)
        traffic: dict[date, Traffic] = {}
        for part in _parts(begun):
            traffic |= self._days(part, where)
        return Series(zone=self.zone, buckets=tuple(self._wall.day(day, traffic[day]) for day in begun))

    def _days(self, days: Days, where: Sequence[Where]) -> Mapping[date, Traffic]:
        event, span = words.event_of(where), self._span(days)
        with _translated():
            if event is None:
                views, visitors = self._umami.series(
                    self.website, span, "day", self.zone, words.conditions(where)
                )
                return words.by_day(views, visitors, days, self.zone)
            found = self._umami.event_series(self.website, span, "day", self.zone)
            return words.by_day((), words.points(found, event), days, self.zone)

    def sessions(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return the days with sessions and bounces: one question for each, once for those that are over."""
        self._wall.check_begun(period)
        buckets = tuple(
            self._wall.day(day, words.traffic(self._day(day, where))) for day in self._wall.begun(period)
        )
        return Series(zone=self.zone, buckets=buckets)

    def session_durations(
        self, period: Days, where: Sequence[Where] = EVERYTHING
    ) -> Mapping[date, timedelta]:
        """Return how long a visit that lasted at all did on average: one of one page has no time at Umami."""
        found: dict[date, timedelta] = {}
        for day in self._wall.begun(period):
            told = self._day(day, where)
            lasted = told.visits - told.bounces
            if lasted > 0 and told.seconds > 0:
                found[day] = timedelta(seconds=round(told.seconds / lasted))
        return found

    def _day(self, day: date, where: Sequence[Where]) -> Stats:
        """Return the totals of a day, which stay as they are once it is over."""
        known = (day, tuple(where))
        with self._lock:
            kept = self._settled.get(known)
        if kept is not None:
            return kept
        with _translated():
            found = self._umami.stats(self.website, self._span(one_day(day)), words.conditions(where))
        if self._wall.over(one_day(day)):
            with self._lock:
                while len(self._settled) >= MOST_KEPT:
                    self._settled.pop(next(iter(self._settled)))
                self._settled[known] = found
        return found

    def hours(self, day: date, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each hour of a day that has begun.

        PostgreSQL puts the two hours that the wall clock shows alike into one bucket, so the hours of that
        day are asked for in UTC, which has no such days: 25 rows. Where that cannot be, because the zone is
        off by half hours, one row lasts longer.
        """
        self._wall.check_begun(one_day(day))
        shown, real = wall_hours(day, self.zone), real_hours(day, self.zone)
        twice = len(real) > len(shown) and all(one.starts_at.minute == 0 for one in real)
        hours, zone = (real, UTC_ZONE) if twice else (shown, self.zone)
        return self._wall.hours(hours, self._hours(hours, zone, where))

    def _hours(self, hours: Sequence[WallHour], zone: ZoneInfo, where: Sequence[Where]) -> list[Traffic]:
        event = words.event_of(where)
        span = Span(since=hours[0].starts_at, until=hours[-1].ends_at)
        with _translated():
            if event is None:
                told = self._umami.series(self.website, span, "hour", zone, words.conditions(where))
                return words.by_hour(*told, hours)
            found = self._umami.event_series(self.website, span, "hour", zone)
            return words.by_hour((), words.points(found, event), hours)

    # ------------------------------------------------------------ of what

    def breakdown(
        self, dimension: Dimension, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> Breakdown:
        """Return the largest values of a dimension."""
        self._wall.check_begun(period)
        if dimension is Dimension.EVENT:
            raise Refused("there is no list of traffic by event")
        span, asked = self._span(period), words.conditions(where)
        with _translated():
            if dimension in words.CAMPAIGNS:
                told = self._umami.campaigns(self.website, span, asked)
                rows = words.campaign_rows(told.get(words.CAMPAIGNS[dimension], {}))
            elif dimension is Dimension.PAGE:
                rows = words.page_rows(self._umami.pages(self.website, span, asked))
            else:
                field = words.FIELDS[dimension]
                values = self._umami.values(self.website, span, field, asked, most=most + 1)
                rows = words.value_rows(dimension, values)
        return Breakdown(
            dimension=dimension,
            period=period,
            rows=rows[:most],
            whole=len(rows) <= most,
            complete=self._wall.over(period),
        )

    def events(
        self, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> tuple[EventCount, ...]:
        """Return how often each event happened."""
        self._wall.check_begun(period)
        with _translated():
            found = self._umami.values(
                self.website, self._span(period), Field.EVENT, words.conditions(where), most=most
            )
        return tuple(EventCount(name=one.name, count=one.count, visitors=None) for one in found)

    def event_meta(self, period: Period, event: str, key: str, most: int = 100) -> tuple[MetaCount, ...]:
        """Return how often an event happened with each value of a property, the most frequent ones."""
        self._wall.check_begun(period)
        with _translated():
            found = self._umami.event_values(self.website, self._span(period), event, key)
        return tuple(
            MetaCount(value=words.plain(one.value), count=one.total, visitors=None) for one in found[:most]
        )

    # ------------------------------------------------------------ of what was wished for

    def goals(self, period: Period) -> tuple[GoalState, ...]:
        """Return every goal that is saved as a report, as it stands in a period."""
        self._wall.check_begun(period)
        with _translated():
            saved = [one for one in self._umami.reports(self.website) if one.type in ("goal", "goals")]
            return tuple(state for one in saved for state in self._goals(one, self._span(period)))

    def _goals(self, saved: Report, span: Span) -> Iterator[GoalState]:
        wished = words.wanted(saved)
        sums = [one for one in wished if one.operator in ("sum", "average")]
        asked = [*wished, *(replace(one, operator="count") for one in sums)]
        told = dict(zip(asked, self._umami.goals(self.website, span, asked), strict=True))
        for place, one in enumerate(wished):
            several = len(wished) > 1
            id_ = f"{saved.id}/{place + 1}" if several else saved.id
            name = f"{saved.name}: {one.value}" if several else saved.name
            times = told[replace(one, operator="count")] if one in sums else None
            yield words.goal(id_, name, one, told[one], times, saved.made_at)

    def hooks(self) -> tuple[Hook, ...]:
        """Raise Refused."""
        raise Refused("Umami has no webhooks")

    def billed(self, period: Days) -> int:
        """Raise Refused."""
        raise Refused("Umami does not tell what is billed")

    def funnels(self) -> tuple[Named, ...]:
        """Return which funnels are saved as reports."""
        with _translated():
            return tuple(Named(id=one.id, name=one.name) for one in self._funnels())

    def funnel(self, id: str, period: Period, where: Sequence[Where] = EVERYTHING) -> FunnelState:
        """Return how far visitors came in a funnel."""
        self._wall.check_begun(period)
        with _translated():
            saved = next((one for one in self._funnels() if one.id == id), None)
            if saved is None:
                raise Gone(f"Umami: there is no saved funnel {id}")
            found = self._umami.funnel(self.website, self._span(period), saved, words.conditions(where))
        return FunnelState(
            id=id,
            name=saved.name,
            period=period,
            steps=words.steps(found),
            complete=self._wall.over(period),
        )

    def _funnels(self) -> list[Report]:
        return [one for one in self._umami.reports(self.website) if one.type == "funnel"]

    # ------------------------------------------------------------ when

    def _span(self, period: Period) -> Span:
        since, until = stretch(period, self.zone)
        return Span(since=since, until=until)


def _parts(days: Days) -> Iterator[Days]:
    first = days.first
    while first <= days.last:
        last = min(days.last, first + (MOST_DAYS - 1) * DAY)
        yield Days(first=first, last=last)
        first = last + DAY


@contextmanager
def _translated() -> Iterator[None]:
    """Let no error of the client out."""
    try:
        yield
    except UmamiError as trouble:
        raise words.error(trouble) from trouble
