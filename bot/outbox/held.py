"""Notices that a channel is spared for a while: told later, one by one or together, or left to a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Notice
from bot.outbox.queue import COLLECTED, HELD, SENT, USUAL, WAITING, Claimed
from bot.record import read_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A notice that waits for the end of quiet hours, for a new day's budget, or for a digest."""

    id: str
    notice: Notice
    put_at: datetime
    due_at: datetime
    why: str


def hold(tx: Tx, claimed: Claimed, until: datetime, why: str) -> None:
    """Spare a channel a claimed notice until then. Nothing was tried, so no attempt is counted."""
    table = db.notices
    ours = sa.update(table).where(table.c.id == claimed.id, table.c.state == WAITING)
    tx.execute(ours.values(state=HELD, due_at=until, why=why, attempts=table.c.attempts - 1))


def held(tx: Tx, channel: str) -> list[Held]:
    """Return what a channel is spared, the oldest first."""
    return _read(tx, _held(channel))


def take_held(tx: Tx, channel: str, due_by: datetime | None = None) -> list[Held]:
    """Return what a channel is spared, with `due_by` only what is due then; ours until the transaction ends.

    Whoever tells of them in words of his own, such as a digest, says so by `collect`.
    """
    asked = _held(channel)
    if due_by is not None:
        asked = asked.where(db.notices.c.due_at <= due_by)
    return _read(tx, asked.with_for_update(skip_locked=True))


def _held(channel: str) -> sa.Select[Any]:
    table = db.notices
    return (
        sa.select(table).where(table.c.channel == channel, table.c.state == HELD).order_by(table.c.position)
    )


def _read(tx: Tx, asked: sa.Select[Any]) -> list[Held]:
    found = []
    for row in tx.execute(asked):
        try:
            notice = read_notice(row.notice)
        except ValueError:  # a newer version wrote it; it is still there for it
            continue
        found.append(Held(id=row.id, notice=notice, put_at=row.put_at, due_at=row.due_at, why=row.why))
    return found


def due_channels(tx: Tx, now: datetime) -> list[str]:
    """Return the channels for which something held is due."""
    table = db.notices
    due = sa.select(table.c.channel).where(table.c.state == HELD, table.c.due_at <= now)
    return list(tx.execute(due.distinct()).scalars())


def let_go(tx: Tx, ids: Sequence[str]) -> None:
    """Let held notices wait like any other, in their old places."""
    table = db.notices
    ours = sa.update(table).where(table.c.id.in_(ids), table.c.state == HELD)
    tx.execute(ours.values(state=WAITING, due_at=None, why=None))


def collect(tx: Tx, ids: Sequence[str], now: datetime) -> None:
    """Settle held notices: another message told of them."""
    table = db.notices
    ours = sa.update(table).where(table.c.id.in_(ids), table.c.state == HELD)
    tx.execute(ours.values(state=COLLECTED, settled_at=now))


def told_since(tx: Tx, channel: str, since: datetime) -> int:
    """Return how many messages a channel took since an instant; not counting digests."""
    table = db.notices
    asked = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(
            table.c.channel == channel,
            table.c.state == SENT,
            table.c.settled_at >= since,
            table.c.rank <= USUAL,
        )
    )
    return tx.execute(asked).scalar_one()
