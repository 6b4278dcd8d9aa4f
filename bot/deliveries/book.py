"""What was compared, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import LostEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One event of a day of a site, compared."""

    site: str
    day: date
    event: LostEvents


def write(tx: Tx, site: str, day: date, compared: Sequence[LostEvents], now: datetime) -> None:
    """Write a day down; one that is there already stays as it is."""
    rows = [
        {
            "site": site,
            "day": day,
            "event": one.name,
            "sent": one.sent,
            "received": one.received,
            "lost": one.lost,
            "compared_at": now,
        }
        for one in compared
    ]
    if rows:
        db.insert_missing(tx, db.deliveries, rows)


def last_day(tx: Tx, site: str) -> date | None:
    """Return the last day of a site that was compared."""
    asked = sa.select(sa.func.max(db.deliveries.c.day)).where(db.deliveries.c.site == site)
    day: date | None = tx.execute(asked).scalar()
    return day


def since(tx: Tx, first: date, site: str | None = None) -> list[Compared]:
    """Return what was compared from a day on, the latest day first."""
    table = db.deliveries
    asked = sa.select(table).where(table.c.day >= first)
    if site is not None:
        asked = asked.where(table.c.site == site)
    rows = tx.execute(asked.order_by(table.c.day.desc(), table.c.site, table.c.lost.desc(), table.c.event))
    return [
        Compared(
            site=row.site,
            day=row.day,
            event=LostEvents(name=row.event, sent=row.sent, received=row.received, lost=row.lost),
        )
        for row in rows
    ]


def prune(tx: Tx, before: date) -> int:
    """Forget the days before one; return how many rows went."""
    return tx.execute(sa.delete(db.deliveries).where(db.deliveries.c.day < before)).rowcount
