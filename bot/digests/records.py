"""What the store knows of a period: its alerts, what was changed in the account, what was kept quiet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.digests.outline import Outline, Part
from bot.facts import AlertLine, AlertList, ChangeLine, HeldBack, Maintenance, Severity
from bot.manage import ledger
from bot.manage.change import Outcome

MOST = 10
_WROTE = frozenset(one for one in Outcome if one.wrote)
_LOUDEST_FIRST = (Severity.PAGE, Severity.NOTICE, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What was asked for of it; None where it was not."""

    alerts: AlertList | None = None
    maintenance: Maintenance | None = None
    held_back: tuple[HeldBack, ...] | None = None


def read(tx: Tx, outline: Outline, since: datetime, until: datetime) -> Records:
    """Read what a digest asks for."""
    parts, sites = set(outline.parts), outline.sites
    return Records(
        alerts=alerts(tx, sites, since, until) if Part.ALERTS in parts else None,
        maintenance=maintenance(tx, sites, since, until) if Part.MAINTENANCE in parts else None,
    )


def alerts(tx: Tx, sites: Collection[str], since: datetime, until: datetime) -> AlertList:
    """Return the alerts that began in a stretch of time, or held in it. Those that still hold come first."""
    table = db.alerts
    asked = sa.select(table).where(
        sa.or_(table.c.site.in_(sites), table.c.site.is_(None)),
        table.c.opened_at < until,
        sa.or_(table.c.resolved_at.is_(None), table.c.resolved_at >= since),
    )
    found = [
        AlertLine(
            rule=row.rule or row.key,
            severity=Severity(row.severity),
            site=row.site,
            opened_at=row.opened_at,
            resolved_at=row.resolved_at if row.resolved_at is not None and row.resolved_at < until else None,
        )
        for row in tx.execute(asked.order_by(table.c.opened_at))
    ]
    found.sort(key=lambda one: (one.resolved_at is not None, _LOUDEST_FIRST.index(one.severity)))
    return AlertList(alerts=tuple(found[:MOST]), more=max(0, len(found) - MOST))


def maintenance(tx: Tx, sites: Collection[str], since: datetime, until: datetime) -> Maintenance:
    """Return what was changed in the account, the latest first."""
    done = [
        ChangeLine(what=f"{row.verb} {row.kind} {row.key}", why=row.why, site=row.site, at=row.at)
        for row in ledger.entries(tx, since=since)
        if row.site in sites and row.at < until and row.outcome in _WROTE
    ]
    return Maintenance(done=tuple(done[:MOST]), more=max(0, len(done) - MOST))
