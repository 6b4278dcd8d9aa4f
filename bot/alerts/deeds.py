"""What people do about an alert: take it in hand, mute it. Whoever comes second hears who was first."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerts import book
from bot.alerts.around import Around
from bot.alerts.book import Alert
from bot.alerts.life import Deed, Life, Mute
from bot.alerts.note import Noted, settle
from bot.db import Tx
from bot.facts import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a deed. `noted` is None when nothing changed; `before` is who was quicker, if anybody."""

    alert: Alert
    noted: Noted | None = None
    before: Deed | None = None


def acknowledge(tx: Tx, beginning: str, by: str, around: Around, now: datetime) -> Done | None:
    """Take an alert in hand: no more reminders. None: there is no such alert."""
    alert = book.lock(tx, beginning)
    if alert is None:
        return None
    if alert.life.over or alert.life.acknowledged is not None:
        return Done(alert=alert, before=alert.life.acknowledged)
    life = replace(alert.life, acknowledged=Deed(by=by, at=now))
    return _done(tx, alert, life, Reason.ACKNOWLEDGED, around, now, by)


def mute(tx: Tx, beginning: str, by: str, until_at: datetime, around: Around, now: datetime) -> Done | None:
    """Hear nothing of an alert until an instant; when it holds then, it is told. None: there is none such."""
    alert = book.lock(tx, beginning)
    if alert is None:
        return None
    same = alert.life.mute is not None and alert.life.mute.until_at == until_at
    if alert.life.over or same:
        return Done(alert=alert, before=_muter(alert.life, now))
    life = replace(alert.life, mute=Mute(by=by, at=now, until_at=until_at))
    return _done(tx, alert, life, Reason.MUTED, around, now, by)


def unmute(tx: Tx, beginning: str, by: str, around: Around, now: datetime) -> Done | None:
    """Hear of an alert again. None: there is no such alert."""
    alert = book.lock(tx, beginning)
    if alert is None:
        return None
    if alert.life.over or _muter(alert.life, now) is None:
        return Done(alert=alert)
    return _done(tx, alert, replace(alert.life, mute=None), Reason.UNMUTED, around, now, by)


def _done(tx: Tx, alert: Alert, life: Life, reason: Reason, around: Around, now: datetime, by: str) -> Done:
    noted = settle(tx, replace(alert, life=life), reason, around, now, by=by)
    return Done(alert=alert, noted=noted)


def _muter(life: Life, now: datetime) -> Deed | None:
    return None if life.mute is None or life.mute.until_at <= now else Deed(by=life.mute.by, at=life.mute.at)
