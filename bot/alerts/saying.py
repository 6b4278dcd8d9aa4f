"""The notice that tells how an alert stands. Pure."""

from datetime import datetime

from bot.alerts.around import Around
from bot.alerts.decide import next_reminder_at
from bot.alerts.life import Life
from bot.alerts.subject import Subject
from bot.facts import Content, Notice, Reason, Standing


def notice_of(
    subject: Subject, content: Content, reason: Reason, at: datetime, standing: Standing | None = None
) -> Notice:
    """Say what is known, and why it is told."""
    return Notice(
        key=subject.key,
        content=content,
        at=at,
        severity=subject.severity,
        reason=reason,
        site=subject.site,
        rule=subject.rule,
        standing=standing,
    )


def standing_of(
    alert: str,
    before: Life,
    life: Life,
    reason: Reason,
    around: Around,
    meanwhile: tuple[str, ...] = (),
    inhibited: int = 0,
) -> Standing:
    """Say how an alert stands. What kept it quiet until now is said once more when it speaks again."""
    hush = life.hush or (before.hush if reason in (Reason.STILL_BAD, Reason.UNMUTED) else None)
    return Standing(
        alert=alert,
        state=life.state,
        opened_at=life.opened_at,
        told=life.told,
        by=life.by,
        why=None if hush is None else hush.why,
        until_at=None if life.hush is None else life.hush.until_at,
        next_at=next_reminder_at(life, around),
        meanwhile=meanwhile,
        inhibited=inhibited,
    )
