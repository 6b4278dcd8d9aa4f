"""The book of editions: which went where. A row a digest, period and destination: each is told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.digests.editions import Edition

TOLD, USUAL, SKIPPED = "told", "usual", "skipped"
"""What became of an edition: told, not told because all was usual, or too old when its turn came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one edition for one destination."""

    digest: str
    period: str
    channel: str
    due_at: datetime
    settled_at: datetime
    outcome: str


def enter(
    tx: Tx, digest: str, edition: Edition, channels: Iterable[str], outcome: str, now: datetime
) -> list[str]:
    """Write down what becomes of an edition. Return the channels for which nobody has done so before."""
    return [
        channel
        for channel in channels
        if db.insert_if_new(
            tx,
            db.editions,
            {
                "digest": digest,
                "period": edition.period,
                "channel": channel,
                "due_at": edition.due_at,
                "settled_at": now,
                "outcome": outcome,
            },
        )
    ]


def missing(tx: Tx, digest: str, edition: Edition, channels: Iterable[str]) -> list[str]:
    """Return the channels of which nothing is written down yet."""
    table = db.editions
    there = sa.select(table.c.channel).where(table.c.digest == digest, table.c.period == edition.period)
    known = set(tx.execute(there).scalars())
    return [channel for channel in channels if channel not in known]


def last(tx: Tx, digest: str) -> Entry | None:
    """Return what was written down last of a digest."""
    table = db.editions
    asked = sa.select(table).where(table.c.digest == digest)
    row = tx.execute(asked.order_by(table.c.due_at.desc(), table.c.channel).limit(1)).mappings().one_or_none()
    return None if row is None else Entry(**row)


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget old editions, at most so many. Return how many."""
    table = db.editions
    old = sa.select(table.c.digest, table.c.period, table.c.channel)
    rows = tx.execute(old.where(table.c.settled_at < before).limit(most)).all()
    for row in rows:
        tx.execute(sa.delete(table).where(*(table.c[name] == value for name, value in row._mapping.items())))
    return len(rows)
