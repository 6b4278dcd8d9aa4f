"""Decides about an alert and remembers the decision, in the transaction of its cause."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.alerts import history
from bot.alerts.around import Around
from bot.alerts.book import ALIVE, Alert, alert_of
from bot.alerts.decide import after, decide, due_at
from bot.alerts.life import Life
from bot.alerts.saying import notice_of, standing_of
from bot.alerts.subject import Subject
from bot.alerts.waking import wake_all
from bot.db import Tx
from bot.facts import AlertState, Finding, Notice, Reason
from bot.record import write_content

DUE_TOGETHER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was decided, and the notice that tells or shows it. No channels: nobody needs it."""

    reason: Reason
    notice: Notice
    channels: tuple[str, ...] = ()


def note(tx: Tx, finding: Finding, channels: Iterable[str], around: Around, now: datetime) -> Noted:
    """Decide about a finding, remember the decision, and return it with the notice that would tell it.

    The row of a lasting finding is made first and then locked, so that two workers with one trouble speak
    once. An alert that people know of is told where they heard of it, whatever the rule says today.
    """
    if not finding.lasting:
        return _momentary(tx, finding, tuple(channels), around, now)
    alert = _locked(tx, finding)
    if alert is None:
        return Noted(reason=Reason.WAS_NOT_OPEN, notice=_notice(finding, Reason.WAS_NOT_OPEN))
    now = max(now, finding.seen_at)  # clocks of several processes differ
    alert = replace(alert, channels=alert.channels if alert.life.told else tuple(channels))
    reason = decide(alert.life, finding, around, now)
    return settle(tx, alert, reason, around, now, finding=finding)


def attend(tx: Tx, around: Around, now: datetime) -> list[Noted]:
    """Decide about those that time alone may have changed: reminders are due, silences end, unrest ends."""
    table = db.alerts
    asked = (
        sa.select(table)
        .where(table.c.due_at <= now, ALIVE)
        .order_by(table.c.due_at)
        .limit(DUE_TOGETHER)
        .with_for_update(skip_locked=True)
    )
    due = [alert_of(row) for row in tx.execute(asked)]
    return [settle(tx, one, decide(one.life, None, around, now), around, now) for one in due]


def close(tx: Tx, alerts: Sequence[Alert], around: Around, now: datetime) -> list[Noted]:
    """End alerts that nobody can end any longer, without a sound."""
    return [settle(tx, one, Reason.CLOSED, around, now) for one in alerts]


def settle(
    tx: Tx,
    alert: Alert,
    reason: Reason,
    around: Around,
    now: datetime,
    *,
    finding: Finding | None = None,
    by: str | None = None,
) -> Noted:
    """Write down what was decided about a locked alert, and return the notice."""
    before = alert.life
    life = after(before, reason, finding, around, now)
    at = now if finding is None else finding.seen_at
    alert = replace(alert, life=life, content=alert.content if finding is None else finding.content)
    _write(tx, alert, at, due_at(life, around, now))
    if reason is not Reason.STILL_OPEN and (reason is not Reason.PENDING or before.reason is not reason):
        history.write(tx, alert.id, life, reason, alert.content, now, finding, by)
    if life.subject.inhibits is not None and (life.over or (life.told and not before.told)):
        wake_all(tx, now)  # what it explains is decided anew
    tells_of_others = life.over and life.subject.inhibits is not None
    meanwhile, inhibited = history.kept_quiet_by(tx, alert.id) if tells_of_others else ((), 0)
    standing = standing_of(alert.id, before, life, reason, around, meanwhile, inhibited)
    heard = reason.speaks or (reason.updates and before.told > 0)
    return Noted(
        reason=reason,
        notice=notice_of(life.subject, alert.content, reason, at, standing),
        channels=alert.channels if heard else (),
    )


def _momentary(tx: Tx, finding: Finding, channels: tuple[str, ...], around: Around, now: datetime) -> Noted:
    reason = decide(None, finding, around, now)
    if reason is finding.reason:
        return Noted(reason=reason, notice=_notice(finding, reason), channels=channels)
    subject = Subject.of(finding)
    quiet = Life(subject=subject, opened_at=finding.seen_at, hush=around.hush(subject, None, now))
    history.write(tx, None, quiet, reason, finding.content, now, finding)
    return Noted(reason=reason, notice=_notice(finding, reason))


def _locked(tx: Tx, finding: Finding) -> Alert | None:
    """Lock the alert that lives, or a new one. None: there is none, and the finding begins none."""
    table = db.alerts
    asked = sa.select(table).where(table.c.key == finding.key, ALIVE).with_for_update()
    row = tx.execute(asked).one_or_none()
    if row is None and not finding.holds and not finding.pending:
        return None
    while row is None:  # whoever was quicker may have ended it again
        db.insert_if_new(tx, table, _new(tx, finding))
        row = tx.execute(asked).one_or_none()
    return alert_of(row)


def _new(tx: Tx, finding: Finding) -> dict[str, Any]:
    table = db.alerts
    last = (
        sa.select(table.c.life).where(table.c.key == finding.key).order_by(table.c.opened_at.desc()).limit(1)
    )
    before = tx.execute(last).scalar()
    turned = () if before is None else Life.from_json(before).turned_at
    life = Life(subject=Subject.of(finding), opened_at=finding.seen_at, turned_at=turned)
    return {
        "id": uuid.uuid4().hex,
        "key": finding.key,
        "state": AlertState.PENDING,
        "reason": Reason.PENDING,
        "severity": finding.severity,
        "site": finding.site,
        "rule": finding.rule,
        "inhibits": finding.inhibits,
        "content": write_content(finding.content),
        "life": life.to_json(),
        "channels": "[]",
        "opened_at": finding.seen_at,
        "changed_at": finding.seen_at,
    }


def _write(tx: Tx, alert: Alert, at: datetime, due: datetime | None) -> None:
    life = alert.life
    values = {
        "state": life.state,
        "reason": life.reason or Reason.PENDING,
        "severity": life.subject.severity,
        "content": write_content(alert.content),
        "life": life.to_json(),
        "channels": json.dumps(alert.channels),
        "opened_at": life.opened_at,
        "changed_at": at,
        "resolved_at": at if life.over else None,
        "due_at": due,
    }
    tx.execute(sa.update(db.alerts).where(db.alerts.c.id == alert.id).values(values))


def _notice(finding: Finding, reason: Reason) -> Notice:
    return notice_of(Subject.of(finding), finding.content, reason, finding.seen_at)
