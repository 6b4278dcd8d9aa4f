"""A name or a list that has been bad for two days is told once, and once more when it is well again."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Upkept
from bot.upkeep.origins import Origin
from bot.upkeep.telling import Audience

TOLD = "upkeep/stale"


def tell(tx: Tx, audience: Audience, known: Mapping[str, Origin], now: datetime) -> frozenset[str]:
    """Say what became stale, and what that was said of is good again. Return the channels."""
    told = frozenset[str]()
    for source, one in sorted(known.items()):
        content = _news(tx, audience.site, source, one, now)
        if content is not None:
            told |= audience.told(tx, f"source/{source}", content, now)
    return told


def _news(tx: Tx, site: str, source: str, one: Origin, now: datetime) -> Upkept | None:
    mine = {"rule": TOLD, "site": site, "key_digest": hashlib.sha256(source.encode()).digest()}
    if one.stale(now):
        if not db.insert_if_new(tx, db.told_once, mine | {"told_at": now}):
            return None
        since = "has never been good" if one.known.good_at is None else "has not been good for two days"
        kept = "What was last good is kept; pirsch-bot sources shows how it stands."
        return Upkept(
            what=f"{source} {since}",
            why=f"{kept} The last look: {one.verdict.name.lower().replace('_', ' ')}{_because(one)}.",
            good=False,
        )
    if one.verdict.good:
        table = db.told_once
        gone = sa.delete(table).where(*(table.c[name] == value for name, value in mine.items()))
        if tx.execute(gone).rowcount:
            return Upkept(what=f"{source} is good again", why="Its filters follow it as before.", good=True)
    return None


def _because(one: Origin) -> str:
    return f" ({one.why})" if one.why else ""
