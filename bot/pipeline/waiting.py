"""Time passes: the rules that wait for something not to come, a flood to end, a collection to be due."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot import alerts, events, memories
from bot.db import Tx
from bot.pipeline.step import Judges, Progress, Step
from bot.rules.judge import due_at, tick
from bot.rules.memory import Memory
from bot.troubles import raised

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=1)
"""An event that was received this long ago is in the store, if it was kept at all."""

DUE_TOGETHER = 200


def judge_time(tx: Tx, judges: Judges, now: datetime) -> Progress:
    """Let those speak that wait for time to pass: absences, ends of frequencies, due collections, alerts.

    Time passes only up to what was judged: an event that still waits must not be taken for an absence.
    What a process with another config remembers is left to it.
    """
    until = min(now - GRACE, events.oldest_kept(tx) or now)
    step = Step(tx=tx, judges=judges, now=now)
    rules = judges.rules
    due = memories.due(tx, until, DUE_TOGETHER, rules)
    step.remembered = {place: Memory.from_json(text) for place, text in due.items()}
    taken = 0
    for place, memory in list(step.remembered.items()):
        name, site = place
        try:
            at = due_at(rules[name], memory)
            if at is None or at > until:  # due for a rule of the same name in another config
                continue
            taken += 1
            step.take_in(place, rules[name], tick(rules[name], site, memory, until))
        except SQLAlchemyError:  # the store's fault, not the rule's
            raise
        except Exception as bug:  # one rule's fault must not stop its neighbours
            log.exception("rule raised", extra={"rule": name, "site": site})
            step.trouble(raised(name, site, bug, now))
            step.changed.discard(place)
            memories.forget(tx, [place])
    noted = alerts.attend(tx, step.around, now)
    step.tell(*noted)
    return step.end(taken + len(noted))
