"""Values that tests of upkeep begin with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.manage.change import Change, KindName, Plan, Verb
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.proposal import Draft, Evidence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ADDRESS = "93.184.216.34"


def change(key: str = ADDRESS, **values: Any) -> Change:
    return Change(
        **{
            "site": "shop",
            "kind": KindName.FILTER,
            "verb": Verb.CREATE,
            "key": f"ip {key}",
            "before": None,
            "after": {"type": "ip", "filter": key, "note": "office"},
            "why": "rule Login",
            **values,
        }
    )


def plan(*changes: Change, state: str = "as it was") -> Plan:
    return Plan(site="shop", made_at=NOON, changes=changes, state=state)


def addition(key: str = ADDRESS, **values: Any) -> Addition:
    return Addition(
        **{
            "site": "shop",
            "kind": AdditionKind.FILTER,
            "key": f"ip {key}",
            "why": "rule Login",
            "by": "rule Login",
            "fields": {"type": "ip", "filter": key, "note": "office"},
            **values,
        }
    )


def draft(about: str = f"filter ip {ADDRESS}", **values: Any) -> Draft:
    return Draft(
        **{
            "site": "shop",
            "about": about,
            "title": f"Keep out {ADDRESS}",
            "plan": plan(change()),
            "additions": (addition(),),
            "evidence": Evidence(sentences=("It logged in as admin <b>",), table=(("visits", "12"),)),
            "asked_by": "rule Login",
            **values,
        }
    )
