"""Where each watch stands, and every verdict with its inputs: `why` tells later what was thought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx

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
    return _found(tx, sa.select(db.watches).where(db.watches.c.site == site))


def everywhere(tx: Tx, *, lock: bool = False) -> dict[Place, Stand]:
    """Return where all watches stand; locked, if asked, until the transaction ends."""
    return _found(tx, _locked(sa.true()) if lock else sa.select(db.watches))


def suspecting(tx: Tx, *, lock: bool = False) -> dict[Place, Stand]:
    """Return the watches of all sites that suspect something; locked, if asked, until the end."""
    suspects = db.watches.c.suspect.is_not(None)
    return _found(tx, _locked(suspects) if lock else sa.select(db.watches).where(suspects))


def named(tx: Tx, name: str) -> list[Stand]:
    """Return where the watches of one name stand on every site, locked until the transaction ends."""
    return list(_found(tx, _locked(db.watches.c.name == name)).values())


def stand(tx: Tx, all_of_them: Iterable[Stand]) -> None:
    """Write where watches stand now."""
    rows = [_row(one) for one in sorted(all_of_them, key=lambda one: one.place)]
    if rows:
        db.insert_or_replace(tx, db.watches, rows)


def record(tx: Tx, records: Sequence[Record]) -> None:
    """Add verdicts to the history."""
    if records:
        tx.execute(sa.insert(db.verdicts), [_row(one) for one in records])


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


def _locked(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Ask for rows, locked in one order for everybody: a look locks those that suspect before its own."""
    table = db.watches
    in_order = table.c.suspect.is_(None), table.c.name, table.c.site
    return sa.select(table).where(which).order_by(*in_order).with_for_update()


def _found(tx: Tx, asked: sa.Select[Any]) -> dict[Place, Stand]:
    return {one.place: one for one in (Stand(**row) for row in tx.execute(asked).mappings())}


def _row(one: Stand | Record) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
