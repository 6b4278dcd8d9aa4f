"""How rules word their findings' keys: which findings are one conversation."""

from datetime import datetime

from bot.facts import Content, Finding, Reason
from bot.rules.rule import Rule


def momentary(
    rule: Rule, site: str, event_id: int, content: Content, seen_at: datetime, reason: Reason = Reason.TOLD
) -> Finding:
    """Find something that is over as soon as it was told. Each is a conversation of its own."""
    return Finding(
        key=f"{site}/{rule.name}/{event_id}",
        content=content,
        seen_at=seen_at,
        severity=rule.severity,
        site=site,
        rule=rule.name,
        reason=reason,
    )


def lasting(rule: Rule, site: str, content: Content, seen_at: datetime, *, holds: bool) -> Finding:
    """Find that something began or ended. A rule has one such conversation for each site."""
    return Finding(
        key=f"{site}/{rule.name}",
        content=content,
        seen_at=seen_at,
        severity=rule.severity,
        site=site,
        rule=rule.name,
        lasting=True,
        holds=holds,
        reason=Reason.OPENED if holds else Reason.RESOLVED,
    )
