"""What is to be done, and when: one row a job, claimed before it is run.

A row outlives restarts, so nothing is forgotten; it is claimed for a time, on the store's own clock, so
nothing is done by two at once; and every claim has a term, so that whoever was replaced without noticing can
write no more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx

RAN, FAILED = "ran", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A job that shall be done. `timing` says in words when, `due_at` when for the first time."""

    timing: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A due job, ours to run. `failures` is how often it failed in a row before."""

    name: str
    owner: str
    term: int
    due_at: datetime
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A job as the agenda has it. `outcome` is RAN or FAILED, None before the first run."""

    name: str
    timing: str
    due_at: datetime
    running: bool
    ran_at: datetime | None = None
    seconds: float | None = None
    outcome: str | None = None
    said: str | None = None
    failures: int = 0


def plan(tx: Tx, wanted: Mapping[str, First]) -> None:
    """Bring the agenda into line with today's jobs.

    A new job is due at its first instant. One that waits keeps its instant over restarts, unless its timing
    changed. One that is gone is forgotten.
    """
    table = db.agenda
    known = {row.name: row.timing for row in tx.execute(sa.select(table.c.name, table.c.timing))}
    tx.execute(sa.delete(table).where(table.c.name.not_in(wanted)))
    new = [
        {"name": name, "timing": first.timing, "due_at": first.due_at}
        for name, first in sorted(wanted.items())
        if name not in known
    ]
    if new:
        db.insert_missing(tx, table, new)
    for name, first in sorted(wanted.items()):
        if known.get(name, first.timing) != first.timing:
            changed = sa.update(table).where(table.c.name == name)
            tx.execute(changed.values(timing=first.timing, due_at=first.due_at))


def claim(tx: Tx, names: Collection[str], owner: str, seconds: float, now: datetime) -> Claim | None:
    """Take, of these, the job that has been due for longest, for so many seconds. None: nothing is due."""
    return _claim(tx, names, owner, seconds, db.agenda.c.due_at <= now)


def claim_now(tx: Tx, name: str, owner: str, seconds: float) -> Claim | None:
    """Take a job whether it is due or not. None: there is none of this name, or it is running."""
    return _claim(tx, [name], owner, seconds, sa.true())


def _claim(
    tx: Tx, names: Collection[str], owner: str, seconds: float, due: sa.ColumnElement[bool]
) -> Claim | None:
    table, store_now = db.agenda, db.store_now(tx)
    free = sa.or_(table.c.owner.is_(None), table.c.claimed_until < store_now)
    first = (
        sa.select(table.c.name)
        .where(table.c.name.in_(names), due, free)
        .order_by(table.c.due_at, table.c.name)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        sa.update(table)
        .where(table.c.name == first.scalar_subquery())
        .values(owner=owner, claimed_until=store_now + seconds, term=table.c.term + 1)
        .returning(table.c.name, table.c.term, table.c.due_at, table.c.failures)
    )
    row = tx.execute(taken).one_or_none()
    if row is None:
        return None
    return Claim(name=row.name, owner=owner, term=row.term, due_at=row.due_at, failures=row.failures)


def renew(tx: Tx, owner: str, seconds: float) -> None:
    """Keep what we run for another time: we are alive."""
    table = db.agenda
    ours = sa.update(table).where(table.c.owner == owner)
    tx.execute(ours.values(claimed_until=db.store_now(tx) + seconds))


def holds(tx: Tx, claim: Claim) -> bool:
    """Whether a claim is still ours; locks it until the transaction ends, so that it stays so."""
    asked = sa.select(db.agenda.c.name).where(*_is(claim))
    return tx.execute(asked.with_for_update()).one_or_none() is not None


def finish(
    tx: Tx, claim: Claim, *, outcome: str, said: str, ran_at: datetime, seconds: float, next_at: datetime
) -> bool:
    """Write down how a run went and when the next one is due. Return False when the claim was lost."""
    failures = 0 if outcome == RAN else claim.failures + 1
    done = {"outcome": outcome, "said": said, "ran_at": ran_at, "seconds": seconds, "failures": failures}
    free = {"owner": None, "claimed_until": None, "due_at": next_at}
    return tx.execute(sa.update(db.agenda).where(*_is(claim)).values(done | free)).rowcount == 1


def give_back(tx: Tx, owner: str) -> None:
    """Let the next process run at once what we had claimed and did not finish."""
    ours = sa.update(db.agenda).where(db.agenda.c.owner == owner)
    tx.execute(ours.values(owner=None, claimed_until=None))


def entries(tx: Tx) -> list[Entry]:
    """Return every job, the one that is due first at the top."""
    table, store_now = db.agenda, db.store_now(tx)
    running = sa.and_(table.c.owner.is_not(None), table.c.claimed_until >= store_now).label("running")
    rows = tx.execute(sa.select(table, running).order_by(table.c.due_at, table.c.name))
    names = Entry.__dataclass_fields__
    return [
        Entry(**{name: row[name] for name in names} | {"running": bool(row["running"])})
        for row in rows.mappings()
    ]


def _is(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    table = db.agenda
    return table.c.name == claim.name, table.c.owner == claim.owner, table.c.term == claim.term
