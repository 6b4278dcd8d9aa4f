"""What happened to each alert, with what every verdict looked at. Rows are only added, and pruned by age."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.alerts.life import Life
from bot.db import Tx
from bot.facts import Content, Finding, Reason
from bot.record import show_content, write_content

MOST_NAMES = 5
"""So many of the alerts that one kept quiet are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row. `alert` is None for what was over as soon as it was kept quiet."""

    id: int
    alert: str | None
    key: str
    at: datetime
    reason: Reason
    state: str | None
    by: str | None
    inputs: Mapping[str, Any]
    content: Content


def write(
    tx: Tx,
    alert: str | None,
    life: Life,
    reason: Reason,
    content: Content,
    at: datetime,
    finding: Finding | None = None,
    by: str | None = None,
) -> None:
    """Add a change: the verdict, and what it was made from."""
    row = {
        "alert": alert,
        "key": life.subject.key,
        "name": life.subject.name,
        "at": at,
        "reason": reason,
        "state": None if alert is None else life.state,
        "by": by,
        "cause": life.hush.cause if reason is Reason.INHIBITED and life.hush is not None else None,
        "inputs": json.dumps(_inputs(life, finding), ensure_ascii=False),
        "content": write_content(content),
    }
    tx.execute(sa.insert(db.alert_changes), row)


def _inputs(life: Life, finding: Finding | None) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    if finding is not None:
        seen = {
            "seen_at": finding.seen_at.isoformat(),
            "holds": finding.holds,
            "wavering": finding.wavering,
            "severity": finding.severity,
        }
    if life.hush is not None:
        seen |= {"quiet": life.hush.why}
        seen |= {"quiet_until": life.hush.until_at.isoformat()} if life.hush.until_at is not None else {}
    return seen | {"told": life.told, "reminded": life.reminded, "turns": len(life.turned_at)}


def of(tx: Tx, alert: str) -> list[Change]:
    """Return what happened to one alert, the first first."""
    table = db.alert_changes
    rows = tx.execute(sa.select(table).where(table.c.alert == alert).order_by(table.c.id))
    return [
        Change(
            id=row.id,
            alert=row.alert,
            key=row.key,
            at=row.at,
            reason=Reason(row.reason),
            state=row.state,
            by=row.by,
            inputs=json.loads(row.inputs),
            content=show_content(row.content),
        )
        for row in rows
    ]


def kept_quiet_by(tx: Tx, cause: str) -> tuple[tuple[str, ...], int]:
    """Return the names of a few that an alert kept quiet, the first first, and how many there were."""
    table = db.alert_changes
    asked = (
        sa.select(table.c.name, sa.func.min(table.c.id).label("first"))
        .where(table.c.cause == cause)
        .group_by(table.c.key, table.c.name)
        .order_by(sa.literal_column("first"))
    )
    names = [row.name for row in tx.execute(asked)]
    return tuple(names[:MOST_NAMES]), len(names)
