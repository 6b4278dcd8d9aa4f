"""Forgets what is over and old."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.alerts.book import ALIVE
from bot.db import Tx


def prune(tx: Tx, alerts_before: datetime, keys_before: datetime, most: int) -> int:
    """Forget what is older than an instant each: alerts that are over, with changes and silences; told keys.

    At most `most` of each kind; return how many went.
    """
    old = sa.select(db.alerts.c.id).where(~ALIVE, db.alerts.c.changed_at < alerts_before)
    changes = sa.select(db.alert_changes.c.id).where(db.alert_changes.c.at < alerts_before)
    silences = sa.select(db.silences.c.id).where(db.silences.c.until_at < alerts_before)
    keys = db.told_once
    key = sa.tuple_(keys.c.rule, keys.c.site, keys.c.key_digest)
    told = sa.select(keys.c.rule, keys.c.site, keys.c.key_digest).where(keys.c.told_at < keys_before)
    return (
        _delete(tx, db.alerts, old.limit(most))
        + _delete(tx, db.alert_changes, changes.limit(most))
        + _delete(tx, db.silences, silences.limit(most))
        + tx.execute(sa.delete(keys).where(key.in_(told.limit(most)))).rowcount
    )


def _delete(tx: Tx, table: sa.Table, ids: sa.Select[Any]) -> int:
    return tx.execute(sa.delete(table).where(table.c.id.in_(ids.scalar_subquery()))).rowcount
