"""Pirsch as a source of numbers.

Every question names its days and the zone they are days of, in one call one zone. `/statistics/overview` is
never asked (30 minutes old, for a period that a user chose), and neither is Pirsch's own growth.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from bot import clock
from bot.clock import Clock
from bot.pirsch import paging
from bot.pirsch.answers.account import Domain
from bot.pirsch.client import Pirsch
from bot.pirsch.domains import Domains
from bot.pirsch.errors import PirschError
from bot.pirsch.ids import DomainId, FunnelId
from bot.pirsch.query import MetricType, Query, Scale
from bot.sources import pirsch_breakdowns
from bot.sources import pirsch_words as words
from bot.sources.errors import Gone, Misconfigured
from bot.sources.periods import Days, Period, WallHour, one_day, real_hours, wall_hours
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
    Row,
    Series,
    Totals,
    Traffic,
    Where,
)
from bot.sources.wall import Wall

UTC_ZONE = ZoneInfo("UTC")


def dashboard(domains: Domains, hostname: str) -> Domain:
    """Return the one dashboard of a hostname. Raise Gone when there is none, Misconfigured when several."""
    with _translated():
        found = [one for one in domains.all(hostname) if one.hostname.lower() == hostname.lower()]
    if not found:
        raise Gone(f"Pirsch: these credentials see no dashboard of {hostname}")
    if len(found) > 1:
        remedy = "Use the credentials of a client that was made in the settings of the one that is meant."
        raise Misconfigured(f"Pirsch: {len(found)} dashboards have the hostname {hostname}", remedy)
    return found[0]


def zone_of(domain: Domain) -> ZoneInfo:
    """Return the zone in which a dashboard's days begin. Raise Misconfigured for one that we do not know."""
    try:
        return ZoneInfo(domain.timezone or "UTC")
    except (ValueError, OSError, LookupError):
        raise Misconfigured(
            f"Pirsch: the time zone of {domain.hostname} is not known here",
            "Choose a zone such as Europe/Berlin in the dashboard's settings.",
        ) from None


def source(pirsch: Pirsch, hostname: str, now: Clock = clock.now) -> "PirschSource":
    """Find the dashboard of a hostname and return its numbers, in its own zone. Raise SourceError."""
    found = dashboard(pirsch.domains, hostname)
    return PirschSource(pirsch, found.id, zone_of(found), now)


class PirschSource:
    """The numbers of one dashboard. Safe for threads, as the client is."""

    def __init__(self, pirsch: Pirsch, domain: DomainId, zone: ZoneInfo, now: Clock = clock.now) -> None:
        self._pirsch, self._domain = pirsch, domain
        self._wall = Wall(zone=zone, now=now)

    def __repr__(self) -> str:
        return f"PirschSource({self._domain!r}, {self.zone.key!r})"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the site's days begin."""
        return self._wall.zone

    def today(self) -> date:
        """Return the local day that is not over yet."""
        return self._wall.today()

    @property
    def events_by(self) -> EventsBy:
        """Visitors: that is what Pirsch's rows are made of."""
        return EventsBy.VISITORS

    # ------------------------------------------------------------ how much

    def totals(self, period: Period, where: Sequence[Where] = EVERYTHING) -> Totals:
        """Return the traffic of a period."""
        with _translated():
            found = self._pirsch.statistics.total(self._query(period, where))
        return Totals(
            period=period,
            traffic=words.traffic(found),
            complete=self._wall.over(period),
            share=found.cr if where else None,
        )

    def amount(self, period: Period, event: str, key: str, where: Sequence[Where] = EVERYTHING) -> Amount:
        """Return what the values of a meta key of an event add up to."""
        about = (*where, Where(dimension=Dimension.EVENT, value=event))
        with _translated():
            query = self._query(period, about).measuring(key, MetricType.FLOAT)
            found = self._pirsch.statistics.total(query)
        return Amount(
            period=period,
            total=Decimal(str(found.custom_metric_total)),
            average=Decimal(str(found.custom_metric_avg)),
            complete=self._wall.over(period),
        )

    def active(self, within: timedelta) -> Active:
        """Return who was there within the last minutes. Events alone do not count."""
        with _translated():
            found = self._pirsch.statistics.active(self._domain, within)
        return Active(
            visitors=found.visitors,
            within=within,
            at=self._wall.now(),
            pages=tuple(Row(value=one.path, traffic=Traffic(visitors=one.visitors)) for one in found.pages),
            countries=tuple(
                Row(value=one.country, traffic=Traffic(visitors=one.visitors), share=one.relative_visitors)
                for one in found.countries
            ),
        )

    # ------------------------------------------------------------ over time

    def days(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun. Pirsch would add the future, as zeros."""
        begun = self._wall.begun(period)
        with _translated():
            rows = self._pirsch.statistics.visitors(self._query(begun, where), Scale.DAY)
        found = words.by_day(rows, begun)
        return Series(zone=self.zone, buckets=tuple(self._wall.day(day, found[day]) for day in begun))

    def sessions(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return the days, which have sessions and bounces already."""
        return self.days(period, where)

    def session_durations(
        self, period: Days, where: Sequence[Where] = EVERYTHING
    ) -> Mapping[date, timedelta]:
        """Return the average length of sessions in whole seconds. Pirsch leaves out those that had none."""
        with _translated():
            rows = self._pirsch.statistics.session_durations(self._query(period, where), Scale.DAY)
        return {
            row.day: timedelta(seconds=row.average_time_spent_seconds)
            for row in rows
            if row.day is not None and row.average_time_spent_seconds > 0
        }

    def hours(self, day: date, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each hour of a day that has begun.

        Pirsch tells 24 hours of the wall clock (`/statistics/hours`). On a day on which it shows an hour
        twice these two would be one number, so that day's hours are asked for in UTC, which has no such days:
        25 rows. Where that cannot be, because the zone is off by half hours, one row lasts longer.
        """
        self._wall.check_begun(one_day(day))
        shown, real = wall_hours(day, self.zone), real_hours(day, self.zone)
        if len(real) > len(shown) and all(one.starts_at.minute == 0 for one in real):
            begun = [one for one in real if one.starts_at <= self._wall.now()]
            return self._wall.hours(begun, self._hours_in_utc(begun, where))
        found = self._hours_of(day, self.zone, where)
        return self._wall.hours(shown, [found[one.hour] for one in shown])

    def _hours_in_utc(self, hours: Sequence[WallHour], where: Sequence[Where]) -> list[Traffic]:
        """Ask for the UTC days in which the hours of a local day lie, and return their traffic."""
        found = {day: self._hours_of(day, UTC_ZONE, where) for day in {one.starts_at.date() for one in hours}}
        return [found[one.starts_at.date()][one.starts_at.hour] for one in hours]

    def _hours_of(self, day: date, zone: ZoneInfo, where: Sequence[Where]) -> Mapping[int, Traffic]:
        with _translated():
            asked = words.query(self._domain, one_day(day), zone, where)
            return words.by_hour(self._pirsch.statistics.hours(asked))

    # ------------------------------------------------------------ of what

    def breakdown(
        self, dimension: Dimension, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> Breakdown:
        """Return the largest values of a dimension."""
        with _translated():
            query = self._query(period, where)
            found = pirsch_breakdowns.read(self._pirsch.breakdowns, dimension, query, most)
        return Breakdown(
            dimension=dimension,
            period=period,
            rows=found.rows,
            whole=found.whole,
            complete=self._wall.over(period),
        )

    def events(
        self, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> tuple[EventCount, ...]:
        """Return how often each event happened."""
        with _translated():
            read = partial(self._pirsch.statistics.events, self._query(period, where))
            found = paging.to_the_end(read, most=most).rows
        return tuple(
            EventCount(
                name=one.name,
                count=one.count,
                visitors=one.visitors,
                share=one.cr,
                meta_keys=one.meta_keys,
            )
            for one in found
        )

    def event_meta(self, period: Period, event: str, key: str, most: int = 100) -> tuple[MetaCount, ...]:
        """Return how often an event happened with each value of a meta key."""
        with _translated():
            query = self._query(period, EVERYTHING)
            read = partial(self._pirsch.statistics.event_meta, query, event, key)
            found = paging.to_the_end(read, most=most).rows
        return tuple(MetaCount(value=one.meta_value, count=one.count, visitors=one.visitors) for one in found)

    # ------------------------------------------------------------ of what was wished for

    def goals(self, period: Period) -> tuple[GoalState, ...]:
        """Return every goal as it stands in a period."""
        with _translated():
            read = partial(self._pirsch.statistics.goals, self._query(period, EVERYTHING))
            return tuple(words.goal(one) for one in paging.to_the_end(read).rows)

    def hooks(self) -> tuple[Hook, ...]:
        """Return the webhooks of the dashboard, to whomever they lead."""
        with _translated():
            return tuple(
                Hook(event=one.event, address=one.endpoint, active=one.active, made_at=one.created_at)
                for one in self._pirsch.webhooks.of(self._domain)
            )

    def billed(self, period: Days) -> int:
        """Return the billed page views of the dashboard. Beyond 50 of them Pirsch tells one sum for all."""
        with _translated():
            rows = self._pirsch.account.usage(period.first, period.last)
        mine = [row for row in rows if row.domain_id == self._domain]
        return sum(row.page_views for row in mine or rows)

    def funnels(self) -> tuple[Named, ...]:
        """Return which funnels there are."""
        with _translated():
            return tuple(Named(id=one.id, name=one.name) for one in self._pirsch.funnels.of(self._domain))

    def funnel(self, id: str, period: Period, where: Sequence[Where] = EVERYTHING) -> FunnelState:
        """Return how far visitors came in a funnel."""
        with _translated():
            found = self._pirsch.statistics.funnel(self._query(period, where), FunnelId(id))
        return FunnelState(
            id=id,
            name=found.definition.name if found.definition else "",
            period=period,
            steps=words.funnel_steps(found),
            complete=self._wall.over(period),
        )

    # ------------------------------------------------------------ when

    def _query(self, period: Period, where: Sequence[Where]) -> Query:
        self._wall.check_begun(period)
        with _translated():
            return words.query(self._domain, period, self.zone, where)


@contextmanager
def _translated() -> Iterator[None]:
    """Let no error of the client out."""
    try:
        yield
    except PirschError as trouble:
        raise words.error(trouble) from trouble
