"""Notices waiting: put, claim, settle. One lane a channel, in order, whoever delivers.

The database is the queue. A channel's lane belongs to one process at a time, by a lease that the process
renews while it lives; so the order holds over several processes, and a killed one is replaced when its
lease ends. A claim counts the attempt before anything is sent: whoever dies in between leaves the notice
waiting, and it is told again. That is the only message that can be told twice.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Notice
from bot.record import read_notice, write_notice

WAITING, SENT, DEAD, DIVERTED = "waiting", "sent", "dead", "diverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The first waiting notice of a lane, ours to send. `attempt` counts from 1.

    `notice` is None when a newer version of the program wrote it, and this one cannot read it.
    """

    id: str
    channel: str
    notice: Notice | None
    put_at: datetime
    attempt: int
    failures: int  # of the lane, in a row, before this attempt
    meant_for: str | None = None
    closed_why: str | None = None
    probe_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Nothing to send now. `at` is when to look again, or None when only a new notice can change that."""

    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try went: sent, temporary, permanent, closed or crashed."""

    tried_at: datetime
    seconds: float
    outcome: str
    why: str | None = None


# ---------------------------------------------------------------- put and claim


def put(tx: Tx, channels: Iterable[str], notice: Notice, now: datetime) -> None:
    """Let a notice wait for each channel, in the transaction that settles its cause."""
    put_all(tx, [(notice, channels)], now)


def put_all(tx: Tx, news: Iterable[tuple[Notice, Iterable[str]]], now: datetime) -> None:
    """Let many notices wait, in their order, by one statement."""
    written = [(write_notice(notice), channels) for notice, channels in news]
    _put(tx, [(channel, text, None) for text, channels in written for channel in channels], now)


def _put(tx: Tx, letters: Sequence[tuple[str, str, str | None]], now: datetime) -> None:
    """Each letter is a channel, the notice's JSON, and the channel that it was meant for."""
    rows = [
        {"id": uuid.uuid4().hex, "channel": channel, "notice": text, "put_at": now, "meant_for": meant_for}
        for channel, text, meant_for in letters
    ]
    if rows:
        tx.execute(sa.insert(db.notices), rows)


def waiting_lanes(tx: Tx) -> list[str]:
    """Return the channels that have something waiting."""
    table = db.notices
    return list(tx.execute(sa.select(table.c.channel).where(table.c.state == WAITING).distinct()).scalars())


def _claim_first() -> sa.sql.dml.ReturningUpdate[Any]:
    table = db.notices
    first = (
        sa.select(table.c.position)
        .where(table.c.channel == sa.bindparam("of_channel"), table.c.state == WAITING)
        .order_by(table.c.position)
        .limit(1)
    )
    return (
        sa.update(table)
        .where(table.c.position == first.scalar_subquery())
        .values(attempts=table.c.attempts + 1)
        .returning(table.c.id, table.c.notice, table.c.put_at, table.c.attempts, table.c.meant_for)
    )


def _take() -> sa.sql.dml.ReturningUpdate[Any]:
    table, now = db.lanes, sa.bindparam("now", type_=db.Instant())
    us = sa.bindparam("us", type_=sa.Text())
    free = sa.or_(table.c.owner == us, table.c.leased_until <= now)
    return (
        sa.update(table)
        .where(table.c.channel == sa.bindparam("of_channel"), free, table.c.open_at <= now)
        .values(owner=us, leased_until=sa.bindparam("until", type_=db.Instant()))
        .returning(table.c.failures, table.c.closed_why, table.c.probe_at)
    )


# Built once: a message's way is short enough for the building of statements to be felt.
_CLAIM_FIRST = _claim_first()
_TAKE_LANE = _take()


def claim(tx: Tx, channel: str, owner: str, now: datetime, lease: timedelta) -> Claimed | Later:
    """Take the lane and its first waiting notice, or say when to look again.

    A lane that somebody else holds, or that must pause, gives nothing. Claiming counts an attempt.
    """
    lane = _take_lane(tx, channel, owner, now, lease)
    if isinstance(lane, Later):
        return lane
    row = tx.execute(_CLAIM_FIRST, {"of_channel": channel}).one_or_none()
    if row is None:
        _release(tx, owner, now, channel)
        return Later(at=None)
    return Claimed(
        id=row.id,
        channel=channel,
        notice=_read(row.notice),
        put_at=row.put_at,
        attempt=row.attempts,
        failures=lane.failures,
        meant_for=row.meant_for,
        closed_why=lane.closed_why,
        probe_at=lane.probe_at,
    )


def _read(text: str) -> Notice | None:
    try:
        return read_notice(text)
    except ValueError:
        return None


def _take_lane(tx: Tx, channel: str, owner: str, now: datetime, lease: timedelta) -> sa.Row[Any] | Later:
    """Take a lane and return its row, or say when it may be free."""
    table = db.lanes
    asked = {"of_channel": channel, "us": owner, "until": now + lease, "now": now}
    ours = tx.execute(_TAKE_LANE, asked).one_or_none()
    if ours is not None:
        return ours
    new = {"channel": channel, "open_at": now, "owner": owner, "leased_until": now + lease}
    is_new = db.insert_if_new(tx, table, new)
    lane = tx.execute(sa.select(table).where(table.c.channel == channel)).one()
    if is_new:
        return lane
    return Later(at=lane.open_at if lane.owner == owner else max(lane.open_at, lane.leased_until))


def renew(tx: Tx, owner: str, now: datetime, lease: timedelta) -> None:
    """Keep the lanes that we hold for another `lease`: we are alive."""
    tx.execute(sa.update(db.lanes).where(db.lanes.c.owner == owner).values(leased_until=now + lease))


def release(tx: Tx, owner: str, now: datetime) -> None:
    """Give back every lane that we hold, so that the next process need not wait for the leases to end."""
    _release(tx, owner, now)


def _release(tx: Tx, owner: str, now: datetime, channel: str | None = None) -> None:
    ours = sa.update(db.lanes).where(db.lanes.c.owner == owner)
    if channel is not None:
        ours = ours.where(db.lanes.c.channel == channel)
    tx.execute(ours.values(owner=None, leased_until=now))


# ---------------------------------------------------------------- settle


def sent(tx: Tx, claimed: Claimed, attempt: Attempt, receipt: str, open_at: datetime) -> None:
    """The far side said that it has the message. The lane is open (again) from `open_at` on."""
    _settle(tx, claimed, attempt, state=SENT, receipt=receipt, why=attempt.why)
    _lane(tx, claimed.channel, open_at=open_at, failures=0, closed_why=None, remedy=None, probe_at=None)


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
    closed = {"closed_why": attempt.why, "remedy": remedy, "probe_at": probe_at}
    _lane(tx, claimed.channel, open_at=open_at, failures=claimed.failures + 1, **closed)


def divert(tx: Tx, channel: str, fallback: str, now: datetime) -> int:
    """Move all that waits for a closed channel to its fallback, in order; return how many went."""
    table = db.notices
    moved = (
        sa.update(table)
        .where(table.c.channel == channel, table.c.state == WAITING)
        .values(state=DIVERTED, settled_at=now)
        .returning(table.c.position, table.c.notice, table.c.meant_for)
    )
    rows = sorted(tx.execute(moved), key=lambda row: row.position)
    _put(tx, [(fallback, row.notice, row.meant_for or channel) for row in rows], now)
    return len(rows)


def _settle(
    tx: Tx, claimed: Claimed, attempt: Attempt, *, state: str, why: str | None, receipt: str | None = None
) -> None:
    ended_at = attempt.tried_at + timedelta(seconds=attempt.seconds)
    table = db.notices
    # Nothing is taken back: whoever claimed it after our lease ended may have sent it by now.
    ours = sa.update(table).where(table.c.id == claimed.id, table.c.state == WAITING)
    settled_at = None if state == WAITING else ended_at
    tx.execute(ours.values(state=state, why=why, receipt=receipt, settled_at=settled_at))
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


def _lane(tx: Tx, channel: str, **values: Any) -> None:
    tx.execute(sa.update(db.lanes).where(db.lanes.c.channel == channel).values(**values))
