"""Which message stands at the head of an alert's thread in each channel."""

from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx


def head(tx: Tx, channel: str, alert: str) -> tuple[str, str] | None:
    """Return place and name over there of an alert's first message; None when it was never told here."""
    table = db.conversations
    asked = sa.select(table.c.place, table.c.ref).where(table.c.channel == channel, table.c.alert == alert)
    row = tx.execute(asked).one_or_none()
    return None if row is None else (row.place, row.ref)


def remember(tx: Tx, channel: str, alert: str, place: str, ref: str, now: datetime) -> None:
    """Remember the message that stands for an alert from now on."""
    table = db.conversations
    row = {"channel": channel, "alert": alert, "place": place, "ref": ref, "changed_at": now}
    if not db.insert_if_new(tx, table, row):
        ours = sa.update(table).where(table.c.channel == channel, table.c.alert == alert)
        tx.execute(ours.values(place=place, ref=ref, changed_at=now))


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most `most` conversations in which nothing was said since; return how many went."""
    table = db.conversations
    key = sa.tuple_(table.c.channel, table.c.alert)
    old = sa.select(table.c.channel, table.c.alert).where(table.c.changed_at < before).limit(most)
    return tx.execute(sa.delete(table).where(key.in_(old))).rowcount
