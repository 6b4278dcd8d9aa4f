"""Lasting troubles as a person sees them, and closing them without a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.alerts.decide import OPEN, RESOLVED
from bot.db import Tx
from bot.facts import Content, Reason
from bot.record import show_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A lasting trouble, open or resolved."""

    key: str
    state: str
    reason: str
    severity: str
    site: str | None
    rule: str | None
    content: Content
    opened_at: datetime
    resolved_at: datetime | None


def standing(tx: Tx) -> list[Alert]:
    """Return the open alerts, the oldest first."""
    asked = sa.select(db.alerts).where(db.alerts.c.state == OPEN).order_by(db.alerts.c.opened_at)
    return [
        Alert(
            key=row.key,
            state=row.state,
            reason=row.reason,
            severity=row.severity,
            site=row.site,
            rule=row.rule,
            content=show_content(row.content),
            opened_at=row.opened_at,
            resolved_at=row.resolved_at,
        )
        for row in tx.execute(asked)
    ]


def close(tx: Tx, keys: Iterable[str], now: datetime) -> None:
    """Close open alerts without a word: nobody is told that they ended."""
    table = db.alerts
    for key in keys:
        closed = sa.update(table).where(table.c.key == key, table.c.state == OPEN)
        tx.execute(closed.values(state=RESOLVED, reason=Reason.WAS_NOT_OPEN, changed_at=now, resolved_at=now))
