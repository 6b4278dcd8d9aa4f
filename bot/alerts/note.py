"""Decides about a finding and remembers the decision, in the transaction of its cause."""

import sqlalchemy as sa

from bot import db
from bot.alerts.decide import OPEN, RESOLVED, decide
from bot.db import Tx
from bot.facts import Finding, Notice, Reason
from bot.record import write_content


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
