"""A source that is asked each question once: the watches of a site that look together share its answers."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.sources.errors import SourceError
from bot.sources.periods import Days, Period
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
    Source,
    Totals,
    Where,
)

T = TypeVar("T")


class Once:
    """One round of questions. An error is an answer, too: who is down is not asked ten times."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._answers: dict[Hashable, Any] = {}
        self._errors: dict[Hashable, SourceError] = {}

    @property
    def calls(self) -> int:
        """How many different questions were asked."""
        return len(self._answers) + len(self._errors)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the site's days begin."""
        return self._source.zone

    @property
    def events_by(self) -> EventsBy:
        """What is counted where an event is asked for."""
        return self._source.events_by

    def today(self) -> date:
        """Return the local day that is not over yet."""
        return self._source.today()

    def totals(self, period: Period, where: Sequence[Where] = EVERYTHING) -> Totals:
        """Return the traffic of a period."""
        return self._once(("totals", period, tuple(where)), lambda: self._source.totals(period, where))

    def days(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun."""
        return self._once(("days", period, tuple(where)), lambda: self._source.days(period, where))

    def sessions(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun, with its sessions and bounces."""
        return self._once(("sessions", period, tuple(where)), lambda: self._source.sessions(period, where))

    def hours(self, day: date, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each hour of a day that has begun."""
        return self._once(("hours", day, tuple(where)), lambda: self._source.hours(day, where))

    def session_durations(
        self, period: Days, where: Sequence[Where] = EVERYTHING
    ) -> Mapping[date, timedelta]:
        """Return how long a session lasted on average, for each day that had any."""
        return self._once(
            ("session_durations", period, tuple(where)),
            lambda: self._source.session_durations(period, where),
        )

    def active(self, within: timedelta) -> Active:
        """Return who was there within the last minutes."""
        return self._once(("active", within), lambda: self._source.active(within))

    def breakdown(
        self, dimension: Dimension, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> Breakdown:
        """Return the largest values of a dimension."""
        asked = ("breakdown", dimension, period, tuple(where), most)
        return self._once(asked, lambda: self._source.breakdown(dimension, period, where, most))

    def events(
        self, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> tuple[EventCount, ...]:
        """Return how often each event happened."""
        asked = ("events", period, tuple(where), most)
        return self._once(asked, lambda: self._source.events(period, where, most))

    def event_meta(self, period: Period, event: str, key: str, most: int = 100) -> tuple[MetaCount, ...]:
        """Return how often an event happened with each value of a meta key."""
        asked = ("event_meta", period, event, key, most)
        return self._once(asked, lambda: self._source.event_meta(period, event, key, most))

    def amount(self, period: Period, event: str, key: str, where: Sequence[Where] = EVERYTHING) -> Amount:
        """Return what the values of a meta key of an event add up to."""
        asked = ("amount", period, event, key, tuple(where))
        return self._once(asked, lambda: self._source.amount(period, event, key, where))

    def goals(self, period: Period) -> tuple[GoalState, ...]:
        """Return every goal as it stands in a period."""
        return self._once(("goals", period), lambda: self._source.goals(period))

    def hooks(self) -> tuple[Hook, ...]:
        """Return the webhooks of the site."""
        return self._once(("hooks",), self._source.hooks)

    def billed(self, period: Days) -> int:
        """Return the page views that are billed in a period."""
        return self._once(("billed", period), lambda: self._source.billed(period))

    def funnels(self) -> tuple[Named, ...]:
        """Return which funnels there are."""
        return self._once(("funnels",), self._source.funnels)

    def funnel(self, id: str, period: Period, where: Sequence[Where] = EVERYTHING) -> FunnelState:
        """Return how far visitors came in a funnel."""
        asked = ("funnel", id, period, tuple(where))
        return self._once(asked, lambda: self._source.funnel(id, period, where))

    def _once(self, asked: Hashable, ask: Callable[[], T]) -> T:
        if asked in self._errors:
            raise self._errors[asked]
        if asked not in self._answers:
            try:
                self._answers[asked] = ask()
            except SourceError as error:
                self._errors[asked] = error
                raise
        found: T = self._answers[asked]
        return found
