"""Forgets what is over and old."""

from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.alerts.decide import RESOLVED
from bot.db import Tx


def prune(tx: Tx, alerts_before: datetime, keys_before: datetime, most: int) -> int:
    """Forget at most `most` resolved alerts, and as many once-per keys, older than an instant each.

    Return how many went.
    """
    old = (
        sa.select(db.alerts.c.key)
        .where(db.alerts.c.state == RESOLVED, db.alerts.c.changed_at < alerts_before)
        .limit(most)
    )
    gone = tx.execute(sa.delete(db.alerts).where(db.alerts.c.key.in_(old.scalar_subquery()))).rowcount
    keys = db.told_once
    key = sa.tuple_(keys.c.rule, keys.c.site, keys.c.key_digest)
    told = sa.select(keys.c.rule, keys.c.site, keys.c.key_digest).where(keys.c.told_at < keys_before)
    return gone + tx.execute(sa.delete(keys).where(key.in_(told.limit(most)))).rowcount
