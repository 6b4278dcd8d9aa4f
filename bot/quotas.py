"""The calls of late, counted over all processes that ask a far side with the same credentials.

A web process, a worker, a command and the next dyno while two overlap have one limit together. The store's
own clock says when a call may go, since the clocks of processes differ.
"""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from bot import db
from bot.db import Database, Tx
from bot.http.budget import Limit, next_place

_HELD = (
    sa.select(db.STORE_NOW.label("now"), db.quotas.c.taken)
    .where(db.quotas.c.name == sa.bindparam("of_name"))
    .with_for_update()
)


class Quotas:
    """Places within a window, kept in the store. Safe for threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, rate: str, limit: Limit, *, after: float, within: float) -> float | None:
        """Take the next free place; see `bot.http.budget.Places`. No transaction may be open."""
        with self._database.transaction() as tx:
            now, taken = _held(tx, rate)
            at = next_place(taken, limit, now + after)
            if at - now > within:
                return None
            kept = json.dumps([*taken, at][-limit.calls :])
            tx.execute(sa.update(db.quotas).where(db.quotas.c.name == rate).values(taken=kept))
            return at - now

    def look(self, rate: str, limit: Limit, *, after: float) -> float:
        """Return when the next place is free, in seconds from now, and take none."""
        with self._database.transaction() as tx:
            now, taken = _held(tx, rate)
            return next_place(taken, limit, now + after) - now


def _held(tx: Tx, rate: str) -> tuple[float, Sequence[float]]:
    """Return the store's time and the places that are taken, locked until the transaction ends."""
    db.insert_if_new(tx, db.quotas, {"name": str(rate), "taken": "[]"})
    row = tx.execute(_HELD, {"of_name": str(rate)}).one()
    return row.now, json.loads(row.taken)
