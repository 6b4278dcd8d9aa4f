"""Who may run the schedule: one process at a time, by a row with a fencing term, on the store's own clock."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Away

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
SCHEDULE = "schedule"
"""The lease of the one who runs the schedule."""


def lead(tx: Tx, name: str, owner: str, seconds: float, now: datetime) -> int | None:
    """Take or renew a lease. Return its term when it is ours, None when somebody else holds it.

    The term grows with every change of hands: whoever acts under a lease shows its term to `holds`, in the
    transaction of the act, and is refused when he was replaced without noticing.
    """
    clock = db.STORE_NOW.compile(dialect=tx.dialect)
    statement = sa.text(
        f"INSERT INTO leases (name, owner, until, term, beat_at)"  # noqa: S608 - constants of ours
        f" VALUES (:name, :owner, {clock} + :seconds, 1, :beat_at)"
        f" ON CONFLICT (name) DO UPDATE SET owner = :owner, until = {clock} + :seconds, beat_at = :beat_at,"
        f" term = leases.term + CASE WHEN leases.owner = :owner THEN 0 ELSE 1 END"
        f" WHERE leases.owner = :owner OR leases.until < {clock} RETURNING term"
    ).bindparams(sa.bindparam("beat_at", now, type_=db.Instant()))
    term: int | None = tx.execute(statement, {"name": name, "owner": owner, "seconds": seconds}).scalar()
    return term


def holds(tx: Tx, name: str, owner: str, term: int) -> bool:
    """Whether a lease is still ours; locks it until the transaction ends, so that it stays so."""
    asked = sa.select(db.leases.c.term).where(
        db.leases.c.name == name, db.leases.c.owner == owner, db.leases.c.term == term
    )
    return tx.execute(asked.with_for_update()).one_or_none() is not None


def give_back(tx: Tx, owner: str) -> None:
    """Let the next process lead at once."""
    tx.execute(sa.update(db.leases).where(db.leases.c.owner == owner).values(until=0.0))


def beaten_at(tx: Tx, name: str) -> datetime | None:
    """Return when the lease was last renewed, by whomever."""
    beat_at: datetime | None = tx.execute(
        sa.select(db.leases.c.beat_at).where(db.leases.c.name == name)
    ).scalar()
    return beat_at


def note_absence(tx: Tx, now: datetime) -> None:
    """Remember that nobody showed a sign of life since the lease was last renewed, until now."""
    since_at = beaten_at(tx, SCHEDULE) or _EVER
    db.insert_missing(tx, db.absences, [{"since_at": since_at, "until_at": now}])


def absences(tx: Tx, since_at: datetime, until_at: datetime) -> list[Away]:
    """Return when we were away within [since_at, until_at), cut to it, in order; not what was before us."""
    table = db.absences
    asked = sa.select(table).where(
        table.c.since_at < until_at, table.c.until_at > since_at, table.c.since_at > _EVER
    )
    return [
        Away(since_at=max(since_at, row.since_at), until_at=min(until_at, row.until_at))
        for row in tx.execute(asked.order_by(table.c.since_at))
    ]


def born_at(tx: Tx) -> datetime | None:
    """Return the first sign of life in this store; None when there was none, or it is forgotten."""
    at: datetime | None = tx.execute(
        sa.select(db.absences.c.until_at).where(db.absences.c.since_at == _EVER)
    ).scalar()
    return at


def forget_absences(tx: Tx, before: datetime) -> int:
    """Forget when we were away before an instant, but not when we began; return how often that was."""
    old = sa.delete(db.absences).where(db.absences.c.until_at < before, db.absences.c.since_at > _EVER)
    return tx.execute(old).rowcount
