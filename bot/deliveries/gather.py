"""Asks the vendor what it sends here, and how often each of these events happened on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.deliveries.compare import RIPE_AFTER, Sent, sends
from bot.sources.periods import bounds, one_day
from bot.sources.source import Hook, Source

MOST_EVENTS = 1000


def sent(source: Source, hooks: Sequence[Hook], day: date, now: datetime) -> Sent | None:
    """Return what was sent on a day; None when it is too early to say. Raise SourceError.

    An event that did not happen is counted as zero; one of which the vendor does not tell the count is left
    out.
    """
    starts_at, ends_at = bounds(day, source.zone)
    if now < ends_at + RIPE_AFTER:
        return None
    on = sends(hooks, starts_at)
    if not on:
        return Sent(day=day, starts_at=starts_at, ends_at=ends_at, counts={})
    counted = {one.name: one.count for one in source.events(one_day(day), most=MOST_EVENTS)}
    counts = {name: count for name in on if (count := counted.get(name, 0)) is not None}
    off = tuple(sorted(name for name, active in on.items() if not active))
    return Sent(day=day, starts_at=starts_at, ends_at=ends_at, counts=counts, switched_off=off)
