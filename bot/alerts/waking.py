"""Has alerts decided anew, because something around them changed."""

from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.alerts.book import ALIVE
from bot.db import Tx
from bot.facts import AlertState


def wake_all(tx: Tx, now: datetime) -> None:
    """Let the next tick decide about every alert that people know of, or that is kept quiet."""
    known = db.alerts.c.state != AlertState.PENDING
    tx.execute(sa.update(db.alerts).where(ALIVE, known).values(due_at=now))
