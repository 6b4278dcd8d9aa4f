"""When a finding is news: decide (pure), note (remember)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.facts import Content, Finding, Notice, Reason
from bot.record import show_content, write_content

OPEN, RESOLVED = "open", "resolved"


def decide(state: str | None, finding: Finding) -> Reason:
    """Say whether a finding is news, given the state of its alert (None when there never was one)."""
    if not finding.lasting:
        return finding.reason
    if finding.holds:
        return Reason.STILL_OPEN if state == OPEN else Reason.OPENED
    return Reason.RESOLVED if state == OPEN else Reason.WAS_NOT_OPEN


def note(tx: Tx, finding: Finding) -> tuple[Reason, Notice]:
    """Decide about a finding, remember the decision, and return it with the notice that would tell it.

    A lasting finding's row is made first and then locked, so that two workers with one trouble speak once.
    """
    reason = decide(_locked_state(tx, finding) if finding.lasting else None, finding)
    if finding.lasting and reason in (Reason.OPENED, Reason.RESOLVED):
        _remember(tx, finding, reason)
    notice = Notice(
        key=finding.key,
        content=finding.content,
        at=finding.seen_at,
        severity=finding.severity,
        reason=reason,
        site=finding.site,
        rule=finding.rule,
    )
    return reason, notice


def _locked_state(tx: Tx, finding: Finding) -> str:
    row = {
        "key": finding.key,
        "state": RESOLVED,  # never open: nobody was told
        "reason": Reason.WAS_NOT_OPEN,
        "severity": finding.severity,
        "site": finding.site,
        "rule": finding.rule,
        "content": write_content(finding.content),
        "opened_at": finding.seen_at,
        "changed_at": finding.seen_at,
    }
    db.insert_if_new(tx, db.alerts, row)
    asked = sa.select(db.alerts.c.state).where(db.alerts.c.key == finding.key).with_for_update()
    return str(tx.execute(asked).scalar_one())


def _remember(tx: Tx, finding: Finding, reason: Reason) -> None:
    opened = reason is Reason.OPENED
    values = {
        "state": OPEN if opened else RESOLVED,
        "reason": reason,
        "severity": finding.severity,
        "content": write_content(finding.content),
        "changed_at": finding.seen_at,
        "resolved_at": None if opened else finding.seen_at,
    }
    if opened:
        values["opened_at"] = finding.seen_at
    tx.execute(sa.update(db.alerts).where(db.alerts.c.key == finding.key).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A lasting trouble, open or resolved."""

    key: str
    state: str
    reason: str
    severity: str
    site: str | None
    rule: str | None
    content: Content
    opened_at: datetime
    resolved_at: datetime | None


def standing(tx: Tx) -> list[Alert]:
    """Return the open alerts, the oldest first."""
    asked = sa.select(db.alerts).where(db.alerts.c.state == OPEN).order_by(db.alerts.c.opened_at)
    return [
        Alert(
            key=row.key,
            state=row.state,
            reason=row.reason,
            severity=row.severity,
            site=row.site,
            rule=row.rule,
            content=show_content(row.content),
            opened_at=row.opened_at,
            resolved_at=row.resolved_at,
        )
        for row in tx.execute(asked)
    ]


def first_time(tx: Tx, rule: str, site: str, key: str, now: datetime) -> bool:
    """Remember that a rule told a once-per key; return False when it had told it before."""
    row = {"rule": rule, "site": site, "key_digest": hashlib.sha256(key.encode()).digest(), "told_at": now}
    return db.insert_if_new(tx, db.told_once, row)


def told_before(tx: Tx, rule: str, site: str, key: str) -> bool:
    """Whether a rule told a once-per key before, as `first_time` remembers it."""
    table = db.told_once
    digest = hashlib.sha256(key.encode()).digest()
    asked = sa.select(table.c.rule).where(
        table.c.rule == rule, table.c.site == site, table.c.key_digest == digest
    )
    return tx.execute(asked).one_or_none() is not None


def close(tx: Tx, keys: Iterable[str], now: datetime) -> None:
    """Close open alerts without a word: nobody is told that they ended."""
    table = db.alerts
    for key in keys:
        closed = sa.update(table).where(table.c.key == key, table.c.state == OPEN)
        tx.execute(closed.values(state=RESOLVED, reason=Reason.WAS_NOT_OPEN, changed_at=now, resolved_at=now))


def first_today(tx: Tx, what: str, about: str, now: datetime) -> bool:
    """Return True once a (UTC) day: for troubles that may come by the thousand and are told once."""
    return first_time(tx, f"bot/{what}", about, now.date().isoformat(), now)


def prune(tx: Tx, alerts_before: datetime, keys_before: datetime, most: int) -> int:
    """Forget at most `most` resolved alerts, and as many once-per keys, older than an instant each.

    Return how many went.
    """
    old = (
        sa.select(db.alerts.c.key)
        .where(db.alerts.c.state == RESOLVED, db.alerts.c.changed_at < alerts_before)
        .limit(most)
    )
    gone = tx.execute(sa.delete(db.alerts).where(db.alerts.c.key.in_(old.scalar_subquery()))).rowcount
    keys = db.told_once
    key = sa.tuple_(keys.c.rule, keys.c.site, keys.c.key_digest)
    told = sa.select(keys.c.rule, keys.c.site, keys.c.key_digest).where(keys.c.told_at < keys_before)
    return gone + tx.execute(sa.delete(keys).where(key.in_(told.limit(most)))).rowcount
