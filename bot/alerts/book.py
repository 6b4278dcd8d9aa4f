"""Alerts as a person sees them: what stands, what was, and what happened to one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.alerts.life import Life
from bot.db import Tx
from bot.facts import AlertState, Content, Reason, Severity
from bot.record import show_content

ALIVE = db.alerts.c.state != sa.literal(AlertState.RESOLVED, literal_execute=True)
"""Written out: with a parameter the planner cannot know that a partial index fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One lasting trouble from its beginning to its end. `channels` are where it was told."""

    id: str
    key: str
    state: AlertState
    reason: Reason
    severity: Severity
    site: str | None
    rule: str | None
    content: Content
    life: Life
    channels: tuple[str, ...]
    opened_at: datetime
    changed_at: datetime
    resolved_at: datetime | None
    due_at: datetime | None = None


def alert_of(row: sa.Row[Any]) -> Alert:
    """Read a row of the table."""
    return Alert(
        id=row.id,
        key=row.key,
        state=AlertState(row.state),
        reason=Reason(row.reason),
        severity=Severity(row.severity),
        site=row.site,
        rule=row.rule,
        content=show_content(row.content),
        life=Life.from_json(row.life),
        channels=tuple(json.loads(row.channels)),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        resolved_at=row.resolved_at,
        due_at=row.due_at,
    )


def standing(tx: Tx) -> list[Alert]:
    """Return the alerts that are not over, the oldest first."""
    asked = sa.select(db.alerts).where(ALIVE).order_by(db.alerts.c.opened_at, db.alerts.c.id)
    return [alert_of(row) for row in tx.execute(asked)]


def latest(tx: Tx, most: int) -> list[Alert]:
    """Return the alerts that changed last, over or not, the newest first."""
    asked = sa.select(db.alerts).order_by(db.alerts.c.changed_at.desc(), db.alerts.c.id).limit(most)
    return [alert_of(row) for row in tx.execute(asked)]


def within(tx: Tx, from_at: datetime, until_at: datetime) -> list[Alert]:
    """Return the alerts that people heard of and that stood at some instant of a period, the oldest first."""
    table = db.alerts
    stood = sa.and_(
        table.c.opened_at < until_at, sa.or_(table.c.resolved_at.is_(None), table.c.resolved_at >= from_at)
    )
    rows = tx.execute(sa.select(table).where(stood).order_by(table.c.opened_at, table.c.id))
    return [one for one in map(alert_of, rows) if one.life.told]


def is_first(tx: Tx, key: str, alert: str) -> bool:
    """Whether the store knows no alert of this key but this one."""
    others = sa.select(db.alerts.c.id).where(db.alerts.c.key == key, db.alerts.c.id != alert).limit(1)
    return tx.execute(others).one_or_none() is None


def find(tx: Tx, beginning: str) -> Alert | None:
    """Return the one alert whose id begins so; None when there is none or more than one."""
    return _only(tx.execute(_beginning(beginning)).all())


def lock(tx: Tx, beginning: str) -> Alert | None:
    """The same, locked until the transaction ends."""
    return _only(tx.execute(_beginning(beginning).with_for_update()).all())


def _beginning(beginning: str) -> sa.Select[Any]:
    return sa.select(db.alerts).where(db.alerts.c.id.startswith(beginning, autoescape=True)).limit(2)


def _only(rows: Sequence[sa.Row[Any]]) -> Alert | None:
    return alert_of(rows[0]) if len(rows) == 1 else None
