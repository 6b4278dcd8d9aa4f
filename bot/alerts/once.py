"""What is told once: the once-per keys of rules, and troubles that may come by the thousand a day."""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx


def first_time(tx: Tx, rule: str, site: str, key: str, now: datetime) -> bool:
    """Remember that a rule told a once-per key; return False when it had told it before."""
    row = {"rule": rule, "site": site, "key_digest": hashlib.sha256(key.encode()).digest(), "told_at": now}
    return db.insert_if_new(tx, db.told_once, row)


def told_before(tx: Tx, rule: str, site: str, key: str) -> bool:
    """Whether a rule told a once-per key before, as `first_time` remembers it."""
    table = db.told_once
    digest = hashlib.sha256(key.encode()).digest()
    asked = sa.select(table.c.rule).where(
        table.c.rule == rule, table.c.site == site, table.c.key_digest == digest
    )
    return tx.execute(asked).one_or_none() is not None


def first_today(tx: Tx, what: str, about: str, now: datetime) -> bool:
    """Return True once a (UTC) day: for troubles that may come by the thousand and are told once."""
    return first_time(tx, f"bot/{what}", about, now.date().isoformat(), now)


def forget(tx: Tx, rule: str, site: str) -> None:
    """Forget everything that a rule told about a site: what comes again is news again."""
    table = db.told_once
    tx.execute(sa.delete(table).where(table.c.rule == rule, table.c.site == site))
