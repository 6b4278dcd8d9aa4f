"""Change against a period before, with the base stated. Pure; the two totals are asked for with plain days.

A vendor's own growth is not used: it compares running days with whole ones, and says the same for "doubled"
and for "nothing before".
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.sources.periods import DAY, Days
from bot.sources.source import EVERYTHING, Source, Totals, Where

WEEK = 7


class Base(StrEnum):
    """What a period is compared with."""

    SAME_WEEKDAYS = "the same weekdays before"
    MONTHS_BEFORE = "the months before"
    GIVEN = "a period of choice"


class Incomparable(ValueError):
    """These two do not say anything about each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Which days a period is compared with, and by which rule."""

    now: Days
    before: Days
    base: Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A number now and before. Compared by the day when the periods are not equally long, as months are."""

    now: int
    before: int
    comparison: Comparison

    @property
    def per_day(self) -> bool:
        """Whether `change` compares means of days."""
        return len(self.comparison.now) != len(self.comparison.before)

    @property
    def change(self) -> float | None:
        """The change as a fraction, 0.5 for half as much again; None when there was nothing before."""
        if self.before == 0:
            return None
        before = self.before * len(self.comparison.now) / len(self.comparison.before)
        return self.now / before - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficGrowth:
    """The growth of each count, and the change of the bounce rate in points (0.05: five points more)."""

    comparison: Comparison
    visitors: Growth
    views: Growth | None
    sessions: Growth | None
    bounce_rate: float | None


def comparable(period: Days) -> Comparison:
    """Return what a period is fairly compared with.

    Whole calendar months: as many months before. Everything else: the same weekdays, the fewest whole weeks
    earlier that do not overlap. So a day is compared with the same weekday of the week before, seven days
    with the seven before.
    """
    months = _whole_months(period)
    if months:
        before = Days(first=_months_earlier(period.first, months), last=period.first - DAY)
        return Comparison(now=period, before=before, base=Base.MONTHS_BEFORE)
    weeks = -(-len(period) // WEEK)
    return Comparison(now=period, before=period.shifted(-weeks * WEEK), base=Base.SAME_WEEKDAYS)


def against(period: Days, before: Days) -> Comparison:
    """Return a comparison of one's own choice. Raise Incomparable when the two overlap."""
    if before.first <= period.last and period.first <= before.last:
        raise Incomparable(f"{period} and {before} overlap")
    return Comparison(now=period, before=before, base=Base.GIVEN)


def compare(now: Totals, before: Totals, comparison: Comparison) -> TrafficGrowth:
    """Return the growth of each count. Raise Incomparable for a period that still goes on."""
    if (now.period, before.period) != (comparison.now, comparison.before):
        raise Incomparable("these are not the totals of the compared periods")
    if not (now.complete and before.complete):
        raise Incomparable(
            f"{comparison.now} is not over yet; a part of a day says nothing about a whole one"
        )
    was, rate = before.traffic.bounce_rate, now.traffic.bounce_rate
    return TrafficGrowth(
        comparison=comparison,
        visitors=Growth(now=now.traffic.visitors, before=before.traffic.visitors, comparison=comparison),
        views=_growth(now.traffic.views, before.traffic.views, comparison),
        sessions=_growth(now.traffic.sessions, before.traffic.sessions, comparison),
        bounce_rate=None if was is None or rate is None else rate - was,
    )


def ask(source: Source, comparison: Comparison, where: tuple[Where, ...] = EVERYTHING) -> TrafficGrowth:
    """Ask a source for both totals and compare them. Raise SourceError or Incomparable."""
    now = source.totals(comparison.now, where)
    if not now.complete:
        raise Incomparable(f"{comparison.now} is not over yet")
    return compare(now, source.totals(comparison.before, where), comparison)


def _growth(now: int | None, before: int | None, comparison: Comparison) -> Growth | None:
    if now is None or before is None:
        return None
    return Growth(now=now, before=before, comparison=comparison)


def _whole_months(period: Days) -> int:
    """Return how many whole calendar months a period is; 0 when it is none."""
    after = period.last + DAY
    if period.first.day != 1 or after.day != 1:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def _months_earlier(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(years, month + 1, 1)
