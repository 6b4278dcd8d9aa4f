"""Notices waiting: put, claim, settle. One lane a channel, pages first, else in order, whoever delivers.

The database is the queue. A channel's lane belongs to one process at a time, by a lease that the process
renews while it lives; so the order holds over several processes, and a killed one is replaced when its
lease ends. A claim counts the attempt before anything is sent: whoever dies in between leaves the notice
waiting, and it is told again. That is the only message that can be told twice.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Notice, Severity
from bot.record import read_notice, write_notice

WAITING, SENT, DEAD, DIVERTED = "waiting", "sent", "dead", "diverted"
HELD, COLLECTED = "held", "collected"

UNSURE = "unsure"
"""The outcome of a try after which the far side may have the message although it did not say so."""

YIELDING = frozenset({"digest"})
"""Kinds of notices that let others go first."""

FIRST, USUAL, LAST = -1, 0, 1
"""Ranks of notices: pages overtake, so that no flood of what strangers send delays one; digests yield."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The first waiting notice of a lane, ours to send. `attempt` counts from 1.

    `notice` is None when a newer version of the program wrote it, and this one cannot read it. `only` names
    the addresses that it is for, where the channel's others have it. `in_doubt` means that a former try may
    have succeeded: nobody wrote down that it did not. `place` is what the channel's place is called over
    there, as far as it was found by the name `leads_to`.
    """

    id: str
    channel: str
    notice: Notice | None
    put_at: datetime
    attempt: int
    failures: int  # of the lane, in a row, before this attempt
    meant_for: str | None = None
    closed_why: str | None = None
    closed_at: datetime | None = None
    probe_at: datetime | None = None
    only: tuple[str, ...] = ()
    in_doubt: bool = False
    leads_to: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Nothing to send now. `at` is when to look again, or None when only a new notice can change that."""

    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try went: sent, temporary, unsure, permanent or closed."""

    tried_at: datetime
    seconds: float
    outcome: str
    why: str | None = None


# ---------------------------------------------------------------- put and claim


def put(tx: Tx, channels: Iterable[str], notice: Notice, now: datetime) -> None:
    """Let a notice wait for each channel, in the transaction that settles its cause."""
    put_all(tx, [(notice, channels)], now)


def put_all(tx: Tx, news: Iterable[tuple[Notice, Iterable[str]]], now: datetime) -> None:
    """Let many notices wait, in their order within a rank, by one statement."""
    rows = []
    for notice, channels in news:
        row = {
            "notice": write_notice(notice),
            "put_at": now,
            "rank": _rank(notice),
            "silent": not notice.reason.speaks,
        }
        rows += [row | {"channel": channel} for channel in channels]
    put_rows(tx, rows)


def _rank(notice: Notice) -> int:
    if notice.severity is Severity.PAGE:
        return FIRST
    return LAST if notice.kind in YIELDING else USUAL


def put_rows(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Let rows of the table wait, each under an id of its own."""
    if rows:
        tx.execute(sa.insert(db.notices), [{"id": uuid.uuid4().hex} | row for row in rows])


def waiting_lanes(tx: Tx) -> list[str]:
    """Return the channels that have something waiting."""
    table = db.notices
    return list(tx.execute(sa.select(table.c.channel).where(table.c.state == WAITING).distinct()).scalars())


def _claim_first() -> sa.sql.dml.ReturningUpdate[Any]:
    table = db.notices
    first = (
        sa.select(table.c.position)
        .where(table.c.channel == sa.bindparam("of_channel"), table.c.state == WAITING)
        .where(sa.or_(table.c.due_at.is_(None), table.c.due_at <= sa.bindparam("now", type_=db.Instant())))
        .order_by(table.c.rank, table.c.position)
        .limit(1)
    )
    return (
        sa.update(table)
        .where(table.c.position == first.scalar_subquery())
        .values(attempts=table.c.attempts + 1)
        .returning(
            table.c.id, table.c.notice, table.c.put_at, table.c.attempts, table.c.meant_for, table.c.only
        )
    )


_OF_LANE = (
    db.lanes.c.failures,
    db.lanes.c.closed_why,
    db.lanes.c.closed_at,
    db.lanes.c.probe_at,
    db.lanes.c.leads_to,
    db.lanes.c.place,
)


def _take() -> sa.sql.dml.ReturningUpdate[Any]:
    table, now = db.lanes, sa.bindparam("now", type_=db.Instant())
    us = sa.bindparam("us", type_=sa.Text())
    free = sa.or_(table.c.owner == us, table.c.leased_until <= now)
    return (
        sa.update(table)
        .where(table.c.channel == sa.bindparam("of_channel"), free, table.c.open_at <= now)
        .values(owner=us, leased_until=sa.bindparam("until", type_=db.Instant()))
        .returning(*_OF_LANE)
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
    row = tx.execute(_CLAIM_FIRST, {"of_channel": channel, "now": now}).one_or_none()
    if row is None:
        _release(tx, owner, now, channel)
        return Later(at=_first_due(tx, channel))
    return Claimed(
        id=row.id,
        channel=channel,
        notice=_read(row.notice),
        put_at=row.put_at,
        attempt=row.attempts,
        meant_for=row.meant_for,
        only=tuple(json.loads(row.only)) if row.only else (),
        in_doubt=row.attempts > 1 and _in_doubt(tx, row.id, row.attempts - 1),
        **{column.name: getattr(lane, column.name) for column in _OF_LANE},
    )


def _first_due(tx: Tx, channel: str) -> datetime | None:
    table = db.notices
    due = sa.select(sa.func.min(table.c.due_at)).where(table.c.channel == channel, table.c.state == WAITING)
    return tx.execute(due).scalar()


def _in_doubt(tx: Tx, notice_id: str, tries: int) -> bool:
    """Whether of so many tries one may have succeeded: it says so, or nobody wrote down how it went."""
    table = db.attempts
    failed = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.notice_id == notice_id, table.c.outcome != UNSURE)
    )
    return tx.execute(failed).scalar_one() < tries


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
