"""What people did not hear of in a stretch of time, and why: verdicts that kept an alert quiet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Reason

KEPT_QUIET = (Reason.SILENCED, Reason.INHIBITED, Reason.MUTED, Reason.FLAPPED, Reason.ENDED_QUIETLY)
"""The reasons for which somebody might ask "why did I not hear of it?"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """So many alerts were kept quiet for a reason; `names` are all of them, the first first."""

    reason: Reason
    names: tuple[str, ...]


def kept_quiet(tx: Tx, sites: Collection[str], from_at: datetime, until_at: datetime) -> tuple[Quiet, ...]:
    """Return what was kept quiet of some sites, and of none, by reason; each trouble once for a reason."""
    changes, alerts = db.alert_changes, db.alerts
    rows = tx.execute(
        sa.select(changes.c.reason, changes.c.key, sa.func.min(changes.c.name).label("name"))
        .select_from(changes.outerjoin(alerts, alerts.c.id == changes.c.alert))
        .where(
            changes.c.at >= from_at,
            changes.c.at < until_at,
            changes.c.reason.in_(KEPT_QUIET),
            sa.or_(alerts.c.site.in_(sites), alerts.c.site.is_(None)),
        )
        .group_by(changes.c.reason, changes.c.key)
        .order_by(sa.func.min(changes.c.id))
    )
    found: dict[Reason, list[str]] = {}
    for row in rows:
        found.setdefault(Reason(row.reason), []).append(row.name)
    return tuple(Quiet(reason=reason, names=tuple(names)) for reason, names in found.items())
