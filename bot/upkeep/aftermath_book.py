"""Changes that are watched for a while, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot import db
from bot.db import Tx
from bot.manage.change import Change, KindName, Verb
from bot.manage.outcome import Outcome, Step
from bot.upkeep.aftermath import WATCHED_FOR

WATCHING, WELL, UNDONE, UNSEEN = "watching", "well", "undone", "unseen"
_CHANGE = TypeAdapter(Change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A change, since when it holds, and the share of visitors that it was foretold to take away."""

    intent: int
    site: str
    change: Change
    since_at: datetime
    until_at: datetime
    foretold: float


def begin(tx: Tx, site: str, steps: Sequence[Step], now: datetime, foretold: float = 0.0) -> tuple[int, ...]:
    """Watch those of some changes that keep traffic out. Return the ledger's ids of all that were written."""
    intents = []
    for step in steps:
        if not step.outcome.wrote:
            continue
        intent = _intent(tx, site, step.change)
        if intent is None:
            continue
        intents.append(intent)
        if takes_traffic(step):
            row = {
                "intent": intent,
                "site": site,
                "change": _CHANGE.dump_json(step.change).decode(),
                "since_at": now,
                "until_at": now + WATCHED_FOR,
                "predicted": foretold,
                "state": WATCHING,
            }
            db.insert_if_new(tx, db.aftermath, row)
    return tuple(intents)


def takes_traffic(step: Step) -> bool:
    """Whether a change keeps visits out from now on."""
    created = step.change.verb is Verb.CREATE and step.change.kind is KindName.FILTER
    return created and step.outcome in (Outcome.DONE, Outcome.NOT_AS_WISHED)


def watched(tx: Tx, site: str) -> Sequence[Watched]:
    """Return what is watched on a site, the oldest first."""
    table = db.aftermath
    asked = sa.select(table).where(table.c.site == site, table.c.state == WATCHING).order_by(table.c.intent)
    return [_watched(row) for row in tx.execute(asked)]


def settle(tx: Tx, intent: int, state: str, said: str) -> bool:
    """Say what was seen, and watch no longer. Return False when that was said before."""
    table = db.aftermath
    mine = sa.update(table).where(table.c.intent == intent, table.c.state == WATCHING)
    return tx.execute(mine.values(state=state, said=said)).rowcount == 1


def first_today(tx: Tx, site: str, what: str, now: datetime) -> bool:
    """Return True once a (UTC) day: for what would be said by every round."""
    row = {
        "rule": f"upkeep/{what}",
        "site": site,
        "key_digest": now.date().isoformat().encode().ljust(32, b"\0"),
        "told_at": now,
    }
    return db.insert_if_new(tx, db.told_once, row)


def _intent(tx: Tx, site: str, change: Change) -> int | None:
    table = db.ledger
    asked = sa.select(sa.func.max(table.c.id)).where(
        table.c.site == site,
        table.c.entry == "intent",
        table.c.kind == change.kind,
        table.c.key == change.key,
    )
    found = tx.execute(asked).scalar_one_or_none()
    return None if found is None else int(found)


def _watched(row: sa.Row[Any]) -> Watched:
    return Watched(
        intent=row.intent,
        site=row.site,
        change=_CHANGE.validate_json(row.change),
        since_at=row.since_at,
        until_at=row.until_at,
        foretold=row.predicted,
    )
