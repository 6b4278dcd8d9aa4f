"""Looks around for what counts for alerts besides themselves."""

from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.alerts import silencing
from bot.alerts.around import Around, Policy
from bot.alerts.inhibition import Cause
from bot.alerts.life import Life
from bot.db import Tx


def look_around(tx: Tx, policy: Policy, now: datetime) -> Around:
    """Return the silences that last or come, and the alerts that explain others."""
    silences = tuple(one.silence for one in silencing.current(tx, now))
    return Around(policy=policy, silences=silences, causes=_causes(tx, now - policy.settle))


def _causes(tx: Tx, since: datetime) -> tuple[Cause, ...]:
    table = db.alerts
    asked = (
        sa.select(table.c.id, table.c.life, table.c.resolved_at)
        .where(
            table.c.inhibits.is_not(None), sa.or_(table.c.resolved_at.is_(None), table.c.resolved_at > since)
        )
        .order_by(table.c.opened_at)
    )
    read = [(row.id, Life.from_json(row.life), row.resolved_at) for row in tx.execute(asked)]
    return tuple(
        Cause(alert=name, subject=life.subject, ended_at=ended_at)
        for name, life, ended_at in read
        if life.told or life.hush is not None  # one that is only pending explains nothing yet
    )
