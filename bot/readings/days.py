"""Days of hours as rows: keep, find, prune."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.watches.days import DayOfHours, Early

NOTHING_EARLY = "[]"
_MINUTE = timedelta(minutes=1)

_OF = db.readings.c
_SINCE = (  # built once: every look asks it, and building it takes longer than running it
    sa.select(_OF.day, _OF.starts_at, _OF.hours, _OF.early, _OF.late, _OF.settled, _OF.read_at)
    .where(
        _OF.site == sa.bindparam("of_site"),
        _OF.part == sa.bindparam("of_part"),
        _OF.day >= sa.bindparam("first"),
    )
    .order_by(_OF.day)
)


def since(tx: Tx, site: str, part: str, first: date) -> list[DayOfHours]:
    """Return the kept days of a part of a site, from a day on, in their order."""
    asked = {"of_site": site, "of_part": part, "first": first}
    return [_read(row) for row in tx.execute(_SINCE, asked)]


def keep(tx: Tx, site: str, part: str, days: Iterable[DayOfHours]) -> None:
    """Keep days, in place of what was kept of them."""
    rows = [_written(site, part, one) for one in sorted(days, key=lambda one: one.day)]
    if rows:
        db.insert_or_replace(tx, db.readings, rows)


def known(tx: Tx, site: str, part: str, first: date) -> set[date]:
    """Return the days that need not be read again."""
    table = db.readings
    asked = sa.select(table.c.day).where(
        table.c.site == site, table.c.part == part, table.c.day >= first, table.c.settled.is_(True)
    )
    return set(tx.execute(asked).scalars())


def watched_since(tx: Tx, site: str, part: str) -> date | None:
    """Return the first day of which hours were read soon after they ended; None when there is none."""
    table = db.readings
    asked = sa.select(sa.func.min(table.c.day)).where(
        table.c.site == site, table.c.part == part, table.c.early != NOTHING_EARLY
    )
    first: date | None = tx.execute(asked).scalar()
    return first


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most `most` days that began before an instant. Return how many went."""
    table = db.readings
    key = sa.tuple_(table.c.site, table.c.part, table.c.day)
    old = (
        sa.select(table.c.site, table.c.part, table.c.day)
        .where(table.c.starts_at < before)
        .order_by(table.c.starts_at)
        .limit(most)
    )
    return tx.execute(sa.delete(table).where(key.in_(old))).rowcount


def _written(site: str, part: str, one: DayOfHours) -> dict[str, Any]:
    return {
        "site": site,
        "part": part,
        "day": one.day,
        "starts_at": one.starts_at,
        "hours": json.dumps(one.hours, separators=(",", ":")),
        "early": json.dumps(
            [[early.hour, early.age // _MINUTE, early.visitors] for early in one.early],
            separators=(",", ":"),
        ),
        "late": one.late,
        "settled": one.settled,
        "read_at": one.read_at,
    }


def _read(row: Any) -> DayOfHours:
    return DayOfHours(
        day=row.day,
        starts_at=row.starts_at,
        hours=tuple(None if hour is None else tuple(hour) for hour in json.loads(row.hours)),
        read_at=row.read_at,
        settled=row.settled,
        early=tuple(
            Early(hour=hour, age=age * _MINUTE, visitors=visitors)
            for hour, age, visitors in json.loads(row.early)
        ),
        late=row.late,
    )
