"""Short ways to fill a store."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot import alerts, events
from bot.alerts import Noted, Policy
from bot.db import Database, Tx
from bot.events import Arrival
from bot.facts import EventHeard, Example, Finding, Notice, Severity, Trouble

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(seconds: float) -> datetime:
    """Return the instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def keep(database: Database, *bodies: bytes, site: str = "shop", at: datetime = NOON) -> None:
    """Let bodies arrive."""
    shelf = events.shelf(database)
    try:
        events.keep(shelf, [Arrival(site=site, body=body, size=len(body), received_at=at) for body in bodies])
    finally:
        shelf.close()


def notice(number: int = 1, *, key: str | None = None) -> Notice:
    """Return a notice about one order."""
    example = Example(name="purchase", received_at=NOON, meta={"number": str(number)}, value=Decimal("19.90"))
    return Notice(key=key or f"shop/order/{number}", content=EventHeard(event=example), at=NOON, site="shop")


def trouble(*, holds: bool = True, key: str = "bot/trouble", seen_at: datetime = NOON) -> Finding:
    """Return a lasting finding."""
    content = Trouble(what="Something broke", why="It was old.", remedy="Buy a new one.")
    return Finding(
        key=key, content=content, seen_at=seen_at, severity=Severity.PAGE, lasting=True, holds=holds
    )


def note(
    tx: Tx,
    finding: Finding,
    *channels: str,
    now: datetime | None = None,
    policy: Policy | None = None,
) -> Noted:
    """Note a finding when it is seen, or later."""
    now = now or finding.seen_at
    around = alerts.look_around(tx, policy or Policy(), now)
    return alerts.note(tx, finding, channels, around, now)
