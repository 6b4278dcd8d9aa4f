"""What is to be done, and when: one row a job, claimed before it is run.

A row outlives restarts, so nothing is forgotten; it is claimed for a time, on the store's own clock, so
nothing is done by two at once; and every claim has a term, so that whoever was replaced without noticing can
write no more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

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


def _taking(due: sa.ColumnElement[bool]) -> ReturningUpdate[tuple[str, int, datetime, int]]:
    """Take, of some jobs, the free one that has been due for longest."""
    of = db.agenda.c
    first = (
        sa.select(of.name)
        .where(of.name.in_(sa.bindparam("of_names", expanding=True)), due)
        .where(sa.or_(of.owner.is_(None), of.claimed_until < db.STORE_NOW))
        .order_by(of.due_at, of.name)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    until = db.STORE_NOW + sa.bindparam("lease", type_=sa.Float())
    return (
        sa.update(db.agenda)
        .where(of.name == first.scalar_subquery())
        .values(owner=sa.bindparam("us"), claimed_until=until, term=of.term + 1)
        .returning(of.name, of.term, of.due_at, of.failures)
    )


# Every run needs these, and building one takes longer than running it: they are built once.
_TAKE_DUE = _taking(db.agenda.c.due_at <= sa.bindparam("now", type_=db.Instant()))
_TAKE = _taking(sa.true())
_IS_OURS = sa.and_(
    db.agenda.c.name == sa.bindparam("of_name"),
    db.agenda.c.owner == sa.bindparam("us"),
    db.agenda.c.term == sa.bindparam("of_term"),
)
_HELD = sa.select(db.agenda.c.name).where(_IS_OURS).with_for_update()
_FINISH = sa.update(db.agenda).where(_IS_OURS)  # it sets the columns that it is given


def claim(tx: Tx, names: Collection[str], owner: str, seconds: float, now: datetime) -> Claim | None:
    """Take, of these, the job that has been due for longest, for so many seconds. None: nothing is due."""
    asked = {"of_names": list(names), "us": owner, "lease": seconds, "now": now}
    return _taken(tx.execute(_TAKE_DUE, asked), owner)


def claim_now(tx: Tx, name: str, owner: str, seconds: float) -> Claim | None:
    """Take a job whether it is due or not. None: there is none of this name, or it is running."""
    return _taken(tx.execute(_TAKE, {"of_names": [name], "us": owner, "lease": seconds}), owner)


def _taken(found: sa.CursorResult[Any], owner: str) -> Claim | None:
    row = found.one_or_none()
    if row is None:
        return None
    return Claim(name=row.name, owner=owner, term=row.term, due_at=row.due_at, failures=row.failures)


def renew(tx: Tx, owner: str, seconds: float) -> None:
    """Keep what we run for another time: we are alive."""
    table = db.agenda
    ours = sa.update(table).where(table.c.owner == owner)
    tx.execute(ours.values(claimed_until=db.STORE_NOW + seconds))


def holds(tx: Tx, claim: Claim) -> bool:
    """Whether a claim is still ours; locks it until the transaction ends, so that it stays so."""
    return tx.execute(_HELD, _is(claim)).one_or_none() is not None


def finish(
    tx: Tx, claim: Claim, *, outcome: str, said: str, ran_at: datetime, seconds: float, next_at: datetime
) -> bool:
    """Write down how a run went and when the next one is due. Return False when the claim was lost."""
    failures = 0 if outcome == RAN else claim.failures + 1
    done = {"outcome": outcome, "said": said, "ran_at": ran_at, "seconds": seconds, "failures": failures}
    free = {"owner": None, "claimed_until": None, "due_at": next_at}
    return tx.execute(_FINISH, _is(claim) | done | free).rowcount == 1


def give_back(tx: Tx, owner: str) -> None:
    """Let the next process run at once what we had claimed and did not finish."""
    ours = sa.update(db.agenda).where(db.agenda.c.owner == owner)
    tx.execute(ours.values(owner=None, claimed_until=None))


def entries(tx: Tx) -> list[Entry]:
    """Return every job, the one that is due first at the top."""
    table = db.agenda
    running = sa.and_(table.c.owner.is_not(None), table.c.claimed_until >= db.STORE_NOW).label("running")
    rows = tx.execute(sa.select(table, running).order_by(table.c.due_at, table.c.name))
    names = Entry.__dataclass_fields__
    return [
        Entry(**{name: row[name] for name in names} | {"running": bool(row["running"])})
        for row in rows.mappings()
    ]


def _is(claim: Claim) -> dict[str, Any]:
    return {"of_name": claim.name, "us": claim.owner, "of_term": claim.term}
