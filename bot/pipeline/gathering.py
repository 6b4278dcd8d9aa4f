"""What a round of watches has to know before it can judge: asked of the source, or kept from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import readings, verdicts
from bot.db import Database
from bot.detect import completeness
from bot.detect.completeness import Completeness
from bot.detect.expected import Baseline
from bot.readings import GRACE, Usual
from bot.sources.errors import SourceError
from bot.sources.periods import DAY
from bot.sources.source import Source
from bot.verdicts import Stand
from bot.watches.days import DayOfHours, merged, of_series, rereads
from bot.watches.look import Part, Seen
from bot.watches.looks import LOOKS
from bot.watches.memory import Memory
from bot.watches.once import Once
from bot.watches.round import LEARNT_FROM, Known, Round, Which, learnt, troubles
from bot.watches.watch import Watch

UTC = ZoneInfo("UTC")

Days = dict[str, list[DayOfHours]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything that a round judges, and what of it has to be kept.

    `seen` has what each watch read, or why it could not. `fresh` are days that were read just now, `lessons`
    what was learnt from the days just now.
    """

    known: Known
    memories: Mapping[str, Memory]
    stands: Mapping[str, Stand]
    seen: Mapping[str, Seen | SourceError]
    fresh: Days = field(default_factory=dict)
    lessons: Mapping[Which, Baseline | None] = field(default_factory=dict)
    completeness: Completeness | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the store had."""

    usual: Usual
    days: Days
    stands: Mapping[str, Stand]
    stale: frozenset[Which]

    def memory(self, watch: Watch) -> Memory:
        """Return what a watch remembers, if it still means the same."""
        return memory_of(watch, self.stands)


def memory_of(watch: Watch, stands: Mapping[str, Stand]) -> Memory:
    """Return what a watch remembers, if it still means the same."""
    stand = stands.get(watch.name)
    if stand is None or stand.meaning != watch.meaning:
        return Memory()
    return Memory.from_json(stand.memory)


def gather(database: Database, round: Round, source: Once, now: datetime) -> Gathered:
    """Recall what is kept, read what is new, learn what is to be learnt today, and let each watch ask."""
    today = source.today()
    kept = _recall(database, round, today)
    memories = {watch.name: kept.memory(watch) for watch in round.watches}
    fresh, unread = _read(round, source, kept, now)
    days = {part: _together(kept.days[part], fresh.get(part, [])) for part in round.parts}
    known = Known(
        zone=source.zone,
        today=today,
        days=days,
        baselines=kept.usual.baselines,
        completeness=kept.usual.completeness,
        calendar=round.calendar,
    )
    learnt_now = None
    if GRACE in kept.stale:
        learnt_now = completeness.learn(rereads(one for part in days.values() for one in part))
        known = replace(known, completeness=learnt_now)
    everybody = memories | {watch.name: kept.memory(watch) for watch in round.beside}
    lessons = {
        which: learnt(known, which, troubles(which, round, everybody, now))
        for which in kept.stale - {GRACE}
        if days[which[0]]
    }
    known = replace(known, baselines={**known.baselines, **lessons})
    return Gathered(
        known=known,
        memories=memories,
        stands=kept.stands,
        seen={watch.name: _ask(watch, source, unread, now) for watch in round.watches},
        fresh=fresh,
        lessons=lessons,
        completeness=learnt_now,
    )


def _recall(database: Database, round: Round, today: date) -> _Kept:
    """Look into the store: as many days as the looks want to see, and all of them where there is to learn."""
    parts = round.parts
    with database.reading() as tx:
        usual = readings.usual(tx, round.site)
        stale = frozenset(one for one in (*round.which, GRACE) if parts and usual.stale(one, today))
        learning = {part for part, _ in stale - {GRACE}}
        days: Days = {}
        for part in parts.values():
            back = LEARNT_FROM if part.key in learning else timedelta(days=part.days)
            days[part.key] = readings.since(tx, round.site, part.key, today - back)
        stands = {name: one for (name, _), one in verdicts.stands(tx, round.site).items()}
    return _Kept(usual=usual, days=days, stands=stands, stale=stale)


def _read(round: Round, source: Source, kept: _Kept, now: datetime) -> tuple[Days, dict[str, SourceError]]:
    """Read the days that are not settled: today, and yesterday until nothing of it changes any more."""
    fresh: Days = {}
    unread: dict[str, SourceError] = {}
    today = source.today()
    for key, part in round.parts.items():
        known = {one.day: one for one in kept.days[key]}
        try:
            fresh[key] = [
                merged(known.get(day), _of(day, source, part, now), watched=bool(kept.stands))
                for day in (today - DAY, today)
                if day not in known or not known[day].settled
            ]
        except SourceError as error:
            unread[key] = error
    return fresh, unread


def _of(day: date, source: Source, part: Part, now: datetime) -> DayOfHours:
    return of_series(day, source.hours(day, part.where), now)


def _together(known: list[DayOfHours], fresh: list[DayOfHours]) -> list[DayOfHours]:
    by_day = {one.day: one for one in (*known, *fresh)}
    return [by_day[day] for day in sorted(by_day)]


def _ask(
    watch: Watch, source: Source, unread: Mapping[str, SourceError], now: datetime
) -> Seen | SourceError:
    look = LOOKS[watch.look]
    part = look.part(watch)
    if part is not None and part.key in unread:
        return unread[part.key]
    try:
        return look.read(watch, source, now)
    except SourceError as error:
        return error


def nothing(database: Database, round: Round, error: SourceError, now: datetime) -> Gathered:
    """Return what there is to judge when the source itself is not to be had."""
    with database.reading() as tx:
        stands = {name: one for (name, _), one in verdicts.stands(tx, round.site).items()}
    kept = _Kept(usual=Usual(), days={}, stands=stands, stale=frozenset())
    return Gathered(
        known=Known(zone=UTC, today=now.date(), completeness=Usual().completeness),
        memories={watch.name: kept.memory(watch) for watch in round.watches},
        stands=stands,
        seen={watch.name: error for watch in round.watches},
    )
