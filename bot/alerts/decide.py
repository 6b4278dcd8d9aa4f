"""When a finding is news. Pure."""

from bot.facts import Finding, Reason

OPEN, RESOLVED = "open", "resolved"


def decide(state: str | None, finding: Finding) -> Reason:
    """Say whether a finding is news, given the state of its alert (None when there never was one)."""
    if not finding.lasting:
        return finding.reason
    if finding.holds:
        return Reason.STILL_OPEN if state == OPEN else Reason.OPENED
    return Reason.RESOLVED if state == OPEN else Reason.WAS_NOT_OPEN
