"""Takes a change back: by the inverse that the ledger knows, and so that no round does it again.

What was added beyond the file is ended. What the file itself wants is held: the bot leaves that object alone
until somebody lets it go, or applies the file by hand.
"""

from dataclasses import dataclass, replace

from bot.db import Tx
from bot.manage import ledger
from bot.manage.change import Actor, Change, KindName, Plan, Verb, state_of
from bot.manage.ledger import Entry
from bot.manage.outcome import Outcome, Ruling, Step, Verdict
from bot.manage.survey import survey
from bot.upkeep import additions
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.carrying import Transaction
from bot.upkeep.tending import Tender

_ADDED = {
    KindName.FILTER: AdditionKind.FILTER,
    KindName.GOAL: AdditionKind.GOAL,
    KindName.REPORT: AdditionKind.REPORT,
    KindName.SPIKE_THRESHOLD: AdditionKind.SPIKE_THRESHOLD,
    KindName.WEBHOOK: AdditionKind.WEBHOOK,
}


class CannotUndo(Exception):
    """Why a change cannot be taken back, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back. The wish behind it is `ended` if it was an addition, or else `held`."""

    step: Step | None
    said: str
    ended: bool = False
    held: bool = False

    @property
    def good(self) -> bool:
        """Whether the account is as it was before the change."""
        return self.step is None or self.step.outcome.good


def entry_of(rows: list[Entry], intent: int) -> Entry:
    """Return the outcome of an intent, whichever of the two ids a person names. Raise CannotUndo."""
    by_id = {row.id: row for row in rows}
    named = by_id.get(intent)
    if named is None:
        raise CannotUndo(f"the ledger has no entry {intent}")
    about = named.id if named.entry == ledger.INTENT else named.intent
    outcomes = [row for row in rows if row.entry == ledger.OUTCOME and row.intent == about]
    if about is None or not outcomes:
        raise CannotUndo(f"entry {intent} is no change that was carried out")
    last = max(outcomes, key=lambda row: row.id)
    if last.outcome not in (Outcome.DONE, Outcome.SAID_YES):
        raise CannotUndo(f"entry {intent} was not carried out: {last.answer or last.outcome}")
    return last


def change_of(entry: Entry) -> Change:
    """Return the change that an entry tells."""
    return Change(
        site=entry.site,
        kind=KindName(entry.kind),
        verb=Verb(entry.verb),
        key=entry.key,
        id=entry.object_id,
        before=entry.before,
        after=entry.after,
        why=entry.why,
        origin=entry.origin,
    )


def undo(tender: Tender, intent: int, actor: Actor, transaction: Transaction) -> Undone:
    """Take a change back. Raise CannotUndo, Busy, Stale or PirschError."""
    with tender.database.reading() as tx:
        entry = entry_of(list(ledger.entries(tx, site=tender.site)), intent)
    change = change_of(entry)
    inverse = change.inverse
    if inverse is None:
        raise CannotUndo(f"nobody knows any more what was there before {change.title}")
    with transaction() as tx:
        ended = _end(tx, tender, change, actor.who)
        held = not ended and _hold(tx, tender, change, actor.who)
    step, said = _apply(tender, replace(inverse, id=entry.object_id, why=f"undo of {entry.intent}"), actor)
    return Undone(step=step, said=said, ended=ended, held=held)


def _apply(tender: Tender, inverse: Change, actor: Actor) -> tuple[Step | None, str]:
    """Carry out one change over the account as it is."""
    steward = tender.steward()
    seen = survey(steward.account, [inverse.kind], steward.memory())
    here = next((one for one in seen.things if inverse.id is not None and one.id == inverse.id), None)
    if inverse.verb is Verb.DELETE and here is None and inverse.id is not None:
        return None, "It is gone already."
    plan = Plan(
        site=tender.site,
        made_at=tender.now(),
        changes=(inverse if here is None else replace(inverse, owner=here.owner),),
        state=state_of(seen.things),
    )
    (word,) = steward.apply(plan, actor)
    if isinstance(word, Ruling):
        raise CannotUndo(f"{word.change.title}: {word.why or Verdict(word.verdict).value}")
    return word, word.answer


def _end(tx: Tx, tender: Tender, change: Change, who: str) -> bool:
    """End the addition behind a change. A webhook's is kept under its event alone."""
    kind = _ADDED.get(change.kind)
    if kind is None:
        return False
    key = str((change.after or {}).get("event", "")) if kind is AdditionKind.WEBHOOK else change.key
    return additions.end_key(tx, tender.site, kind, key, who, tender.now())


def _hold(tx: Tx, tender: Tender, change: Change, who: str) -> bool:
    one = Addition(
        site=tender.site,
        kind=AdditionKind.HOLD,
        key=additions.hold_key(change.kind, change.key),
        why=f"{who} has undone: {change.title}",
        by=who,
        fields={},
    )
    additions.add(tx, one, tender.now())
    return True
