"""What is missing of a day's events. Pure.

An event has no time of its own when it comes, and it comes some seconds after it happened. So what was
received just after midnight may have happened on either day, and only what is missing either way is called
lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.facts import Away, DeliveriesLost, LostEvents
from bot.sources.source import Hook

EDGE = timedelta(minutes=2)
"""How long after it happened an event may come."""

FOLLOWS_AFTER = timedelta(minutes=10)
"""How long after it was made a webhook may send nothing yet: the vendor says "a few minutes"."""

RIPE_AFTER = timedelta(hours=2)
"""How long after its end a day is compared: what was batched has come by then, here and there."""

LONGEST_AGO = 7
"""Days back from today that are still compared, when nobody compared them in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the vendor counted on a day of the site, [starts_at, ends_at), of what it sends here."""

    day: date
    starts_at: datetime
    ends_at: datetime
    counts: Mapping[str, int]
    switched_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came on that day by name, with what came up to `EDGE` later in `at_most`; bodies without one."""

    counts: Mapping[str, int]
    at_most: Mapping[str, int]
    unreadable: int = 0


def compare(sent: Sent, received: Received) -> tuple[LostEvents, ...]:
    """Return every event that was sent, the largest loss first, also those of which nothing is missing."""
    found = [
        LostEvents(
            name=name,
            sent=count,
            received=received.counts.get(name, 0),
            lost=max(0, count - received.at_most.get(name, 0)),
        )
        for name, count in sent.counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.lost, one.name)))


def told(
    sent: Sent, compared: Sequence[LostEvents], unreadable: int, away: Sequence[Away]
) -> DeliveriesLost | None:
    """Return what people are told of a day; None when nothing is missing."""
    lost = tuple(one for one in compared if one.lost)
    if not lost:
        return None
    off = {one.name for one in lost} & set(sent.switched_off)
    return DeliveriesLost(
        day=sent.day,
        events=lost,
        away=tuple(away),
        unreadable=unreadable,
        switched_off=tuple(sorted(off)),
    )


def sends(hooks: Sequence[Hook], since_at: datetime) -> dict[str, bool]:
    """Return the events that webhooks have been sending since an instant, each with whether it is still on.

    A webhook that was made later, or nobody knows when, says nothing about a day before.
    """
    found: dict[str, bool] = {}
    for hook in hooks:
        if hook.made_at is not None and hook.made_at + FOLLOWS_AFTER <= since_at:
            found[hook.event] = found.get(hook.event, False) or hook.active is not False
    return found


def days_to_compare(last: date | None, today: date) -> tuple[date, ...]:
    """Return the days that are to be compared, oldest first: those after the last one, or yesterday."""
    yesterday = today - timedelta(days=1)
    first = yesterday if last is None else max(last + timedelta(days=1), today - timedelta(days=LONGEST_AGO))
    return tuple(first + timedelta(days=number) for number in range((yesterday - first).days + 1))
