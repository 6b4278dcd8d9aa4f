"""Plans that somebody may come back to: as a text that can be checked, and as rows."""

import json
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot import db
from bot.db import Tx
from bot.manage.change import Plan

SHORTEST_BEGINNING = 4
_PLAN = TypeAdapter(Plan)


class NoPlan(ValueError):
    """This is no plan of ours: the text says why."""


def write(plan: Plan) -> str:
    """Return a plan as JSON, with its hash."""
    data = {"hash": plan.hash, "plan": _PLAN.dump_python(plan, mode="json")}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> Plan:
    """Read a plan. Raise NoPlan when it is none, or was changed since it was written."""
    try:
        data = json.loads(text)
        plan = _PLAN.validate_python(data["plan"], strict=False)
        said = data["hash"]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise NoPlan("this is no saved plan") from error
    if plan.hash != said:
        raise NoPlan("this plan was changed since it was written")
    return plan


def save(tx: Tx, plan: Plan, now: datetime) -> str:
    """Keep a plan and return its id. The same plan is kept once."""
    row = {
        "id": plan.id,
        "site": plan.site,
        "hash": plan.hash,
        "plan": write(plan),
        "made_at": plan.made_at,
        "saved_at": now,
    }
    db.insert_missing(tx, db.plans, [row])
    return plan.id


def find(tx: Tx, beginning: str) -> Plan:
    """Return the one plan whose id begins so. Raise NoPlan when there is none, or several."""
    table = db.plans
    asked = sa.select(table.c.plan).where(table.c.id.startswith(beginning, autoescape=True)).limit(2)
    rows = tx.execute(asked).scalars().all() if len(beginning) >= SHORTEST_BEGINNING else []
    if len(rows) != 1:
        raise NoPlan(f"none, or several, plans begin with {beginning!r}")
    return read(rows[0])


def age(tx: Tx, before: datetime) -> int:
    """Forget plans that were saved before an instant. Return how many."""
    gone = tx.execute(sa.delete(db.plans).where(db.plans.c.saved_at < before).returning(db.plans.c.id))
    return len(gone.all())
