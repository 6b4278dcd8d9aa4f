"""Proposals in the store: put before people once, decided once, and worked off.

A yes only writes that it was given. Carrying it out asks Pirsch, so it is done elsewhere, by whoever claims
it; the state is read again there, and a plan that has moved becomes another proposal.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot import db
from bot.db import Tx
from bot.upkeep.proposal import LASTS, Answer, Approvers, Draft, Proposal, State, answer

_DRAFT = TypeAdapter(Draft)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
DECIDED = (State.APPROVED, State.REJECTED, State.DONE, State.FAILED)


class Offered(StrEnum):
    """What became of a draft."""

    NEW = "new"
    SAME = "it waits already"
    RENEWED = "it waited for an older plan, which it replaces"
    NEVER = "somebody said never again"
    LATELY = "it was rejected lately"
    UNCHANGED = "there is nothing to do"


REJECTED_FOR = timedelta(days=30)
"""What was rejected is not proposed again for so long, even if nobody said never."""


def offer(tx: Tx, draft: Draft, now: datetime, lasts: timedelta = LASTS) -> tuple[Offered, Proposal | None]:
    """Put a draft before people, unless it waits already or was rejected. Return the new proposal, if any."""
    if not draft.plan.changes and not draft.additions:
        return Offered.UNCHANGED, None
    known = _about(tx, draft)
    if any(one.never_again for one in known):
        return Offered.NEVER, None
    rejected = [one.decided_at for one in known if one.state is State.REJECTED and one.decided_at]
    if any(now - at < REJECTED_FOR for at in rejected):
        return Offered.LATELY, None
    open_ = next((one for one in known if one.state_at(now) is State.OPEN), None)
    if open_ is not None and open_.hash == draft.hash:
        return Offered.SAME, None
    _close(tx, draft, open_, now)
    made = Proposal(id=_new_id(), draft=draft, made_at=now, until_at=now + lasts)
    row = {
        "id": made.id,
        "site": draft.site,
        "about": draft.about,
        "hash": made.hash,
        "content": _DRAFT.dump_json(draft).decode(),
        "made_at": made.made_at,
        "until_at": made.until_at,
        "state": made.state,
    }
    if not db.insert_if_new(tx, db.proposals, row):
        return Offered.SAME, None  # another process was quicker
    return (Offered.RENEWED if open_ is not None else Offered.NEW), made


def find(tx: Tx, id: str) -> Proposal | None:
    """Return a proposal."""
    row = tx.execute(sa.select(db.proposals).where(db.proposals.c.id == id)).one_or_none()
    return None if row is None else _proposal(row)


def latest(tx: Tx, most: int, *, waiting: bool = False) -> Sequence[Proposal]:
    """Return proposals, the newest first; only those that wait for a decision, when asked so."""
    table = db.proposals
    asked = sa.select(table).order_by(table.c.made_at.desc(), table.c.id).limit(most)
    if waiting:
        asked = asked.where(table.c.state == State.OPEN)
    return [_proposal(row) for row in tx.execute(asked)]


def approve(
    tx: Tx, id: str, who: str, seen: str, approvers: Approvers, now: datetime
) -> tuple[Answer, Proposal | None]:
    """Say yes to the plan that was seen, once. Return the proposal as it is now."""
    return _decide(tx, id, who, seen, approvers, now, State.APPROVED)


def reject(
    tx: Tx,
    id: str,
    who: str,
    seen: str,
    approvers: Approvers,
    now: datetime,
    *,
    never_again: bool = False,
) -> tuple[Answer, Proposal | None]:
    """Say no, once. With `never_again` the same is never proposed again."""
    return _decide(tx, id, who, seen, approvers, now, State.REJECTED, never_again=never_again)


def claim(tx: Tx) -> Proposal | None:
    """Take the oldest yes that is not carried out, and keep others from it until the transaction ends."""
    table = db.proposals
    asked = (
        sa.select(table)
        .where(table.c.state == State.APPROVED)
        .order_by(table.c.decided_at, table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.execute(asked).one_or_none()
    return None if row is None else _proposal(row)


def finish(tx: Tx, id: str, state: State, said: str) -> bool:
    """Say what came of a yes. Return False when that was said before."""
    table = db.proposals
    mine = sa.update(table).where(table.c.id == id, table.c.state == State.APPROVED)
    return tx.execute(mine.values(state=state, said=said)).rowcount == 1


def expire(tx: Tx, now: datetime) -> Sequence[Proposal]:
    """Close those that nobody decided in time. Return them."""
    table = db.proposals
    over = sa.update(table).where(table.c.state == State.OPEN, table.c.until_at <= now)
    rows = tx.execute(over.values(state=State.EXPIRED).returning(table))
    return [_proposal(row) for row in rows]


def withdraw(tx: Tx, site: str, about: str, why: str) -> bool:
    """Close an open one that has nothing to propose any more."""
    table = db.proposals
    mine = sa.update(table).where(table.c.site == site, table.c.about == about, table.c.state == State.OPEN)
    return tx.execute(mine.values(state=State.REPLACED, said=why)).rowcount > 0


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most so many old ones; what is never to be proposed again is remembered for good."""
    table = db.proposals
    old = (
        sa.select(table.c.id)
        .where(
            table.c.made_at < before,
            table.c.state.not_in([State.OPEN, State.APPROVED]),
            sa.not_(table.c.never_again),
        )
        .limit(most)
    )
    return tx.execute(sa.delete(table).where(table.c.id.in_(old.scalar_subquery()))).rowcount


def _decide(
    tx: Tx,
    id: str,
    who: str,
    seen: str,
    approvers: Approvers,
    now: datetime,
    state: State,
    *,
    never_again: bool = False,
) -> tuple[Answer, Proposal | None]:
    table = db.proposals
    row = tx.execute(sa.select(table).where(table.c.id == id).with_for_update()).one_or_none()
    found = None if row is None else _proposal(row)
    said = answer(found, who, seen, approvers, now)
    if found is None or said is not Answer.TAKEN:
        return said, found
    values: dict[str, Any] = {
        "state": state,
        "decided_by": who,
        "decided_at": now,
        "never_again": never_again,
    }
    tx.execute(sa.update(table).where(table.c.id == id).values(values))
    return said, replace(found, **values)


def _about(tx: Tx, draft: Draft) -> list[Proposal]:
    table = db.proposals
    asked = sa.select(table).where(table.c.site == draft.site, table.c.about == draft.about)
    return [_proposal(row) for row in tx.execute(asked.order_by(table.c.made_at.desc()).limit(50))]


def _close(tx: Tx, draft: Draft, open_: Proposal | None, now: datetime) -> None:
    """Make room for a new one: close what nobody decided in time, and the very one that it replaces."""
    table = db.proposals
    waiting = sa.update(table).where(
        table.c.site == draft.site, table.c.about == draft.about, table.c.state == State.OPEN
    )
    tx.execute(waiting.where(table.c.until_at <= now).values(state=State.EXPIRED))
    if open_ is not None:
        tx.execute(waiting.where(table.c.id == open_.id).values(state=State.REPLACED))


def _new_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


def _proposal(row: sa.Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        draft=_DRAFT.validate_json(row.content),
        made_at=row.made_at,
        until_at=row.until_at,
        state=State(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        said=row.said,
        never_again=row.never_again,
    )
