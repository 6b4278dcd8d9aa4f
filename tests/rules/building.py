"""Short ways to write events and rules."""

from datetime import UTC, datetime, timedelta

from bot.facts import Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


def at(seconds: float) -> datetime:
    """Return the instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def heard(
    name: str = "purchase", *, after: float = 0, number: int = 1, site: str = "shop", **meta: str
) -> Event:
    """Return an event that was received so many seconds after noon."""
    return Event(id=number, site=site, name=name, received_at=at(after), meta=meta)
