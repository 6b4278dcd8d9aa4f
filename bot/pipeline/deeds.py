"""What people do about alerts, at the command line or by a button: decided, written down, shown."""

from datetime import datetime

from bot import alerts, outbox
from bot.alerts import Done, Policy
from bot.db import Tx


def acknowledge(tx: Tx, policy: Policy, alert: str, by: str, now: datetime) -> Done | None:
    """Take an alert in hand. None: no alert, or more than one, has an id that begins so."""
    return _shown(tx, alerts.acknowledge(tx, alert, by, alerts.look_around(tx, policy, now), now), now)


def mute(tx: Tx, policy: Policy, alert: str, by: str, until_at: datetime, now: datetime) -> Done | None:
    """Hear nothing of an alert until an instant. None as above."""
    around = alerts.look_around(tx, policy, now)
    return _shown(tx, alerts.mute(tx, alert, by, until_at, around, now), now)


def unmute(tx: Tx, policy: Policy, alert: str, by: str, now: datetime) -> Done | None:
    """Hear of an alert again. None as above."""
    return _shown(tx, alerts.unmute(tx, alert, by, alerts.look_around(tx, policy, now), now), now)


def _shown(tx: Tx, done: Done | None, now: datetime) -> Done | None:
    if done is not None and done.noted is not None:
        outbox.put(tx, done.noted.channels, done.noted.notice, now)
    return done
