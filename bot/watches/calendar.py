"""Days that are not like others: holidays and campaigns, as the owner names them. Pure.

They do not become usual, and what is expected of them is no news: `occasions` decides that.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.detect.hours import Hours
from bot.detect.verdict import Side
from bot.sources.periods import DAY, Days, bounds
from bot.watches.opinion import Stretch

MOST_DAYS = 366
"""Of a longer stretch nobody says that it is not like other days."""


class Expect(StrEnum):
    """What a day is expected to be, beside others. AS_USUAL: it is judged like any other, and not learnt."""

    ANYTHING = "anything"
    MORE = "more"
    LESS = "less"
    AS_USUAL = "as usual"


EITHER = frozenset({Side.UP, Side.DOWN})
SIDES = {
    Expect.ANYTHING: EITHER,
    Expect.MORE: frozenset({Side.UP}),
    Expect.LESS: frozenset({Side.DOWN}),
    Expect.AS_USUAL: frozenset[Side](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """The same days of each year, as (month, day), both included; the last may lie in the next year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def __contains__(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Days with a name, and what is expected of them."""

    name: str
    days: tuple[Days | Yearly, ...]
    expect: Expect = Expect.ANYTHING

    @property
    def sides(self) -> frozenset[Side]:
        """To which side a number may leave the usual without being news."""
        return SIDES[self.expect]

    def __contains__(self, day: date) -> bool:
        return any(day in days for days in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The occasions of a site. Of several on one day the first counts."""

    occasions: tuple[Occasion, ...] = ()

    def on(self, day: date) -> Occasion | None:
        """Return what a local day is, if it is not like others."""
        return next((one for one in self.occasions if day in one), None)

    def within(self, over: Stretch, zone: ZoneInfo) -> tuple[Occasion, ...]:
        """Return the occasions of the local days that a stretch touches, each once."""
        touched = Days(first=_day(over.since_at, zone), last=_day(over.until_at - _INSTANT, zone))
        found = (self.on(day) for day in touched)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def apart(self, days: Days) -> frozenset[date]:
        """Return which of these days are not like others."""
        return frozenset(day for day in days if self.occasions and self.on(day) is not None)

    def compared(self, hours: Hours) -> Hours:
        """Return the hours that the last one may be seen together with: none of earlier days that are
        expected to differ, or the day after a campaign would be judged by the campaign.
        """
        return self._without(hours, EITHER, keep_last_day=True)

    def awaited(self, hours: Hours) -> Hours:
        """Return the hours without the empty ones of days of which less is expected: they are no waiting."""
        return self._without(hours, frozenset({Side.DOWN}), only_empty=True)

    def _without(
        self, hours: Hours, sides: frozenset[Side], *, keep_last_day: bool = False, only_empty: bool = False
    ) -> Hours:
        if not self.occasions or not hours.counts:
            return hours
        walls = [wall.day for wall in hours.walls()]
        apart = {
            day
            for day in set(walls)
            if (one := self.on(date.fromordinal(day))) is not None and one.sides & sides
        }
        if keep_last_day:
            apart.discard(walls[-1])
        if not apart:
            return hours
        counts = (
            None if day in apart and not (only_empty and count) else count
            for day, count in zip(walls, hours.counts, strict=True)
        )
        return replace(hours, counts=tuple(counts))

    def since(self, over: Stretch, zone: ZoneInfo) -> Stretch:
        """Return what `compared` leaves of a stretch: what comes after the last such day before its own."""
        day = _day(over.until_at - _INSTANT, zone) - DAY
        while self.occasions and bounds(day, zone)[1] > over.since_at:
            if (one := self.on(day)) is not None and one.sides:
                return replace(over, since_at=bounds(day, zone)[1])
            day -= DAY
        return over


PLAIN = Calendar()
"""All days are alike."""

_INSTANT = timedelta(microseconds=1)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
