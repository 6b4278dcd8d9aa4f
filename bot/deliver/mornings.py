"""Tells what a channel was spared, when its time has come."""

import logging
from collections.abc import Mapping
from datetime import datetime

from bot import outbox
from bot.db import Database, Tx
from bot.deliver import care
from bot.deliver.road import Road
from bot.facts import Notice, Severity, Spared
from bot.outbox import Held

log = logging.getLogger(__name__)

_LOUDNESS = list(Severity)


def tell_due(database: Database, roads: Mapping[str, Road], now: datetime) -> frozenset[str]:
    """Let what is held and due wait again, or tell of it together. Return the channels that have news."""
    with database.reading() as tx:
        due = [channel for channel in outbox.due_channels(tx, now) if channel in roads]
    for channel in due:
        with database.transaction() as tx:
            tell_held(tx, channel, now)
    return frozenset(due)


def tell_held(tx: Tx, channel: str, now: datetime) -> None:
    """Tell what is due of what one channel was spared: each for itself, together, or not at all any more."""
    held = outbox.take_held(tx, channel, now)
    sorted_out = care.morning([(one.id, one.notice) for one in held])
    outbox.let_go(tx, sorted_out.alone)
    together = [one for one in held if one.id in sorted_out.together]
    if together:
        outbox.put(tx, [channel], _together(channel, together, now), now)
    outbox.collect(tx, [*sorted_out.together, *sorted_out.outdated], now)
    counts = {"channel": channel, "alone": len(sorted_out.alone), "together": len(together)}
    log.info("held notices told", extra=counts)


def _together(channel: str, held: list[Held], now: datetime) -> Notice:
    sites = {one.notice.site for one in held}
    return Notice(
        key=f"bot/spared/{channel}",
        content=Spared(
            count=len(held),
            since_at=min(one.put_at for one in held),
            notices=tuple(one.notice for one in held[-care.MOST_SHOWN :]),
        ),
        at=now,
        severity=max((one.notice.severity for one in held), key=_LOUDNESS.index),
        site=sites.pop() if len(sites) == 1 else None,
    )
