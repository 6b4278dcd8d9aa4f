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

    PENDING = "pending"  # it holds, but not for as long as its rule asks
    REMINDED = "reminded"  # it still holds, and its timer came round
    CAPPED = "capped"  # it still holds, and was told as often as its timer allows
    ACKNOWLEDGED = "acknowledged"  # somebody has it in hand
    MUTED = "muted"  # somebody muted it for a while
    SILENCED = "silenced"  # a silence keeps it quiet
    INHIBITED = "inhibited"  # another alert explains it
    STILL_BAD = "still_bad"  # what kept it quiet ended, and it still holds
    UNMUTED = "unmuted"  # what kept it quiet ended, and somebody has it in hand
    ENDED_QUIETLY = "ended_quietly"  # it ended while it was kept quiet
    RECOVERING = "recovering"  # it seems over, but not for as long as it takes to be believed
    RELAPSED = "relapsed"  # it seemed over, and holds again
    UNSTABLE = "unstable"  # it began and ended too often: told once, then not until it is calm
    FLAPPED = "flapped"  # it began or ended again while it is unstable
    CALM = "calm"  # it was unstable, changes no longer, and holds
    HELD = "held"  # it is told when the channel may be disturbed again, and shown until then
    CLOSED = "closed"  # the config knows nobody any longer who could end it

    @property
    def speaks(self) -> bool:
        """Whether people hear of it: a new message, with a sound."""
        return self in SPEAKING

    @property
    def updates(self) -> bool:
        """Whether what was told before is to be shown as it stands now, with or without a sound."""
        return self in UPDATING


SPEAKING = frozenset(
    {
        Reason.TOLD,
        Reason.OPENED,
        Reason.RESOLVED,
        Reason.COLLECTED,
        Reason.REMINDED,
        Reason.STILL_BAD,
        Reason.UNSTABLE,
        Reason.CALM,
    }
)
UPDATING = SPEAKING | {
    Reason.ACKNOWLEDGED,
    Reason.MUTED,
    Reason.SILENCED,
    Reason.INHIBITED,
    Reason.UNMUTED,
    Reason.ENDED_QUIETLY,
    Reason.RECOVERING,
    Reason.RELAPSED,
    Reason.HELD,
    Reason.CLOSED,
}


class HeldFor(StrEnum):
    """Why a channel is spared a message for a while; digests call it so."""

    QUIET_HOURS = "quiet hours"
    BUDGET = "over the day's budget"


class Inhibits(StrEnum):
    """What a trouble explains: while it lasts, these others are kept quiet."""

    MEASURED = "measured"  # no numbers can be read: whatever rests on them, on every site
    DROPS = "drops"  # a site's tracking is dead: whatever is missing on that site


class AlertState(StrEnum):
    """Where a lasting trouble is in its life."""

    PENDING = "pending"  # it holds, but not for as long as its rule asks; nobody was told
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody has it in hand: no more reminders
    MUTED = "muted"  # it holds, and a silence or another alert keeps it quiet
    RECOVERING = "recovering"  # it no longer holds, but not for as long as it takes to be believed
    RESOLVED = "resolved"
