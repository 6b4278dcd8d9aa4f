"""A source without what is masked: referrer spam and the like, which Pirsch itself cannot filter.

What is masked is asked for once more and taken off: so it is known how much was left out, and nothing
depends on how a vendor joins several "is not". What has a masked referrer and comes from a masked country is
taken off once (inclusion and exclusion over the dimensions). A question that names the masked dimension
itself is answered as it is: whoever asks for a referrer by name means it.

Visitors that were counted on both sides, as somebody who came twice by two roads, are taken off with the
masked: a masked number is never too large, and may be too small by these few.

Some numbers cannot be divided and are as the source tells them, with what is masked: `UNDIVIDED`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from zoneinfo import ZoneInfo

from bot.sources.periods import Days, Period
from bot.sources.source import (
    EVERYTHING,
    Active,
    Amount,
    Breakdown,
    Bucket,
    Dimension,
    EventCount,
    EventsBy,
    FunnelState,
    FunnelStep,
    GoalState,
    Hook,
    MetaCount,
    Named,
    Row,
    Series,
    Source,
    Totals,
    Traffic,
    Where,
)

MOST_ROWS = 1000
UNDIVIDED = ("active", "event_meta", "goals", "session_durations")
"""The questions whose answers are not masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How much of a period was masked, and what: values by dimension."""

    period: Period
    visitors: int
    values: Mapping[Dimension, tuple[str, ...]]

    @property
    def in_words(self) -> str:
        """Such as `88 excluded as referrer spam: 3 hosts`; empty when nothing was."""
        parts = [_called(dimension, len(values)) for dimension, values in self.values.items() if values]
        return f"{self.visitors:,} excluded as {' and '.join(parts)}" if parts and self.visitors else ""


Masks = Callable[[], Mapping[Dimension, tuple[str, ...]]]
"""Says what is masked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A question whose answer is taken off, or put back where it was taken off twice."""

    sign: int
    where: tuple[Where, ...]


class Masked:
    """A source whose numbers leave out what is masked. It is a `Source` itself."""

    def __init__(self, source: Source, masks: Masks) -> None:
        self._source, self._masks = source, masks

    def __repr__(self) -> str:
        return f"Masked({self._source!r})"

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

    def left_out(self, period: Period) -> LeftOut:
        """Return how much of a period is masked, to be said beside every number of it."""
        masks = {dimension: values for dimension, values in self._masks().items() if values}
        off = [
            (part.sign, self._source.totals(period, part.where).traffic) for part in self._parts(EVERYTHING)
        ]
        return LeftOut(
            period=period, visitors=max(0, sum(sign * one.visitors for sign, one in off)), values=masks
        )

    # ------------------------------------------------------------ how much

    def totals(self, period: Period, where: Sequence[Where] = EVERYTHING) -> Totals:
        """Return the traffic of a period, without what is masked."""
        found = self._source.totals(period, where)
        off = [(part.sign, self._source.totals(period, part.where).traffic) for part in self._parts(where)]
        traffic = _less(found.traffic, off)
        share = found.share
        if share is not None and off and found.traffic.visitors:
            whole = self.totals(period).traffic.visitors
            share = min(1.0, traffic.visitors / whole) if whole else 0.0
        return replace(found, traffic=traffic, share=share)

    def amount(self, period: Period, event: str, key: str, where: Sequence[Where] = EVERYTHING) -> Amount:
        """Return what the values of a meta key add up to, without what is masked."""
        found = self._source.amount(period, event, key, where)
        off = [
            (part.sign, self._source.amount(period, event, key, part.where)) for part in self._parts(where)
        ]
        total = found.total - sum((sign * one.total for sign, one in off), start=Decimal(0))
        count = _count(found) - sum(sign * _count(one) for sign, one in off)
        average = total / count if count > 0 else Decimal(0)
        return replace(found, total=total, average=average) if off else found

    def active(self, within: timedelta) -> Active:
        """Return who was there within the last minutes, masked or not: it cannot be divided."""
        return self._source.active(within)

    # ------------------------------------------------------------ over time

    def days(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun, without what is masked."""
        found = self._source.days(period, where)
        off = [(part.sign, self._source.days(period, part.where)) for part in self._parts(where)]
        return _series(found, off)

    def sessions(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun, without what is masked."""
        found = self._source.sessions(period, where)
        off = [(part.sign, self._source.sessions(period, part.where)) for part in self._parts(where)]
        return _series(found, off)

    def hours(self, day: date, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each hour of a day that has begun, without what is masked."""
        found = self._source.hours(day, where)
        off = [(part.sign, self._source.hours(day, part.where)) for part in self._parts(where)]
        return _series(found, off)

    # ------------------------------------------------------------ of what

    def session_durations(
        self, period: Days, where: Sequence[Where] = EVERYTHING
    ) -> Mapping[date, timedelta]:
        """Return how long a session lasted on average, with what is masked."""
        return self._source.session_durations(period, where)

    def breakdown(
        self, dimension: Dimension, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> Breakdown:
        """Return the largest values of a dimension, without what is masked."""
        parts = self._parts(where)
        found = self._source.breakdown(dimension, period, where, most if not parts else MOST_ROWS)
        off: dict[str, list[Signed]] = {}
        for part in parts:
            for row in self._source.breakdown(dimension, period, part.where, MOST_ROWS).rows:
                off.setdefault(row.value, []).append((part.sign, row.traffic))
        if not off:
            return replace(found, rows=found.rows[:most], whole=found.whole and len(found.rows) <= most)
        rows = _rows(found.rows, off)
        return replace(found, rows=rows[:most], whole=found.whole and len(rows) <= most)

    def events(
        self, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> tuple[EventCount, ...]:
        """Return how often each event happened, without what is masked."""
        found = self._source.events(period, where, most)
        for part in self._parts(where):
            off = {one.name: one for one in self._source.events(period, part.where, MOST_ROWS)}
            found = tuple(_event(one, off.get(one.name), part.sign) for one in found)
        return tuple(one for one in found if one.visitors or one.count)

    def event_meta(self, period: Period, event: str, key: str, most: int = 100) -> tuple[MetaCount, ...]:
        """Return how often an event happened with each value, masked or not: it cannot be divided."""
        return self._source.event_meta(period, event, key, most)

    # ------------------------------------------------------------ of what was wished for

    def goals(self, period: Period) -> tuple[GoalState, ...]:
        """Return every goal as Pirsch counts it: masked visitors reach it, too."""
        return self._source.goals(period)

    def hooks(self) -> tuple[Hook, ...]:
        """Return the webhooks of the site."""
        return self._source.hooks()

    def billed(self, period: Days) -> int:
        """Return the page views that are billed: with those that are masked."""
        return self._source.billed(period)

    def funnels(self) -> tuple[Named, ...]:
        """Return which funnels there are."""
        return self._source.funnels()

    def funnel(self, id: str, period: Period, where: Sequence[Where] = EVERYTHING) -> FunnelState:
        """Return how far visitors came in a funnel, without what is masked in its first step."""
        found = self._source.funnel(id, period, where)
        steps = [one.visitors for one in found.steps]
        for part in self._parts(where):
            off = self._source.funnel(id, period, part.where).steps
            steps = [mine - part.sign * other.visitors for mine, other in zip(steps, off, strict=True)]
        left = [max(0, visitors) for visitors in steps]
        return replace(found, steps=tuple(_step(found.steps, left, number) for number in range(len(left))))

    # ------------------------------------------------------------ what to take off

    def _parts(self, where: Sequence[Where]) -> list[_Part]:
        """Return the questions whose answers are to be taken off, or put back: one for each combination."""
        named = {one.dimension for one in where}
        masks = [(dimension, values) for dimension, values in self._masks().items() if values]
        free = [(dimension, values) for dimension, values in masks if dimension not in named]
        return [
            _Part(sign=1 if size % 2 else -1, where=(*where, *_demands(chosen)))
            for size in range(1, len(free) + 1)
            for chosen in combinations(free, size)
        ]


def _demands(chosen: Sequence[tuple[Dimension, tuple[str, ...]]]) -> list[Where]:
    return [Where(dimension=dimension, value=value) for dimension, values in chosen for value in values]


def _called(dimension: Dimension, count: int) -> str:
    if dimension is Dimension.REFERRER:
        return f"referrer spam: {count} host{'' if count == 1 else 's'}"
    plural = {Dimension.COUNTRY: "countries"}.get(dimension, f"{dimension}s")
    return f"machines: {count} {dimension if count == 1 else plural}"


Signed = tuple[int, Traffic]


def _less(traffic: Traffic, off: Sequence[Signed]) -> Traffic:
    """Return a traffic without others; never below nothing."""
    return Traffic(
        visitors=max(0, traffic.visitors - sum(sign * one.visitors for sign, one in off)),
        views=_difference(traffic.views, [(sign, one.views) for sign, one in off]),
        sessions=_difference(traffic.sessions, [(sign, one.sessions) for sign, one in off]),
        bounces=_difference(traffic.bounces, [(sign, one.bounces) for sign, one in off]),
    )


def _difference(count: int | None, off: Sequence[tuple[int, int | None]]) -> int | None:
    known = [sign * one for sign, one in off if one is not None]
    if count is None or len(known) < len(off):
        return None
    return max(0, count - sum(known))


def _series(found: Series, off: Sequence[tuple[int, Series]]) -> Series:
    by_start = [(sign, {one.starts_at: one.traffic for one in series.buckets}) for sign, series in off]

    def without(bucket: Bucket) -> Bucket:
        masked = [(sign, one[bucket.starts_at]) for sign, one in by_start if bucket.starts_at in one]
        return replace(bucket, traffic=_less(bucket.traffic, masked))

    return replace(found, buckets=tuple(without(bucket) for bucket in found.buckets))


def _rows(rows: Sequence[Row], off: Mapping[str, Sequence[Signed]]) -> tuple[Row, ...]:
    """Take rows off, let those go of which nothing is left, and say no share: it was one of all visitors."""
    left = [
        replace(row, traffic=_less(row.traffic, off[row.value]), share=None) if row.value in off else row
        for row in rows
    ]
    kept = [row for row in left if row.traffic.visitors]
    return tuple(sorted(kept, key=lambda row: -row.traffic.visitors))


def _count(amount: Amount) -> int:
    return round(amount.total / amount.average) if amount.average else 0


def _event(found: EventCount, off: EventCount | None, sign: int) -> EventCount:
    if off is None:
        return found
    count = _difference(found.count, [(sign, off.count)])
    return replace(
        found, count=count, visitors=_difference(found.visitors, [(sign, off.visitors)]), share=None
    )


def _step(steps: Sequence[FunnelStep], visitors: Sequence[int], number: int) -> FunnelStep:
    first, before = visitors[0], visitors[number - 1] if number else visitors[0]
    return replace(
        steps[number],
        visitors=visitors[number],
        conversion=visitors[number] / before if before else None,
        share=visitors[number] / first if first else None,
    )
