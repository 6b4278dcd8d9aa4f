"""What was seen of goals, as rows."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot import db
from bot.db import Tx
from bot.goals.decide import Known, Seen

_KNOWN = TypeAdapter(Known)
_LOOKED = ""
"""In place of a goal's id: the row says when the site was looked at."""


def lock(tx: Tx, site: str, now: datetime) -> Seen:
    """Return what is known of a site's goals, and keep everybody else from changing it meanwhile."""
    table = db.goals
    first = {"site": site, "goal": _LOOKED, "known": "{}", "event": "", "seen_at": now}
    new = db.insert_if_new(tx, table, first)
    here = sa.select(table.c.goal, table.c.known, table.c.seen_at).where(table.c.site == site)
    looked = tx.execute(here.where(table.c.goal == _LOOKED).with_for_update()).one()
    rows = tx.execute(here.where(table.c.goal != _LOOKED))
    return Seen(
        at=None if new else looked.seen_at,
        goals={row.goal: _KNOWN.validate_json(row.known) for row in rows},
    )


def learn(tx: Tx, site: str, before: Seen, after: Seen) -> None:
    """Write what is known now. Goals that are gone are forgotten."""
    table = db.goals
    here = table.c.site == site
    tx.execute(sa.delete(table).where(here, table.c.goal.in_(before.goals.keys())))
    tx.execute(sa.update(table).where(here, table.c.goal == _LOOKED).values(seen_at=after.at))
    rows = [
        {
            "site": site,
            "goal": goal.id,
            "known": _KNOWN.dump_json(goal).decode(),
            "event": goal.event if goal.tied else "",
            "seen_at": after.at,
        }
        for goal in after.goals.values()
    ]
    if rows:
        tx.execute(sa.insert(table), rows)


def tied(tx: Tx, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Known]]:
    """Return the goals to which events count, by site and name of the event; none that is missing."""
    table = db.goals
    wanted = sorted(set(names))
    found: dict[tuple[str, str], list[Known]] = {}
    if not wanted:
        return found
    asked = sa.select(table.c.site, table.c.event, table.c.known).order_by(table.c.site, table.c.goal)
    for row in tx.execute(asked.where(sa.tuple_(table.c.site, table.c.event).in_(wanted))):
        goal = _KNOWN.validate_json(row.known)
        if goal.missing_since_at is None:
            found.setdefault((row.site, row.event), []).append(goal)
    return found
