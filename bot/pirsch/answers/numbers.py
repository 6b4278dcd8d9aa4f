"""Totals, series, growth and active visitors (docs.pirsch.io, API v1, "Statistics")."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.http.decoding import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Traffic of a whole period.

    `visitors` is no sum over days: a visitor is known for a day at most, a session can cross midnight.
    `bounce_rate` is bounces to sessions. `cr` is the share of all visitors that the filter lets pass and
    means nothing without one.
    """

    visitors: int
    views: int
    sessions: int
    bounces: int
    bounce_rate: float
    cr: float = 0.0
    custom_metric_avg: float = 0.0
    custom_metric_total: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Traffic of one row of a series. One of `day`, `week`, `month`, `year` is set: its first local day.

    Pirsch fills gaps with zeros over the whole range, so a row at the end may be the future.
    """

    day: date | None = None
    week: date | None = None
    month: date | None = None
    year: date | None = None
    visitors: int
    views: int
    sessions: int
    bounces: int
    bounce_rate: float = 0.0
    cr: float = 0.0
    custom_metric_avg: float = 0.0
    custom_metric_total: float = 0.0

    @property
    def first_day(self) -> date | None:
        """The first local day of the row, whatever its length."""
        return self.day or self.week or self.month or self.year


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The few numbers of the list of dashboards. Up to 30 minutes old, so no ground for an alert."""

    visitors: int
    views: int
    visitors_growth: Annotated[float | None, Keys("visitors_growth", "visitor_growth")] = None
    views_growth: float | None = None
    members: Annotated[int | None, Keys("member", "members")] = None
    series: Annotated[tuple[Span, ...], Keys("visitors_time_series")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Change against the period before, by Pirsch's own rules; 0.5 is half as much again.

    Exactly 1.0 means "doubled" or "there was nothing before", and a single day is compared with the same
    weekday of the week before. `bounces` is the growth of the bounce rate; `time_spent` compares sums.
    None means that Pirsch could not tell.
    """

    visitors: Annotated[float | None, Keys("visitors_growth", "visitor_growth")] = None
    views: Annotated[float | None, Keys("views_growth")] = None
    sessions: Annotated[float | None, Keys("sessions_growth")] = None
    bounces: Annotated[float | None, Keys("bounces_growth")] = None
    time_spent: Annotated[float | None, Keys("time_spent_growth")] = None
    cr: Annotated[float | None, Keys("cr_growth")] = None
    custom_metric_avg: Annotated[float | None, Keys("custom_metric_avg_growth")] = None
    custom_metric_total: Annotated[float | None, Keys("custom_metric_total_growth")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePage:
    """How many of the active visitors saw a page. One visitor counts on every page he saw."""

    path: str
    visitors: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveCountry:
    """How many of the active visitors come from a country, in two lower-case letters."""

    country: Annotated[str, Keys("country_code", "country")]
    visitors: int
    relative_visitors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """Who is there now. The visitors of `pages` add up to more than `visitors`."""

    visitors: int
    pages: Annotated[tuple[ActivePage, ...], Keys("stats")] = ()
    countries: tuple[ActiveCountry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Traffic of one hour of the day, 0 to 23, summed over all asked days."""

    hour: int
    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None
    bounce_rate: float | None = None
    cr: float | None = None
    custom_metric_avg: float | None = None
    custom_metric_total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """Traffic of one minute of the hour, 0 to 59. Beyond an hour, minutes of several hours are one row."""

    minute: int
    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None
    bounce_rate: float | None = None
    cr: float | None = None
    custom_metric_avg: float | None = None
    custom_metric_total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayHour:
    """Traffic of one hour of one weekday. `weekday` 0 is the day on which the dashboard's week begins."""

    weekday: int
    hour: int
    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Average seconds of a session, or on a page, in one row of a series."""

    day: date | None = None
    week: date | None = None
    month: date | None = None
    year: date | None = None
    path: str = ""
    title: str = ""
    average_time_spent_seconds: int
