"""Where each watch stands, and every verdict with its inputs: `why` tells later what was thought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx

# Statements that every look needs are built once: building one takes longer than running it.
_ALL = sa.select(db.watches)
_OF_SITE = _ALL.where(db.watches.c.site == sa.bindparam("of_site"))
_NAMED = _ALL.where(db.watches.c.name == sa.bindparam("of_name"))
_SUSPECTING = _ALL.where(db.watches.c.suspect.is_not(None))
_ADD = sa.insert(db.verdicts)

Place = tuple[str, str]
"""A watch's name and a site's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a watch stands after its last look. `meaning` is what it was judged by: with another one the
    memory begins anew. `suspect` is what may be behind its open trouble."""

    name: str
    site: str
    meaning: str
    memory: str
    state: str
    why: str
    as_of_at: datetime
    looked_at: datetime
    suspect: str | None = None

    @property
    def place(self) -> Place:
        """What it is kept under."""
        return self.name, self.site


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One verdict: of numbers that were complete at `as_of_at`, with everything that led to it as JSON."""

    name: str
    site: str
    as_of_at: datetime
    looked_at: datetime
    state: str
    why: str
    inputs: str
    told: str | None = None


def stands(tx: Tx, site: str) -> dict[Place, Stand]:
    """Return where the watches of a site stand."""
    return _found(tx.execute(_OF_SITE, {"of_site": site}))


def everywhere(tx: Tx, *, lock: bool = False) -> dict[Place, Stand]:
    """Return where all watches stand; locked, if asked, until the transaction ends."""
    return _found(tx.execute(_locked(_ALL) if lock else _ALL))


def suspecting(tx: Tx, *, lock: bool = False) -> dict[Place, Stand]:
    """Return the watches of all sites that suspect something; locked, if asked, until the end."""
    return _found(tx.execute(_locked(_SUSPECTING) if lock else _SUSPECTING))


def named(tx: Tx, name: str) -> list[Stand]:
    """Return where the watches of one name stand on every site, locked until the transaction ends."""
    return list(_found(tx.execute(_locked(_NAMED), {"of_name": name})).values())


def stand(tx: Tx, all_of_them: Iterable[Stand]) -> None:
    """Write where watches stand now."""
    rows = [_row(one) for one in sorted(all_of_them, key=lambda one: one.place)]
    if rows:
        db.insert_or_replace(tx, db.watches, rows)


def record(tx: Tx, records: Sequence[Record]) -> None:
    """Add verdicts to the history."""
    if records:
        tx.execute(_ADD, [_row(one) for one in records])


def at(tx: Tx, place: Place, instant: datetime) -> Record | None:
    """Return the last verdict of a watch that was thought by an instant; None when there is none so old."""
    return next(iter(history(tx, place, until=instant, most=1)), None)


def history(tx: Tx, place: Place, until: datetime | None = None, most: int = 50) -> list[Record]:
    """Return the last verdicts of a watch, the latest first."""
    table = db.verdicts
    columns = [table.c[name] for name in Record.__dataclass_fields__]
    asked = sa.select(*columns).where(table.c.name == place[0], table.c.site == place[1])
    if until is not None:
        asked = asked.where(table.c.looked_at <= until)
    asked = asked.order_by(table.c.looked_at.desc(), table.c.id.desc()).limit(most)
    return [Record(**row) for row in tx.execute(asked).mappings()]


def forget(tx: Tx, places: Iterable[Place]) -> None:
    """Forget where watches stood that are gone. What they thought stays until it is old."""
    table = db.watches
    for name, site in places:
        tx.execute(sa.delete(table).where(table.c.name == name, table.c.site == site))


def prune(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most `most` verdicts older than an instant. Return how many went."""
    table = db.verdicts
    old = sa.select(table.c.id).where(table.c.looked_at < before).order_by(table.c.looked_at).limit(most)
    return tx.execute(sa.delete(table).where(table.c.id.in_(old.scalar_subquery()))).rowcount


@cache
def _locked(asked: sa.Select[Any]) -> sa.Select[Any]:
    """Lock what is asked for, in one order for everybody: a look locks those that suspect before its own."""
    table = db.watches
    return asked.order_by(table.c.suspect.is_(None), table.c.name, table.c.site).with_for_update()


def _found(rows: sa.CursorResult[Any]) -> dict[Place, Stand]:
    return {one.place: one for one in (Stand(**row) for row in rows.mappings())}


def _row(one: Stand | Record) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
