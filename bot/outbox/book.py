"""The outbox as a person sees it: entries, lanes, dead letters, sending again, forgetting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Notice
from bot.outbox.queue import DEAD, WAITING, Attempt
from bot.record import show_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A notice of the outbox as a list shows it."""

    position: int
    id: str
    channel: str
    state: str
    put_at: datetime
    attempts: int
    meant_for: str | None
    settled_at: datetime | None
    receipt: str | None
    why: str | None
    notice: Notice
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A channel's road as a list shows it."""

    channel: str
    open_at: datetime
    failures: int
    closed_why: str | None
    remedy: str | None
    waiting: int
    oldest_at: datetime | None


def entries(tx: Tx, *, state: str | None = None, channel: str | None = None, most: int = 50) -> list[Entry]:
    """Return notices, the newest first."""
    table = db.notices
    asked = sa.select(table).order_by(table.c.position.desc()).limit(most)
    for column, value in ((table.c.state, state), (table.c.channel, channel)):
        if value is not None:
            asked = asked.where(column == value)
    return [_entry(row) for row in tx.execute(asked)]


def entry(tx: Tx, beginning: str) -> Entry | None:
    """Return the one notice whose id begins so; None when there is none or more than one."""
    table = db.notices
    rows = tx.execute(
        sa.select(table).where(table.c.id.startswith(beginning, autoescape=True)).limit(2)
    ).all()
    return _entry(rows[0]) if len(rows) == 1 else None


def _entry(row: sa.Row[Any]) -> Entry:
    values = {name: getattr(row, name) for name in Entry.__dataclass_fields__}
    return Entry(**(values | {"notice": show_notice(row.notice)}))


def attempts_of(tx: Tx, notice_id: str) -> list[Attempt]:
    """Return how each try went, the first first."""
    table = db.attempts
    asked = sa.select(table.c.tried_at, table.c.seconds, table.c.outcome, table.c.why)
    rows = tx.execute(asked.where(table.c.notice_id == notice_id).order_by(table.c.id))
    return [Attempt(**row._mapping) for row in rows]


def lanes(tx: Tx) -> list[Lane]:
    """Return every lane that was ever used, with what waits on it."""
    table = db.notices
    waiting = (
        sa.select(
            table.c.channel, sa.func.count().label("waiting"), sa.func.min(table.c.put_at).label("oldest_at")
        )
        .where(table.c.state == WAITING)
        .group_by(table.c.channel)
        .subquery()
    )
    lane = db.lanes
    asked = (
        sa.select(
            lane.c.channel,
            lane.c.open_at,
            lane.c.failures,
            lane.c.closed_why,
            lane.c.remedy,
            sa.func.coalesce(waiting.c.waiting, 0).label("waiting"),
            waiting.c.oldest_at,
        )
        .outerjoin(waiting, waiting.c.channel == lane.c.channel)
        .order_by(lane.c.channel)
    )
    return [Lane(**row._mapping) for row in tx.execute(asked)]


def send_again(tx: Tx, ids: Sequence[str], now: datetime) -> int:
    """Let dead letters wait again, from now on, with their old id; return how many do."""
    table = db.notices
    dead = sa.update(table).where(table.c.id.in_(ids), table.c.state == DEAD)
    return tx.execute(dead.values(state=WAITING, put_at=now, due_at=None, settled_at=None)).rowcount


def reopen(tx: Tx, channel: str, now: datetime) -> None:
    """Try a paused or closed lane at once: a person says that it was mended."""
    lane = sa.update(db.lanes).where(db.lanes.c.channel == channel)
    tx.execute(lane.values(open_at=now, probe_at=now))


def waiting(tx: Tx) -> dict[str, int]:
    """Return how many notices wait for each channel that something waits for."""
    table = db.notices
    asked = sa.select(table.c.channel, sa.func.count().label("number")).where(table.c.state == WAITING)
    rows = tx.execute(asked.group_by(table.c.channel).order_by(table.c.channel))
    return {row.channel: row.number for row in rows}


def oldest_waiting(tx: Tx) -> datetime | None:
    """Return since when the oldest notice waits."""
    table = db.notices
    return tx.execute(sa.select(sa.func.min(table.c.put_at)).where(table.c.state == WAITING)).scalar()


def counts(tx: Tx) -> dict[str, int]:
    """Return how many notices are in each state. Reads the whole table."""
    rows = tx.execute(
        sa.select(db.notices.c.state, sa.func.count().label("number")).group_by(db.notices.c.state)
    )
    return {row.state: row.number for row in rows}


def unsettled(tx: Tx) -> dict[str, int]:
    """Return how many notices wait, and how many were given up. Reads nothing else."""
    return db.count_by_state(tx, db.notices, (WAITING, DEAD))


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most `most` settled notices, and tries, older than an instant; return how many went."""
    table = db.notices
    old = sa.select(table.c.position).where(table.c.settled_at < before, table.c.state != WAITING).limit(most)
    gone = tx.execute(sa.delete(table).where(table.c.position.in_(old.scalar_subquery()))).rowcount
    tries = sa.select(db.attempts.c.id).where(db.attempts.c.tried_at < before).limit(most)
    return (
        gone
        + tx.execute(sa.delete(db.attempts).where(db.attempts.c.id.in_(tries.scalar_subquery()))).rowcount
    )
