"""How loudly people are told, and why they are or are not."""

from enum import StrEnum


class Severity(StrEnum):
    """How loudly people are told."""

    INFO = "info"
    NOTICE = "notice"
    PAGE = "page"


class Reason(StrEnum):
    """Why something was told, or was not. Stored with the event and the notice, logged and shown."""

    TOLD = "told"  # a momentary finding: each one is news
    OPENED = "opened"  # a lasting trouble began
    RESOLVED = "resolved"  # a lasting trouble ended
    STILL_OPEN = "still_open"  # the trouble holds and was told before
    WAS_NOT_OPEN = "was_not_open"  # it does not hold, and nobody was told that it did
    COLLECTING = "collecting"  # waits with others for one message
    COLLECTED = "collected"  # many became this one message
    COUNTED = "counted"  # counted towards a frequency that is not reached
    SEEN = "seen"  # proves that an expected event still comes
    TOLD_ONCE = "told_once"  # its once-per key was told before
    RULE_RAISED = "rule_raised"  # the rule itself is broken

    @property
    def speaks(self) -> bool:
        """Whether people hear of it."""
        return self in SPEAKING


SPEAKING = frozenset({Reason.TOLD, Reason.OPENED, Reason.RESOLVED, Reason.COLLECTED})


class AlertState(StrEnum):
    """Where a lasting trouble is in its life."""

    PENDING = "pending"  # it holds, but not for as long as its rule asks; nobody was told
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody has it in hand: no more reminders
    MUTED = "muted"  # it holds, and a silence or another alert keeps it quiet
    RECOVERING = "recovering"  # it no longer holds, but not for as long as it takes to be believed
    RESOLVED = "resolved"
