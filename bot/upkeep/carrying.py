"""Works off what people said yes to: the account is read again, and only what was seen is done.

A yes is bound to changes as they were shown. If one of them would now be another change, nothing is done, and
the same is proposed again as it is now. What is as wished already needs no doing.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.db import Tx
from bot.facts import Upkept
from bot.jobs import Ran, Turn
from bot.manage.change import Actor, Authority, Change
from bot.manage.outcome import Ruling, Step, Verdict
from bot.manage.steward import Busy, Look, Stale, Steward
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError
from bot.upkeep import additions, aftermath_book, proposals, telling
from bot.upkeep.additions import Addition
from bot.upkeep.proposal import Proposal, State
from bot.upkeep.tending import Tender, Tenders, bound, carry, identity, seen


class Came(StrEnum):
    """What came of carrying a yes out."""

    DONE = "done"
    NOTHING = "it was so already"
    MOVED = "the account has moved: it is proposed again as it is now"
    REFUSED = "not allowed"
    LATER = "put off"
    FAILED = "not done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What came of it, in a sentence, with what was done."""

    came: Came
    said: str
    steps: tuple[Step, ...] = ()
    look: Look | None = None


Transaction = Callable[[], AbstractContextManager[Tx]]


def carry_through(
    tender: Tender, proposal: Proposal, transaction: Transaction
) -> tuple[Carried, frozenset[str]]:
    """Carry a yes out from its beginning to its end. Return what came of it, and who is told.

    What it adds to the file stands before anything is written at Pirsch, so that no round in between finds a
    filter that nobody wants; and it ends again when nothing came of it.
    """
    with transaction() as tx:
        kept = [additions.add(tx, _by(one, proposal), tender.now()) for one in proposal.draft.additions]
    carried = carry_out(tender, proposal)
    with transaction() as tx:
        if carried.came not in (Came.DONE, Came.NOTHING):
            for one in kept:
                additions.end(tx, one.id or 0, "nothing came of it", tender.now())
        return carried, settle(tx, tender, proposal, carried)


def carry_out(tender: Tender, proposal: Proposal) -> Carried:
    """Do what was approved. Writes nothing but the ledger; `settle` writes down what came of it."""
    plan = proposal.draft.plan
    actor = Actor(who=proposal.decided_by or "somebody", authority=Authority.APPROVED)
    if not plan.changes:
        return Carried(came=Came.DONE, said="Kept, and nothing is to be written for it.")
    try:
        steward = tender.steward(proposal.draft.additions)
        look = seen(steward.look(actor), plan.kinds)
        return _carried(steward, look, plan.changes, actor)
    except (Busy, Stale, PirschError) as error:
        return Carried(came=Came.LATER, said=f"Put off: {error}")


def _carried(steward: Steward, look: Look, shown: tuple[Change, ...], actor: Actor) -> Carried:
    now = {(one.change.kind, one.change.key): one for one in look.rulings}
    left = [one for one in shown if (one.kind, one.key) in now]
    moved = [one for one in left if identity(now[one.kind, one.key].change) != identity(one)]
    if moved:
        return Carried(came=Came.MOVED, said=f"{moved[0].title} is another change by now.", look=look)
    if not left:
        return Carried(came=Came.NOTHING, said="It was so already; nothing was written.")
    rulings = [now[one.kind, one.key] for one in left]
    if refused := [one for one in rulings if not _may(one)]:
        why = "; ".join(f"{one.change.title}: {one.why}" for one in refused)
        return Carried(came=Came.REFUSED, said=f"Not allowed: {why}")
    steps = carry(steward, look, [one.change for one in rulings], actor)
    return Carried(came=_came(steps), said=". ".join(telling.outcomes(steps)) + ".", steps=steps, look=look)


def _may(ruling: Ruling) -> bool:
    return ruling.verdict is Verdict.ALLOWED


def _came(steps: tuple[Step, ...]) -> Came:
    if steps and all(one.outcome.good for one in steps):
        return Came.DONE
    later = bool(steps) and all(one.outcome.good or one.outcome.open for one in steps)
    return Came.LATER if later else Came.FAILED


def settle(tx: Tx, tender: Tender, proposal: Proposal, carried: Carried) -> frozenset[str]:
    """Write down what came of a yes, and tell it. A yes that was put off stays one."""
    now = tender.now()
    intents = aftermath_book.begin(tx, tender.site, carried.steps, now, foretold(carried))
    if carried.came is Came.LATER:
        return frozenset()
    good = carried.came in (Came.DONE, Came.NOTHING)
    if not proposals.finish(tx, proposal.id, State.DONE if good else State.FAILED, carried.said):
        return frozenset()
    if carried.came is Came.MOVED and carried.look is not None:
        return _again(tx, tender, proposal, carried.look)
    content = Upkept(
        what=proposal.draft.title if good else f"Not done: {proposal.draft.title}",
        why=f"{proposal.decided_by} said yes. {carried.said}",
        good=good,
        changes=telling.outcomes(carried.steps),
        undo=telling.undo_command(intents),
    )
    return tender.audience.told(tx, f"proposal/{proposal.id}", content, now)


def foretold(carried: Carried) -> float:
    """Return the share of visitors that the guard foretold to go."""
    if carried.look is None:
        return 0.0
    done = {identity(one.change) for one in carried.steps}
    impacts = [one.impact for one in carried.look.rulings if identity(one.change) in done]
    return min(1.0, sum(one.share for one in impacts if one is not None))


def _again(tx: Tx, tender: Tender, proposal: Proposal, look: Look) -> frozenset[str]:
    """Ask again, of the account as it is now."""
    keys = {(one.kind, one.key) for one in proposal.draft.plan.changes}
    changes = [one for one in look.plan.changes if (one.kind, one.key) in keys]
    draft = replace(proposal.draft, plan=bound(look.plan, changes))
    _, made = proposals.offer(tx, draft, tender.now())
    return frozenset() if made is None else tender.audience.asked(tx, made, tender.now())


def _by(one: Addition, proposal: Proposal) -> Addition:
    return replace(one, by=f"{one.by}, approved by {proposal.decided_by}")


def work_off(tenders: Tenders, turn: Turn) -> Ran:
    """Carry out every yes that waits. Pirsch is asked with no transaction open."""
    done, told = 0, frozenset[str]()
    while not turn.stopping.is_set():
        with turn.transaction() as tx:
            proposal = proposals.claim(tx)
        if proposal is None:
            break
        maker = tenders.get(proposal.draft.site)
        if maker is None:
            with turn.transaction() as tx:
                proposals.finish(tx, proposal.id, State.FAILED, "The site is not managed any more.")
            continue
        try:
            tender = maker()
        except (PirschError, SourceError) as error:
            return Ran(said=f"Put off: {error}", channels=told, failed=True)
        carried, channels = carry_through(tender, proposal, turn.transaction)
        told |= channels
        if carried.came is Came.LATER:
            return Ran(said=carried.said, channels=told, failed=True)
        done += 1
    return Ran(said=f"{done} worked off." if done else "Nobody said yes to anything.", channels=told)
