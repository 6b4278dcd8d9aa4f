"""Fetches the hours that nobody has yet: eight weeks at the first start, and later whatever was missed.

It goes on where it ended, in the background; every day is kept as it comes.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import alerts, readings, verdicts
from bot.db import Tx
from bot.detect.expected import Baseline
from bot.pipeline.gathering import memory_of
from bot.pipeline.measured import Bench, Door
from bot.pipeline.step import Step
from bot.sources.errors import SourceError
from bot.sources.history import WEEKS, Progress, history
from bot.sources.periods import completed
from bot.sources.source import Series, Source
from bot.troubles import too_small
from bot.watches import outlook
from bot.watches.days import merged, of_series
from bot.watches.look import Part
from bot.watches.looks import LOOKS
from bot.watches.round import LEARNT_FROM, Known, Round, Which, learnt, troubles

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of it: a sentence, for whom something waits, and whether some days are still missing."""

    said: str
    channels: frozenset[str] = frozenset()
    failed: bool = False


def fetch(bench: Bench, round: Round, door: Door, now: Callable[[], datetime]) -> Fetched:
    """Fetch the missing days of every part that is watched on a site, the latest first.

    When something came, it is learnt from at once, and the owner hears once which watches can never see what
    they are meant to see.
    """
    try:
        source = bench.source(round.site)
    except SourceError as error:
        return Fetched(said=error.why, failed=True)
    found, missing, why = 0, 0, ""
    for part in round.parts.values():
        fetched = _part(bench, round, source, part, door, now)
        found, missing, why = found + fetched.found, missing + fetched.missing, fetched.why or why
    if not found and not missing:
        return Fetched(said="Nothing is missing.")
    channels = _learn(bench, round, source, door, now()) if found else frozenset[str]()
    said = f"{found} days fetched" + (f", {missing} still missing: {why}" if missing else ".")
    log.info("history fetched", extra={"site": round.site, "days": found, "missing": missing})
    return Fetched(said=said, channels=channels, failed=bool(missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    found: int
    missing: int
    why: str


def _part(
    bench: Bench, round: Round, source: Source, part: Part, door: Door, now: Callable[[], datetime]
) -> _Part:
    days = completed(source.today(), WEEKS * 7)
    with bench.database.reading() as tx:
        settled = readings.known(tx, round.site, part.key, days.first)
        watched = readings.watched_since(tx, round.site, part.key)

    def keep(progress: Progress) -> None:
        if progress.series is None or progress.day in settled:
            return
        new = of_series(progress.day, progress.series, now())
        with door() as tx:
            known = readings.since(tx, round.site, part.key, progress.day)
            before = next((one for one in known if one.day == progress.day), None)
            late = watched is not None and progress.day >= watched
            readings.keep(tx, round.site, part.key, [merged(before, new, watched=late)])
        log.info(
            "history",
            extra={"site": round.site, "day": str(progress.day), "done": progress.done, "of": progress.total},
        )

    known = {day: Series(zone=source.zone, buckets=()) for day in settled}
    got = history(source, known=known, on_progress=keep, where=part.where)
    why = next((error.why for error in got.failed.values()), "")
    return _Part(found=len(got.days.keys() - settled), missing=len(got.failed), why=why)


def _learn(bench: Bench, round: Round, source: Source, door: Door, now: datetime) -> frozenset[str]:
    """Learn what is usual anew, and say what can never be seen."""
    with door() as tx:
        usual = readings.usual(tx, round.site)
        known = Known(
            zone=source.zone,
            today=source.today(),
            days={
                part: readings.since(tx, round.site, part, source.today() - LEARNT_FROM)
                for part in round.parts
            },
            completeness=usual.completeness,
            calendar=round.calendar,
        )
        stands = {name: one for (name, _), one in verdicts.stands(tx, round.site).items()}
        memories = {watch.name: memory_of(watch, stands) for watch in (*round.watches, *round.beside)}
        lessons = {
            which: learnt(known, which, troubles(which, round, memories, now)) for which in round.which
        }
        readings.remember(tx, round.site, source.today(), lessons)
        return _say(tx, bench, round, lessons, now)


def _say(
    tx: Tx, bench: Bench, round: Round, lessons: Mapping[Which, Baseline | None], now: datetime
) -> frozenset[str]:
    step = Step(tx=tx, judges=bench.judges, now=now)
    sentences = []
    for watch in round.watches:
        part = LOOKS[watch.look].part(watch)
        baseline = None if part is None else lessons.get((part.key, part.count))
        if baseline is None:
            continue
        if (never := outlook.too_small(watch, baseline)) is None:
            log.info("watch can see", extra={"watch": watch.name, "sees": outlook.sees(watch, baseline)})
        elif alerts.first_time(tx, "bot/too-small", round.site, f"{watch.name} {watch.meaning}", now):
            log.warning("site too small", extra={"watch": watch.name, "why": never})
            sentences.append(never)
    if sentences:
        step.trouble(too_small(round.site, sentences, now))
    return step.end(0).channels
