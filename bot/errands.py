"""What rules and watches ask to be done: one row each, written with the verdict that caused it.

A row waits until a job has worked it off. A flood of events becomes no flood of changes: each of them may
ask for so many in a (UTC) day on one site, and for the same thing once. The count is exact also when several
processes judge: each row takes one of the day's numbers, and no number is taken twice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Deed, Wish

WAITING, DONE, REFUSED = "waiting", "done", "refused"


class Asked(StrEnum):
    """What became of a wish."""

    TAKEN = "taken"
    ASKED_TODAY = "asked for the same today"
    TOO_MANY_TODAY = "asked for too much today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A wish that was taken."""

    id: int
    site: str
    asker: str
    deed: Deed
    subject: str
    detail: Mapping[str, object]
    why: str
    from_event: bool
    asked_at: datetime
    state: str
    said: str | None = None


def ask(tx: Tx, wish: Wish, now: datetime, at_most: int) -> Asked:
    """Let a wish wait to be worked off, unless who asks has asked for the same, or for too much, today."""
    table = db.errands
    day = now.date().isoformat()
    mine = (table.c.asker == wish.asker, table.c.site == wish.site, table.c.day == day)
    asked = sa.select(table.c.deed, table.c.subject).where(*mine)
    today = [(row.deed, row.subject) for row in tx.execute(asked)]
    if (wish.deed, wish.subject) in today:
        return Asked.ASKED_TODAY
    row = {
        "site": wish.site,
        "asker": wish.asker,
        "day": day,
        "deed": wish.deed,
        "subject": wish.subject,
        "detail": json.dumps(dict(wish.detail), sort_keys=True),
        "why": wish.why,
        "from_event": wish.from_event,
        "asked_at": now,
        "state": WAITING,
    }
    taken = any(db.insert_if_new(tx, table, row | {"number": n}) for n in range(len(today), at_most))
    return Asked.TAKEN if taken else Asked.TOO_MANY_TODAY


def waiting(tx: Tx, most: int) -> Sequence[Errand]:
    """Return the oldest that wait."""
    table = db.errands
    asked = sa.select(table).where(table.c.state == WAITING).order_by(table.c.id).limit(most)
    return [_errand(row) for row in tx.execute(asked)]


def latest(tx: Tx, most: int) -> Sequence[Errand]:
    """Return the newest, whatever became of them."""
    return [
        _errand(row) for row in tx.execute(sa.select(db.errands).order_by(db.errands.c.id.desc()).limit(most))
    ]


def settle(tx: Tx, errand: int, state: str, said: str) -> bool:
    """Say what came of it, once. Return False when that was said before."""
    table = db.errands
    mine = sa.update(table).where(table.c.id == errand, table.c.state == WAITING)
    return tx.execute(mine.values(state=state, said=said)).rowcount == 1


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most so many that were settled and asked for before an instant. Return how many went."""
    table = db.errands
    old = sa.select(table.c.id).where(table.c.state != WAITING, table.c.asked_at < before).limit(most)
    return tx.execute(sa.delete(table).where(table.c.id.in_(old.scalar_subquery()))).rowcount


def _errand(row: sa.Row[Any]) -> Errand:
    values = {name: row._mapping[name] for name in Errand.__dataclass_fields__}
    return Errand(**values | {"deed": Deed(row.deed), "detail": json.loads(row.detail)})
