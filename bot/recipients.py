"""Who is left out of a channel's mails: those who asked for it, and addresses that their server refuses."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx

UNSUBSCRIBED, REFUSED = "unsubscribed", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """One address of one channel, and why nothing is sent there."""

    channel: str
    address: str
    state: str
    why: str
    paused_at: datetime


def paused(tx: Tx, channel: str) -> frozenset[str]:
    """Return the addresses that are left out of a channel's mails."""
    table = db.recipients
    return frozenset(tx.execute(sa.select(table.c.address).where(table.c.channel == channel)).scalars())


def all_paused(tx: Tx) -> list[Paused]:
    """Return everybody who is left out somewhere, by channel and address."""
    table = db.recipients
    rows = tx.execute(sa.select(table).order_by(table.c.channel, table.c.address))
    return [Paused(**row._mapping) for row in rows]


def pause(tx: Tx, channel: str, address: str, state: str, why: str, now: datetime) -> bool:
    """Leave an address out from now on. Return False when it was left out before."""
    row = {"channel": channel, "address": address, "state": state, "why": why, "paused_at": now}
    return db.insert_if_new(tx, db.recipients, row)


def resume(tx: Tx, channel: str, address: str, state: str | None = None) -> bool:
    """Send to an address again; with `state`, only when it was left out for that. Return whether it was."""
    table = db.recipients
    gone = sa.delete(table).where(table.c.channel == channel, table.c.address == address)
    if state is not None:
        gone = gone.where(table.c.state == state)
    return tx.execute(gone).rowcount == 1
