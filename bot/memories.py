"""What each rule remembers of each site, as rows: lock, write, and find those that time has come for."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx

Place = tuple[str, str]
"""A rule's name and a site's."""


def lock(tx: Tx, places: Iterable[Place], now: datetime) -> dict[Place, str]:
    """Lock memories until the transaction ends and return their JSON; those that are new begin as `{}`.

    Everybody locks in one order, so that two workers wait for each other at most once.
    """
    wanted = sorted(set(places))
    if not wanted:
        return {}
    rows = [{"rule": rule, "site": site, "memory": "{}", "changed_at": now} for rule, site in wanted]
    db.insert_missing(tx, db.memories, rows)
    table = db.memories
    asked = sa.select(table.c.rule, table.c.site, table.c.memory).order_by(table.c.rule, table.c.site)
    found = tx.execute(asked.where(sa.tuple_(table.c.rule, table.c.site).in_(wanted)).with_for_update())
    return {(row.rule, row.site): row.memory for row in found}


def due(tx: Tx, until: datetime, most: int, rules: Collection[str]) -> dict[Place, str]:
    """Lock the memories of these rules that time has come for, at most `most`, and return their JSON."""
    table = db.memories
    asked = (
        sa.select(table.c.rule, table.c.site, table.c.memory)
        .where(table.c.due_at <= until, table.c.rule.in_(rules))
        .order_by(table.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return {(row.rule, row.site): row.memory for row in tx.execute(asked)}


def everything(tx: Tx) -> dict[Place, str]:
    """Lock and return all memories: for the start, when the rules may have changed."""
    table = db.memories
    asked = sa.select(table.c.rule, table.c.site, table.c.memory).order_by(table.c.rule, table.c.site)
    return {(row.rule, row.site): row.memory for row in tx.execute(asked.with_for_update())}


def write(tx: Tx, written: Mapping[Place, tuple[str, datetime | None]], now: datetime) -> None:
    """Write locked memories back: their JSON, and when time alone changes their mind."""
    if not written:
        return
    table = db.memories
    tx.execute(
        sa.update(table)
        .where(table.c.rule == sa.bindparam("of_rule"), table.c.site == sa.bindparam("of_site"))
        .values(memory=sa.bindparam("new"), due_at=sa.bindparam("due"), changed_at=sa.bindparam("now")),
        [
            {"of_rule": rule, "of_site": site, "new": memory, "due": due_at, "now": now}
            for (rule, site), (memory, due_at) in written.items()
        ],
    )


def forget(tx: Tx, places: Iterable[Place]) -> None:
    """Forget what belongs to rules or sites that are gone."""
    for rule, site in places:
        tx.execute(sa.delete(db.memories).where(db.memories.c.rule == rule, db.memories.c.site == site))
