"""Before the first judgement: what is remembered is brought into line with today's config."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot import alerts, leases, memories, outbox, verdicts
from bot.alerts import Alert
from bot.db import Tx
from bot.facts import Absence, Frequency, Measured, Trouble
from bot.memories import Place
from bot.pipeline.far_side import NAME as SOURCE_NAME
from bot.pipeline.step import Judges, Progress, Step
from bot.pipeline.suspected import suspected_keys
from bot.rules.judge import listen
from bot.rules.memory import Memory
from bot.troubles import (
    CLOSED,
    RAISED,
    REFUSED,
    SOURCE,
    TRACKER,
    closed_key,
    ephemeral,
    is_recording,
    source_key,
)
from bot.watches.watch import WATCH

log = logging.getLogger(__name__)

DEAF_AFTER = timedelta(minutes=2)
"""Nothing was heard while the bot was down for longer; silence of that time proves nothing."""


def begin(tx: Tx, judges: Judges, now: datetime, warnings: Sequence[str]) -> Progress:
    """Before the first judgement of a process: bring what is remembered into line with today's config.

    Rules and sites that are gone are forgotten with their alerts, and so is what a rule remembers of another
    kind that it was. Rules that broke down may be reported again. Rules that wait for an event begin to wait,
    and begin anew after a time in which the bot could not hear. What waits for a channel that is gone goes to
    the owner.
    """
    step = Step(tx=tx, judges=judges, now=now)
    memories.lock(tx, _waiting(judges), now)
    stored = memories.everything(tx)
    gone = [place for place in stored if not _is_there(place, judges)]
    memories.forget(tx, gone)
    _forget_watches(step)
    step.remembered = {place: Memory.from_json(text) for place, text in stored.items() if place not in gone}
    _close_outdated(step)
    _listen(step, anew=deaf(tx, now))
    step.changed = set(step.remembered)  # also the due instants: a rule may wait for another time now
    if judges.channels:
        _divert_strays(step)
    for warning in warnings:
        step.trouble(ephemeral(warning, now))
    return step.end(0)


def deaf(tx: Tx, now: datetime) -> bool:
    """Whether the bot could not hear for long, until now: no process showed that it lives."""
    beaten_at = leases.beaten_at(tx, leases.SCHEDULE)
    return beaten_at is None or now - beaten_at > DEAF_AFTER


def listen_anew(tx: Tx, judges: Judges, now: datetime) -> None:
    """Let every rule that waits for an event wait from now on: the silence before proves nothing."""
    step = Step(tx=tx, judges=judges, now=now)
    step.recall(_waiting(judges))
    _listen(step, anew=True)
    step.end(0)


def _listen(step: Step, *, anew: bool) -> None:
    """Let the rules that wait for an event begin to wait: those that do not yet, or all of them anew."""
    rules = step.judges.rules
    for place, memory in step.remembered.items():
        if rules[place[0]].none_within and (anew or memory.watched_since_at is None):
            step.remembered[place] = listen(memory, step.now)
            step.changed.add(place)


def _close_outdated(step: Step) -> None:
    """Close without a sound the alerts that today's config cannot end, or has to open again."""
    suspected = suspected_keys(step.tx, step.judges)
    outdated = [alert for alert in alerts.standing(step.tx) if _outdated(alert, step.judges, suspected)]
    for alert in outdated:
        place = (alert.rule or "", alert.site or "")
        if not isinstance(alert.content, Trouble) and place in step.remembered:
            step.remembered[place] = Memory(collection=step.remembered[place].collection)
    step.tell(*alerts.close(step.tx, outdated, step.around, step.now))
    alerts.wake_all(step.tx, step.now)  # timers and silences may be others today


def _forget_watches(step: Step) -> None:
    """Forget where watches stood that are gone, and of which sites the source was away."""
    sites = {site for _, site in step.judges.watches}
    known = verdicts.everywhere(step.tx, lock=True)
    kept = step.judges.watches | {(SOURCE_NAME, site) for site in sites}
    verdicts.forget(step.tx, [place for place in known if place not in kept])


def _divert_strays(step: Step) -> None:
    """Move what waits for channels that are gone to the owner's: nobody else would ever take it."""
    owner = step.judges.told
    for channel, waiting in outbox.waiting(step.tx).items():
        if channel in step.judges.channels:
            continue
        if owner is None:
            log.error("channel gone, its messages wait", extra={"channel": channel, "waiting": waiting})
            continue
        outbox.divert(step.tx, channel, owner, step.now)
        step.diverted_to.add(owner)
        log.warning(
            "channel gone, its messages diverted",
            extra={"channel": channel, "owner": owner, "moved": waiting},
        )


def _is_there(place: Place, judges: Judges) -> bool:
    name, site = place
    rule = judges.rules.get(name)
    if rule is None or site not in judges.sites:
        return False
    return rule.none_within is None or site in judges.expecting(rule)


def _waiting(judges: Judges) -> list[Place]:
    return [(rule.name, site) for rule in judges.book.rules for site in judges.expecting(rule)]


def _outdated(alert: Alert, judges: Judges, suspected: Collection[str]) -> bool:
    if alert.key.startswith(RAISED):
        return True  # this program may be another one: each start reports once
    if alert.key.startswith(CLOSED) and judges.channels:
        return alert.key not in {closed_key(channel) for channel in judges.channels}
    watched = {site for _, site in judges.watches}
    if alert.key.startswith(TRACKER) or is_recording(alert.key):
        return alert.key not in suspected  # of watches that are gone
    if alert.key.startswith(SOURCE):
        return alert.key not in {source_key(judges.vendor(site)) for site in watched}
    if alert.key.startswith(REFUSED):
        return alert.site not in watched
    if alert.rule is None:
        return False
    if isinstance(alert.content, Measured) or alert.key.startswith(WATCH):
        return (alert.rule, alert.site) not in judges.watches
    if not _is_there((alert.rule, alert.site or ""), judges):
        return True
    rule = judges.rules[alert.rule]
    # The rule was of another kind under this name. A frequency that nobody counts any longer ends by itself.
    return isinstance(alert.content, Frequency if rule.none_within else Absence)
