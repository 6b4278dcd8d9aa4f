"""What was seen of the places beyond the lanes, without a message being sent."""

from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx


def place(tx: Tx, channel: str, leads_to: str | None) -> str | None:
    """Return what the place is called over there that the config calls so; None when it was not found yet."""
    lane = db.lanes
    asked = sa.select(lane.c.place).where(lane.c.channel == channel, lane.c.leads_to == leads_to)
    return tx.execute(asked).scalar()


def found(tx: Tx, channel: str, leads_to: str, place: str, now: datetime) -> None:
    """Remember what the place beyond a lane is called over there, whatever its name becomes."""
    _there(tx, channel, now)
    tx.execute(_of(channel).values(leads_to=leads_to, place=place))


def shut(
    tx: Tx, channel: str, why: str, remedy: str, now: datetime, *, probe_at: datetime, has_fallback: bool
) -> None:
    """Close a lane before a message was refused. One that is closed already stays as it is."""
    _there(tx, channel, now)
    values = {"closed_why": why, "closed_at": now, "remedy": remedy, "probe_at": probe_at}
    open_at = now if has_fallback else probe_at
    tx.execute(_of(channel).where(db.lanes.c.closed_why.is_(None)).values(**values, open_at=open_at))


def try_again(tx: Tx, channel: str, now: datetime) -> bool:
    """Let a closed lane's next message be tried at once: it looks well. Return whether it was closed."""
    closed = _of(channel).where(db.lanes.c.closed_why.is_not(None))
    return tx.execute(closed.values(open_at=now, probe_at=now)).rowcount == 1


def _there(tx: Tx, channel: str, now: datetime) -> None:
    db.insert_if_new(tx, db.lanes, {"channel": channel, "open_at": now, "leased_until": now})


def _of(channel: str) -> sa.Update:
    return sa.update(db.lanes).where(db.lanes.c.channel == channel)
