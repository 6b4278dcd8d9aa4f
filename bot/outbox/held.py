"""Notices that a channel is spared for a while: told later, one by one or together, or left to a digest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import HeldFor, Notice
from bot.outbox.queue import COLLECTED, HELD, SENT, USUAL, WAITING, Claimed
from bot.record import read_notice, show_notice

MOST_SPARED = 2_000
"""As many held notices as are read to say what channels were spared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A notice that waits for the end of quiet hours, for a new day's budget, or for a digest."""

    id: str
    notice: Notice
    put_at: datetime
    due_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """What one channel was spared in a stretch of time for one reason: so many messages, by their names."""

    channel: str
    reason: HeldFor
    names: tuple[str, ...]


def hold(tx: Tx, claimed: Claimed, until: datetime, why: str, reason: HeldFor) -> None:
    """Spare a channel a claimed notice until then. Nothing was tried, so no attempt is counted.

    `why` is in words, for whoever looks at the queue; `reason` stays with the notice when it was told.
    """
    table = db.notices
    ours = sa.update(table).where(table.c.id == claimed.id, table.c.state == WAITING)
    tx.execute(ours.values(state=HELD, due_at=until, why=why, spared=reason, attempts=table.c.attempts - 1))


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


def spared(
    tx: Tx, sites: Collection[str], since: datetime, until: datetime, due_by: datetime
) -> tuple[Spared, ...]:
    """Return what channels were spared of some sites, and of none, by channel and reason, the first first.

    What is held for longer than `due_by` is left out: it waits for a digest, which tells of it itself.
    """
    table = db.notices
    asked = (
        sa.select(table.c.channel, table.c.spared, table.c.notice)
        .where(table.c.spared.is_not(None), table.c.put_at >= since, table.c.put_at < until)
        .where(sa.or_(table.c.state != HELD, table.c.due_at <= due_by))
        .order_by(table.c.position)
        .limit(MOST_SPARED)
    )
    found: dict[tuple[str, HeldFor], list[str]] = {}
    for row in tx.execute(asked):
        notice = show_notice(row.notice)
        if notice.site is None or notice.site in sites:
            found.setdefault((row.channel, HeldFor(row.spared)), []).append(called(notice))
    return tuple(Spared(channel=one, reason=why, names=tuple(names)) for (one, why), names in found.items())


def called(notice: Notice) -> str:
    """Return what a list of notices calls one: its rule, or else its site or its kind."""
    return notice.rule or notice.site or notice.kind


def told_since(tx: Tx, channel: str, since: datetime) -> int:
    """Return how many messages a channel took since an instant; not counting digests and silent changes."""
    table = db.notices
    asked = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(
            table.c.channel == channel,
            table.c.state == SENT,
            table.c.settled_at >= since,
            table.c.rank <= USUAL,
            table.c.silent.is_(sa.false()),
        )
    )
    return tx.execute(asked).scalar_one()
