"""The watches of one site that look together: what they share, and what each of them thinks. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.detect.completeness import Completeness
from bot.detect.expected import WEEKS, Baseline, Span, learn
from bot.sources.periods import bounds, completed
from bot.watches import trace
from bot.watches.calendar import PLAIN, Calendar
from bot.watches.days import DayOfHours, complete_until, joined
from bot.watches.look import Kept, Part
from bot.watches.looks import LOOKS
from bot.watches.memory import Memory
from bot.watches.watch import Watch

LEARNT_FROM = timedelta(weeks=WEEKS, days=1)

Which = tuple[str, str]
"""A part of a site's traffic, and a count of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The watches of one site that look at one rhythm; `beside` are those of the site that look at another.

    What is usual belongs to all of them: a trouble that one of them knows must not be learnt by the others.
    `calendar` has the site's days that are not like others.
    """

    site: str
    watches: tuple[Watch, ...]
    beside: tuple[Watch, ...] = ()
    calendar: Calendar = PLAIN

    @property
    def parts(self) -> dict[str, Part]:
        """The hours that have to be read, by the key that they are kept under; each once."""
        found: dict[str, Part] = {}
        for part in self._parts():
            known = found.get(part.key)
            found[part.key] = part if known is None or known.days < part.days else known
        return found

    @property
    def which(self) -> frozenset[Which]:
        """What has to be usual before these watches can judge."""
        return frozenset((part.key, part.count) for part in self._parts())

    def _parts(self) -> Iterator[Part]:
        for watch in self.watches:
            part = LOOKS[watch.look].part(watch)
            if part is not None:
                yield part


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of a site's hours: days by part, what is usual, and how long to wait."""

    zone: ZoneInfo
    today: date
    days: Mapping[str, Sequence[DayOfHours]] = field(default_factory=dict)
    baselines: Mapping[Which, Baseline | None] = field(default_factory=dict)
    completeness: Completeness
    calendar: Calendar = PLAIN
    _joined: dict[Part, Kept] = field(default_factory=dict, compare=False, repr=False)

    def kept(self, part: Part | None, now: datetime) -> Kept:
        """Return what a look may know of its part. Watches of one part share it."""
        days = [] if part is None else self.days.get(part.key, [])
        if part is None or not days:
            return Kept(now=now, zone=self.zone, calendar=self.calendar)
        if part not in self._joined:
            self._joined[part] = self._kept(part, days, now)
        return self._joined[part]

    def _kept(self, part: Part, days: Sequence[DayOfHours], now: datetime) -> Kept:
        first = self.today - timedelta(days=part.days - 1)
        hours = joined([one for one in days if one.day >= first], part.count, self.zone, self._until_at(days))
        return Kept(
            now=now,
            zone=self.zone,
            hours=hours,
            baseline=self.baselines.get((part.key, part.count)),
            calendar=self.calendar,
        )

    def traced(self, part: Part | None, kept: Kept) -> trace.Hours | None:
        """Return what `why` tells of the hours."""
        days = [] if part is None else self.days.get(part.key, [])
        if not days:
            return None
        hours = kept.hours
        return trace.Hours(
            read_at=days[-1].read_at,
            grace=self.completeness.grace,
            until_at=None if hours is None else hours.end_at,
            known=0 if hours is None else sum(one is not None for one in hours.last(48).counts),
            late=sum(one.late for one in days[-3:]),
            usual=trace.usual(kept.baseline),
        )

    def _until_at(self, days: Sequence[DayOfHours]) -> datetime:
        return complete_until(days[-1].read_at, self.completeness.grace, days[-1].starts_at)


def learnt(known: Known, which: Which, troubles: Sequence[Span]) -> Baseline | None:
    """Learn what is usual from the days before today. None when fewer than three weeks are known."""
    part, count = which
    midnight, _ = bounds(known.today, known.zone)
    hours = joined(known.days.get(part, []), count, known.zone, midnight)
    days = completed(known.today, WEEKS * 7 + 1)
    return None if hours is None else learn(hours, troubles, known.calendar.apart(days))


def troubles(which: Which, round: Round, memories: Mapping[str, Memory], until_at: datetime) -> list[Span]:
    """Return when watches of these hours were in trouble: that must not become usual."""
    found: list[Span] = []
    for watch in (*round.watches, *round.beside):
        part = LOOKS[watch.look].part(watch)
        if part is not None and (part.key, part.count) == which and watch.name in memories:
            found.extend(memories[watch.name].troubled(until_at))
    return found
