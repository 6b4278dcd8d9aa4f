"""What came of a try: sent, put off, put aside, buried, the road closed, or everything moved to another."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.outbox.queue import DEAD, DIVERTED, SENT, WAITING, Attempt, Claimed, put_rows


def sent(tx: Tx, claimed: Claimed, attempt: Attempt, receipt: str, open_at: datetime) -> bool:
    """The far side said that it has the message. The lane is open (again) from `open_at` on.

    Return False when it was settled by somebody else meanwhile, who took the lane over.
    """
    ours = _settle(tx, claimed, attempt, state=SENT, receipt=receipt, why=attempt.why)
    again: dict[str, Any] = {"closed_why": None, "closed_at": None, "remedy": None, "probe_at": None}
    _lane(tx, claimed.channel, open_at=open_at, failures=0, **again)
    return ours


def put_rest(tx: Tx, claimed: Claimed, only: Sequence[str], due_at: datetime) -> None:
    """Let a notice wait once more, for those of a channel's addresses that did not get it yet.

    It was put when the first one was, and is behind everything that waits: nobody else waits for it.
    """
    table = db.notices
    same = (table.c.channel, table.c.notice, table.c.put_at, table.c.meant_for, table.c.rank, table.c.silent)
    asked = sa.select(*same)
    row = tx.execute(asked.where(table.c.id == claimed.id)).one()
    put_rows(tx, [dict(row._mapping) | {"only": json.dumps(list(only)), "due_at": due_at}])


def put_aside(tx: Tx, claimed: Claimed, attempt: Attempt, until: datetime) -> None:
    """Try the same notice again, not before `until`; those behind it need not wait with it."""
    _settle(tx, claimed, attempt, state=WAITING, why=attempt.why)
    tx.execute(sa.update(db.notices).where(db.notices.c.id == claimed.id).values(due_at=until))


def put_off(tx: Tx, claimed: Claimed, attempt: Attempt, until: datetime) -> None:
    """Try the same notice again, not before `until`; those behind it wait with it."""
    _settle(tx, claimed, attempt, state=WAITING, why=attempt.why)
    _lane(tx, claimed.channel, open_at=until, failures=claimed.failures + 1)


def bury(tx: Tx, claimed: Claimed, attempt: Attempt, open_at: datetime) -> None:
    """Give a notice up. It stays as a dead letter that can be looked at and sent again."""
    _settle(tx, claimed, attempt, state=DEAD, why=attempt.why)
    _lane(tx, claimed.channel, open_at=open_at, failures=0)


def bury_old(tx: Tx, channel: str, before: datetime, attempt: Attempt) -> int:
    """Give up all that waits on a lane since before an instant: one try spoke for all. Return how many."""
    table = db.notices
    old = sa.update(table).where(
        table.c.channel == channel, table.c.state == WAITING, table.c.put_at <= before
    )
    ended_at = attempt.tried_at + timedelta(seconds=attempt.seconds)
    return tx.execute(old.values(state=DEAD, settled_at=ended_at, why=attempt.why)).rowcount


def close(
    tx: Tx,
    claimed: Claimed,
    attempt: Attempt,
    remedy: str,
    probe_at: datetime,
    open_at: datetime,
    *,
    gives_up: bool = False,
) -> None:
    """The road is closed until a person does what `remedy` says. The notice keeps waiting, or is given up.

    `open_at` is when the lane is looked at again: at once when a fallback can take what waits.
    """
    _settle(tx, claimed, attempt, state=DEAD if gives_up else WAITING, why=attempt.why)
    since = claimed.closed_at or attempt.tried_at
    closed = {"closed_why": attempt.why, "closed_at": since, "remedy": remedy, "probe_at": probe_at}
    _lane(tx, claimed.channel, open_at=open_at, failures=claimed.failures + 1, **closed)


def divert(tx: Tx, channel: str, fallback: str, now: datetime) -> int:
    """Move all that waits for a closed channel to its fallback, in order; return how many went."""
    table = db.notices
    moved = (
        sa.update(table)
        .where(table.c.channel == channel, table.c.state == WAITING)
        .values(state=DIVERTED, settled_at=now)
        .returning(table.c.position, table.c.notice, table.c.meant_for, table.c.rank, table.c.silent)
    )
    rows = sorted(tx.execute(moved), key=lambda row: row.position)
    news = [
        {
            "channel": fallback,
            "notice": row.notice,
            "put_at": now,
            "meant_for": row.meant_for or channel,
            "rank": row.rank,
            "silent": row.silent,
        }
        for row in rows
    ]
    put_rows(tx, news)
    return len(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What was meant for a channel while it was closed and did not come there."""

    elsewhere: int
    lost: int


def missed(tx: Tx, channel: str, since: datetime) -> Missing:
    """Count what did not come into a channel since an instant."""
    table = db.notices
    asked = (
        sa.select(table.c.state, sa.func.count().label("number"))
        .where(table.c.channel == channel, table.c.settled_at >= since, table.c.state.in_((DIVERTED, DEAD)))
        .group_by(table.c.state)
    )
    found = {row.state: row.number for row in tx.execute(asked)}
    return Missing(elsewhere=found.get(DIVERTED, 0), lost=found.get(DEAD, 0))


def _settle(
    tx: Tx, claimed: Claimed, attempt: Attempt, *, state: str, why: str | None, receipt: str | None = None
) -> bool:
    ended_at = attempt.tried_at + timedelta(seconds=attempt.seconds)
    table = db.notices
    # Nothing is taken back: whoever claimed it after our lease ended may have sent it by now.
    ours = sa.update(table).where(table.c.id == claimed.id, table.c.state == WAITING)
    settled_at = None if state == WAITING else ended_at
    values = {"state": state, "why": why, "receipt": receipt, "settled_at": settled_at}
    settled = tx.execute(ours.values(**values)).rowcount == 1
    tx.execute(
        sa.insert(db.attempts).values(
            notice_id=claimed.id,
            channel=claimed.channel,
            tried_at=attempt.tried_at,
            seconds=attempt.seconds,
            outcome=attempt.outcome,
            why=attempt.why,
        )
    )
    return settled


def _lane(tx: Tx, channel: str, **values: Any) -> None:
    tx.execute(sa.update(db.lanes).where(db.lanes.c.channel == channel).values(**values))
