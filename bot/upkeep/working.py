"""Works off what rules and watches asked for: a wish becomes an addition, the addition a plan.

What a stranger had a part in always waits for a yes. The rest is done at once where the file says "auto" for
its kind, and waits for a yes where it says "approve"; the guard has its word on all of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import errands
from bot.db import Tx
from bot.errands import DONE, REFUSED, Errand
from bot.facts import Deed, Upkept
from bot.jobs import Ran, Turn
from bot.manage.change import Actor, Authority, Change, KindName
from bot.manage.kinds.filters import key_of as filter_key
from bot.manage.kinds.reports import key_of as report_key
from bot.manage.memory import Memory
from bot.manage.outcome import Verdict
from bot.manage.steward import Busy, Look, Stale
from bot.manage.wishes import GoalWish, Managed, Mode, Then
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError
from bot.upkeep import additions, aftermath_book, networks, proposals, reached, telling
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.proposal import Draft, Evidence
from bot.upkeep.tending import UPKEEP, Tender, Tenders, bound, carry, identity, seen

MOST_TOGETHER = 20
A_DAY = timedelta(days=1)


class CannotBe(Exception):
    """Why a wish leads to nothing, in a sentence."""


class PutOff(Exception):
    """Why a wish has to wait: nothing was sent, or nobody knows whether it arrived. The next try looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What came of an errand."""

    state: str
    said: str
    told: frozenset[str] = frozenset()


def addition_of(errand: Errand, managed: Managed, memory: Memory, now: datetime) -> Addition:
    """Return what an errand wants beyond the file (pure). Raise CannotBe."""
    lasts = errand.detail.get("lasts")
    until = now + timedelta(seconds=int(lasts)) if isinstance(lasts, int) else None
    kind, key, fields = _wanted(errand, managed, memory)
    if kind is AdditionKind.SPIKE_THRESHOLD and until is None:
        until = now + A_DAY  # a spike passes, and so does what was set because of it
    return Addition(
        site=errand.site,
        kind=kind,
        key=key,
        why=errand.why,
        by=errand.asker,
        fields=fields,
        until_at=until,
    )


def _wanted(errand: Errand, managed: Managed, memory: Memory) -> tuple[AdditionKind, str, dict[str, object]]:
    match errand.deed:
        case Deed.FILTER:
            network = networks.read(errand.subject)
            if isinstance(network, networks.Refused):
                raise CannotBe(f"{errand.subject}: {network.why}")
            address = networks.spelled(network)
            fields: dict[str, object] = {"type": "ip", "filter": address, "note": errand.asker[:80]}
            return AdditionKind.FILTER, filter_key("ip", address), fields
        case Deed.SPIKE_THRESHOLD:
            return AdditionKind.SPIKE_THRESHOLD, "", {"visitors": _raised_threshold(errand, memory)}
        case Deed.GOAL:
            return AdditionKind.GOAL, errand.subject, _raised_goal(errand, managed)
        case Deed.REPORT:
            every = errand.detail.get("every")
            often = every if isinstance(every, int) else 1
            key = report_key(errand.subject, often)
            return AdditionKind.REPORT, key, {"to": errand.subject, "every": often}
        case Deed.WEBHOOK:
            return AdditionKind.WEBHOOK, errand.subject, {}


def _raised_threshold(errand: Errand, memory: Memory) -> int:
    known = memory.settings.get(KindName.SPIKE_THRESHOLD)
    present = (known.fields or {}).get("visitors") if known is not None else None
    if not isinstance(present, int):
        raise CannotBe("the spike threshold was never set by the bot, and Pirsch does not tell it")
    return math.ceil(present * (1 + _by(errand)))


def _raised_goal(errand: Errand, managed: Managed) -> dict[str, object]:
    goal = goal_named(managed, errand.subject)
    if errand.detail.get("reached"):
        return _when_reached(goal, errand)
    base = dict(goal.fields)
    raised = reached.raised(base, _numbers(errand), _by(errand))
    if not raised:
        raise CannotBe(f'the goal "{goal.name}" has no target in the file that could be raised')
    return {"base": base, "fields": {name: _plain(one) for name, one in raised.items()}}


def _when_reached(goal: GoalWish, errand: Errand) -> dict[str, object]:
    """Return what the file wants now that a goal was reached."""
    base = dict(goal.fields)
    match None if goal.when_reached is None else goal.when_reached.then:
        case Then.RAISE if goal.when_reached is not None:
            raised = reached.raised(base, _numbers(errand), goal.when_reached.by)
            if not raised:
                raise CannotBe(f'the goal "{goal.name}" has no target in the file that could be raised')
            return {
                "base": base,
                "fields": {name: _plain(one) for name, one in raised.items()},
                "rearms": True,
            }
        case Then.REARM:
            return {"base": base, "fields": {}, "rearms": True}
        case Then.ARCHIVE:
            return {"base": base, "archived": True}
    raise CannotBe("the file wants nothing but to tell it")


def _numbers(errand: Errand) -> dict[str, float]:
    found = {name: one for name, one in errand.detail.items() if name in reached.TARGETS}
    return {name: float(one) for name, one in found.items() if isinstance(one, int | float)}


def goal_named(managed: Managed, name: str) -> GoalWish:
    """Return a goal of the file. Raise CannotBe when there is none of that name."""
    found = next((one for one in managed.goals if one.name == name), None)
    if found is None:
        raise CannotBe(f'the file has no goal "{name}"')
    return found


def _by(errand: Errand) -> float:
    by = errand.detail.get("by")
    return float(by) if isinstance(by, int | float) and by > 0 else 0.5


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


# ---------------------------------------------------------------- doing


def work(tender: Tender, errand: Errand, turn: Turn) -> Worked:
    """Do what an errand wants, or ask for it. Raise PutOff, Busy, Stale or PirschError: later."""
    try:
        one = addition_of(errand, tender.file, tender.keeper.memory(), turn.now)
    except CannotBe as why:
        return Worked(state=REFUSED, said=f"{why}.")
    actor = _actor(tender, errand)
    look, changes = added_changes(tender, one, actor)
    if not changes:
        with turn.transaction() as tx:
            if not any(other.key == one.key and other.kind is one.kind for other in tender.standing()):
                additions.add(tx, one, turn.now)
        return Worked(state=DONE, said="It is so already.")
    return settle_changes(tender, one, look, changes, turn, ask=errand.from_event, actor=actor)


def _actor(tender: Tender, errand: Errand) -> Actor:
    """Return who acts. What becomes of a reached goal, and its mail, the owner has decided in the file."""
    decided = bool(errand.detail.get("reached")) and tender.file.mode_of(KindName.GOAL) is Mode.AUTO
    return Actor(who=errand.asker, authority=Authority.APPROVED) if decided else UPKEEP


def added_changes(tender: Tender, one: Addition, actor: Actor = UPKEEP) -> tuple[Look, tuple[Change, ...]]:
    """Return a look with an addition, and those changes of it that there would not be without."""
    without = {identity(change) for change in seen(tender.steward().look(UPKEEP)).plan.changes}
    look = seen(tender.steward([one]).look(actor))
    return look, tuple(change for change in look.plan.changes if identity(change) not in without)


def settle_changes(
    tender: Tender,
    one: Addition,
    look: Look,
    changes: Sequence[Change],
    turn: Turn,
    *,
    ask: bool,
    actor: Actor = UPKEEP,
) -> Worked:
    """Carry out the changes of an addition, or put them before people; or say why neither is possible."""
    words = [ruling for ruling in look.rulings if ruling.change in changes]
    no = [ruling for ruling in words if not (ruling.verdict is Verdict.ALLOWED or ruling.verdict.askable)]
    if no:
        return Worked(state=REFUSED, said="; ".join(f"{one.change.title}: {one.why}" for one in no) + ".")
    if ask or any(ruling.verdict is not Verdict.ALLOWED for ruling in words):
        sentences = (one.why, *(str(ruling.impact) for ruling in words if ruling.impact is not None))
        draft = Draft(
            site=tender.site,
            about=f"{one.kind} {one.key}",
            title=f"{changes[0].title[:1].upper()}{changes[0].title[1:]}",
            plan=bound(look.plan, changes),
            additions=(one,),
            evidence=Evidence(sentences=sentences),
            asked_by=one.by,
        )
        with turn.transaction() as tx:
            said, made = proposals.offer(tx, draft, turn.now)
            told = frozenset[str]() if made is None else tender.audience.asked(tx, made, turn.now)
        return Worked(state=DONE, said=f"Proposed: {said}.", told=told)
    return _done_at_once(tender, one, look, changes, turn, actor)


def _done_at_once(
    tender: Tender, one: Addition, look: Look, changes: Sequence[Change], turn: Turn, actor: Actor
) -> Worked:
    with turn.transaction() as tx:
        kept = additions.add(tx, one, turn.now)
    steps = carry(tender.steward(), look, changes, actor)
    good = bool(steps) and all(step.outcome.good for step in steps)
    if steps and not good and all(step.outcome.good or step.outcome.open for step in steps):
        with turn.transaction() as tx:
            additions.end(tx, kept.id or 0, "it was put off", turn.now)
        raise PutOff(". ".join(telling.outcomes(steps)))
    with turn.transaction() as tx:
        if not good and kept.id is not None:
            additions.end(tx, kept.id, "it could not be done", turn.now)
        told = _tell(
            tx,
            tender,
            one,
            telling.outcomes(steps),
            aftermath_book.begin(tx, tender.site, steps, turn.now),
            good=good,
            now=turn.now,
        )
    return Worked(state=DONE if good else REFUSED, said=". ".join(telling.outcomes(steps)), told=told)


def _tell(
    tx: Tx,
    tender: Tender,
    one: Addition,
    outcomes: tuple[str, ...],
    intents: tuple[int, ...],
    *,
    good: bool,
    now: datetime,
) -> frozenset[str]:
    content = Upkept(
        what=f"Done because of {one.by}" if good else f"Not done, though {one.by} asked for it",
        why=one.why,
        good=good,
        changes=outcomes,
        undo=telling.undo_command(intents),
    )
    return tender.audience.told(tx, f"{one.kind}/{one.key}", content, now)


def work_off(tenders: Tenders, turn: Turn) -> Ran:
    """Work off the errands that wait, the oldest first."""
    with turn.database.reading() as tx:
        waiting = errands.waiting(tx, MOST_TOGETHER)
    told, done = frozenset[str](), 0
    for errand in waiting:
        if turn.stopping.is_set():
            break
        maker = tenders.get(errand.site)
        try:
            worked = (
                Worked(state=REFUSED, said="The site is not managed: there is no [manage.<site>].")
                if maker is None
                else work(maker(), errand, turn)
            )
        except (PutOff, Busy, Stale, PirschError, SourceError) as error:
            return Ran(said=f"Put off: {error}", channels=told, failed=True)
        with turn.transaction() as tx:
            errands.settle(tx, errand.id, worked.state, worked.said)
        told, done = told | worked.told, done + 1
    return Ran(said=f"{done} worked off." if done else "Nothing was asked for.", channels=told)
