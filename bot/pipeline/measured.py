"""The second way: a job reads numbers, keeps them, looks for trouble, and lets news wait for people.

    gather (network) -> judge (pure) -> explain what is new (network) -> ⟦ keep, note, put, remember ⟧

One transaction writes everything that one look brought, under the claim of its job: who was replaced without
noticing writes nothing. A source that does not answer is a verdict and no number: no trouble begins or ends
by it.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from bot import alerts, readings, verdicts
from bot.db import Database, Tx
from bot.detect.spell import State
from bot.detect.verdict import Side, Why, unread
from bot.facts import Explanation, Finding
from bot.pipeline import doing, far_side
from bot.pipeline.doing import BEGINS
from bot.pipeline.gathering import Gathered, gather, nothing
from bot.pipeline.step import Judges, Step
from bot.pipeline.suspected import note_suspects, suspicion
from bot.sources.errors import Refused, SourceError
from bot.sources.source import Source
from bot.troubles import stumbled
from bot.verdicts import Record, Stand
from bot.watches import trace
from bot.watches.explaining import Explain
from bot.watches.look import Kept, Seen
from bot.watches.looks import LOOKS
from bot.watches.memory import Memory
from bot.watches.occasions import considered
from bot.watches.once import Once
from bot.watches.opinion import Opinion, Thought
from bot.watches.round import Round
from bot.watches.saying import measured
from bot.watches.trace import Trace, traced
from bot.watches.watch import WATCH, Watch

log = logging.getLogger(__name__)

Door = Callable[[], AbstractContextManager[Tx]]
"""Opens a transaction in which one may write; raises when one may not any longer."""

NO_NUMBERS = (State.ERROR, State.NO_DATA, State.LEARNING, State.TOO_SMALL)
"""What a watch thinks when it cannot tell: nothing begins and nothing ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every look needs: the store, whom to tell, where a site's numbers come from, and who explains."""

    database: Database
    judges: Judges
    source: Callable[[str], Source]
    explain: Explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one watch thinks after a look; `after` is what it remembers from now on. `bug`: it broke down."""

    watch: Watch
    kept: Kept
    hours: trace.Hours | None
    before: Memory
    after: Memory
    thought: Thought
    seen: Seen | SourceError
    bug: Exception | None = None

    @property
    def error(self) -> SourceError | None:
        """Why nothing could be read, if nothing could."""
        return self.seen if isinstance(self.seen, SourceError) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look came to: a sentence, for whom something waits, and whether the source answered."""

    said: str
    channels: frozenset[str]
    failed: bool


def look(bench: Bench, round: Round, door: Door, now: datetime) -> Looked:
    """Look once with every watch of a round.

    1. Gather: recall, read, learn what is due today. No transaction is open.
    2. Judge each watch by itself: a bug in one stops none of the others.
    3. Ask for the reasons of what is about to be told for the first time.
    4. Write all of it in one transaction.
    """
    source: Once | None = None
    try:
        source = Once(bench.source(round.site))
        gathered = gather(bench.database, round, source, now)
    except SourceError as error:
        gathered = nothing(bench.database, round, error, now)
    judged = [_judge(watch, gathered, now) for watch in round.watches]
    if source is not None:
        judged = [_explained(bench.explain, one, source) for one in judged]
    with door() as tx:
        step = Step(tx=tx, judges=bench.judges, now=now)
        _keep(tx, round.site, gathered)
        after = {one.watch.place: one.after for one in judged}
        note_suspects(step, round.watches, after)
        told = {one.watch.name: _note(step, one, gathered) for one in judged}
        far_side.note_source(step, round.site, _failure(judged), gathered.stands.get(far_side.NAME))
        _remember(tx, judged, gathered, told, now)
        progress = step.end(len(judged))
    said = " ".join(_said(one) for one in judged)
    return Looked(said=said, channels=progress.channels, failed=_failure(judged) is not None)


# ---------------------------------------------------------------- judge


def _judge(watch: Watch, gathered: Gathered, now: datetime) -> Judgement:
    part = LOOKS[watch.look].part(watch)
    kept = gathered.known.kept(part, now)
    before, seen = gathered.memories[watch.name], gathered.seen[watch.name]
    bug: Exception | None = None
    try:
        if isinstance(seen, SourceError):
            thought = _unread(watch, before, now)
        else:
            thought = considered(watch, seen.judge(watch, kept, before), before, kept)
    except Exception as raised:  # one watch's fault must not stop its neighbours
        log.exception("watch raised", extra={"watch": watch.name, "site": watch.site})
        thought, bug = _unread(watch, before, now), raised
    return Judgement(
        watch=watch,
        kept=kept,
        hours=gathered.known.traced(part, kept),
        before=before,
        after=before.after(thought),
        thought=thought,
        seen=seen,
        bug=bug,
    )


def _unread(watch: Watch, before: Memory, now: datetime) -> Thought:
    judged = unread(Why.UNREADABLE, now, before.spell())
    return Thought(opinions=(Opinion(judged=judged, number=watch.look),), note=before.note)


def _explained(explain: Explain, one: Judgement, source: Source) -> Judgement:
    """Ask for the reasons of troubles that have just begun."""
    found: dict[str, Explanation] = {}
    for opinion in one.thought.opinions:
        if opinion.judged.verdict.holds and not one.before.spell(opinion.subject).open:
            try:
                said = explain(one.watch, one.kept, opinion, source)
            except SourceError as error:
                log.warning("not explained", extra={"watch": one.watch.name, "why": error.why})
                continue
            if said is not None:
                found[opinion.subject] = said
    return replace(one, after=one.after.explained(found)) if found else one


# ---------------------------------------------------------------- write


def _keep(tx: Tx, site: str, gathered: Gathered) -> None:
    for part, days in gathered.fresh.items():
        readings.keep(tx, site, part, days)
    readings.remember(tx, site, gathered.known.today, gathered.lessons, gathered.completeness)


def _note(step: Step, one: Judgement, gathered: Gathered) -> dict[str, str]:
    """Let the alerts decide about what a watch thinks. Return their reasons by subject."""
    stand = gathered.stands.get(one.watch.name)
    if stand is not None and stand.meaning != one.watch.meaning:
        _close_former(step, stand)
    if one.bug is not None:
        step.trouble(stumbled(one.watch.name, one.watch.site, one.bug, step.now))
    was_refused = stand is not None and stand.why == REFUSED
    if was_refused or isinstance(one.error, Refused):
        far_side.refused(step, one.watch, one.error)
    told: dict[str, str] = {}
    for opinion in one.thought.opinions:
        if _worth_noting(one, opinion):
            reason = step.note(_finding(one, opinion, step.now), one.watch.notify)
            told[opinion.subject] = reason
            if one.watch.do is not None and reason in BEGINS:
                doing.ask(step.tx, one.watch.do, doing.measured(*one.watch.place), step.now)
    return told


def _worth_noting(one: Judgement, opinion: Opinion) -> bool:
    """Whether the alerts have to hear of it: trouble, what may become one, or what was one until now."""
    verdict = opinion.judged.verdict
    if verdict.state in NO_NUMBERS:
        return False
    return verdict.state is not State.OK or one.before.spell(opinion.subject).state is not State.OK


def _finding(one: Judgement, opinion: Opinion, now: datetime) -> Finding:
    watch, verdict = one.watch, opinion.judged.verdict
    picture = None if isinstance(one.seen, SourceError) else one.seen.picture(watch, one.kept, opinion)
    content = opinion.content or measured(watch, opinion, one.before, one.after, picture)
    return Finding(
        key=f"{watch.key}/{opinion.subject}" if opinion.subject else watch.key,
        content=content,
        seen_at=now,
        severity=watch.severity,
        site=watch.site,
        rule=watch.name,
        lasting=opinion.lasting,
        holds=verdict.holds,
        wavering=verdict.state in (State.PENDING, State.RECOVERING),
        measured=True,
        drop=verdict.side is Side.DOWN,
    )


def _close_former(step: Step, stand: Stand) -> None:
    """Close without a word what the watch told while it meant something else."""
    memory = Memory.from_json(stand.memory)
    key = f"{WATCH}{stand.site}/{stand.name}"
    keys = {f"{key}/{subject}" if subject else key for subject in memory.spells}
    former = [alert for alert in alerts.standing(step.tx) if alert.key in keys]
    step.tell(*alerts.close(step.tx, former, step.around, step.now))


REFUSED = "refused"
"""Why a watch has no numbers, when its question itself is wrong."""


def _remember(
    tx: Tx, judged: list[Judgement], gathered: Gathered, told: dict[str, dict[str, str]], now: datetime
) -> None:
    stands, records = [], []
    for one in judged:
        stand = _stand(one, now)
        stands.append(stand)
        if not _same(gathered.stands.get(one.watch.name), stand) or told[one.watch.name]:
            records.append(_record(one, stand, told[one.watch.name]))
    verdicts.stand(tx, stands)
    verdicts.record(tx, records)


def _stand(one: Judgement, now: datetime) -> Stand:
    loudest = trace.loudest(one.thought.opinions)
    verdict = None if loudest is None else loudest.judged.verdict
    why = Why.USUAL if verdict is None else verdict.why
    said = suspicion(one.after)
    return Stand(
        name=one.watch.name,
        site=one.watch.site,
        meaning=one.watch.meaning,
        memory=one.after.to_json(),
        state=State.OK if verdict is None else verdict.state,
        why=REFUSED if isinstance(one.error, Refused) else why,
        as_of_at=now if verdict is None else verdict.as_of_at,
        looked_at=now,
        suspect=None if said is None else said.suspect,
    )


def _same(before: Stand | None, after: Stand) -> bool:
    """Whether a look said the same of the same numbers again."""
    if before is None:
        return False
    return (before.as_of_at, before.state, before.why, before.meaning, before.memory) == (
        after.as_of_at,
        after.state,
        after.why,
        after.meaning,
        after.memory,
    )


def _record(one: Judgement, stand: Stand, told: dict[str, str]) -> Record:
    opinions = one.thought.opinions[: trace.MOST_OPINIONS]
    inputs = Trace(
        hours=one.hours,
        opinions=tuple(traced(each, one.before, told.get(each.subject)) for each in opinions),
        error=None if one.error is None else one.error.why,
    )
    return Record(
        name=stand.name,
        site=stand.site,
        as_of_at=stand.as_of_at,
        looked_at=stand.looked_at,
        state=stand.state,
        why=stand.why,
        told=", ".join(sorted(set(told.values()))) or None,
        inputs=inputs.to_json(),
    )


# ---------------------------------------------------------------- say


def _failure(judged: list[Judgement]) -> SourceError | None:
    """Return why the source told nothing: what every watch met. One that is refused met an answer."""
    errors = [one.error for one in judged]
    failures = [error for error in errors if error is not None and not isinstance(error, Refused)]
    return failures[0] if failures and len(failures) == len(errors) else None


def _said(one: Judgement) -> str:
    if one.bug is not None:
        return f"{one.watch.name}: it broke down, the log has more."
    if one.error is not None:
        return f"{one.watch.name}: no numbers, {one.error.why}"
    loudest = trace.loudest(one.thought.opinions)
    if loudest is None:
        return f"{one.watch.name}: nothing unusual."
    verdict = loudest.judged.verdict
    evidence = verdict.evidence
    numbers = ""
    if evidence is not None:
        expected = "" if evidence.expected is None else f" of {evidence.expected:.4g} expected"
        numbers = f" ({evidence.value:.4g}{expected})"
    return f"{one.watch.name}: {verdict.why.value.replace('_', ' ')}{numbers}."
