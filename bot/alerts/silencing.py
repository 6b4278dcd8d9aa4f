"""Silences that people make while the bot runs: add, list, end. The weekly ones stand in the config."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.alerts.silences import Silence, Span
from bot.alerts.waking import wake_all
from bot.db import Tx
from bot.facts import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A silence with who made it, and who ended it before its time."""

    id: str
    silence: Silence
    span: Span
    by: str
    made_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


def add(tx: Tx, silence: Silence, span: Span, by: str, now: datetime) -> str:
    """Let a silence begin at its instant; return its id. It counts for what stands already, too."""
    row = {
        "id": uuid.uuid4().hex,
        "name": silence.name,
        "site": silence.site,
        "rule": silence.rule,
        "severity": silence.severity,
        "from_at": span.from_at,
        "until_at": span.until_at,
        "by": by,
        "made_at": now,
    }
    tx.execute(sa.insert(db.silences), row)
    wake_all(tx, now)
    return str(row["id"])


def end(tx: Tx, made: Made, by: str, now: datetime) -> None:
    """End a silence now. What still holds is told."""
    table = db.silences
    lasting = sa.update(table).where(table.c.id == made.id, table.c.ended_at.is_(None))
    tx.execute(lasting.values(ended_at=now, ended_by=by))
    wake_all(tx, now)


def find(tx: Tx, beginning: str) -> Made | None:
    """Lock and return the one silence whose id begins so; None when there is none or more than one."""
    table = db.silences
    asked = sa.select(table).where(table.c.id.startswith(beginning, autoescape=True)).limit(2)
    rows = tx.execute(asked.with_for_update()).all()
    return _made(rows[0]) if len(rows) == 1 else None


def current(tx: Tx, now: datetime) -> list[Made]:
    """Return the silences that last or are to come, the one that ends first at the top."""
    table = db.silences
    asked = sa.select(table).where(table.c.until_at > now, table.c.ended_at.is_(None))
    return [_made(row) for row in tx.execute(asked.order_by(table.c.until_at, table.c.id))]


def _made(row: sa.Row[Any]) -> Made:
    span = Span(from_at=row.from_at, until_at=row.until_at)
    severity = None if row.severity is None else Severity(row.severity)
    silence = Silence(name=row.name, when=span, site=row.site, rule=row.rule, severity=severity)
    return Made(
        id=row.id,
        silence=silence,
        span=span,
        by=row.by,
        made_at=row.made_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
