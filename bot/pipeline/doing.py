"""What rules and watches want done: asked for in the transaction of their verdict, worked off elsewhere."""

import logging
from collections.abc import Collection
from datetime import datetime

from bot import errands
from bot.db import Tx
from bot.errands import Asked
from bot.facts import GOAL_REACHED, Deed, Do, Event, Reason, Wish
from bot.rules.doing import Cause, NoWish, wish

log = logging.getLogger(__name__)

BEGINS = frozenset({Reason.TOLD, Reason.OPENED, Reason.COLLECTED})
"""Something is done when a rule begins to speak, not when it repeats itself or says that it is over."""

WHEN_REACHED = "when_reached"
MOST_REACHED = 50


def cause(rule: str, site: str, event: Event | None) -> Cause:
    """Return what made a rule speak."""
    asker = f"rule {rule}"
    why = asker if event is None else f"{asker}: event “{event.name}”"
    return Cause(site=site, asker=asker, why=why, meta=None if event is None else event.meta)


def measured(watch: str, site: str) -> Cause:
    """Return what made a watch speak. The subject of its number may be a stranger's, and is left out."""
    return Cause(site=site, asker=f"watch {watch}", why=f"watch {watch}")


def ask(tx: Tx, do: Do, about: Cause, now: datetime) -> Asked | NoWish:
    """Let what a rule wants done wait to be worked off."""
    wanted = wish(do, about)
    said = wanted if isinstance(wanted, NoWish) else errands.ask(tx, wanted, now, do.at_most)
    if said is not Asked.TAKEN:
        log.info("nothing asked for", extra={"asker": about.asker, "site": about.site, "why": said.value})
    return said


def reached(tx: Tx, event: Event, goals: Collection[tuple[str, str]], now: datetime) -> None:
    """Let what the file wants of a goal that was reached wait to be worked off.

    Only an event of our own says that a goal was reached; nobody can forge it from outside.
    """
    goal = event.meta.get("goal", "")
    if not event.ours or event.name != GOAL_REACHED or (event.site, goal) not in goals:
        return
    detail: dict[str, object] = {"reached": True, "visitors": _number(event.meta.get("visitors"))}
    wanted = Wish(
        site=event.site,
        asker=WHEN_REACHED,
        deed=Deed.GOAL,
        subject=goal,
        why=f"the goal “{goal}” was reached ({event.meta.get('proof', 'counted')})",
        detail=detail,
    )
    errands.ask(tx, wanted, now, MOST_REACHED)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0
