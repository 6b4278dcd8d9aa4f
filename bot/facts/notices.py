"""What rules and detectors think, and what people are told of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.facts.heard import Absence, EventHeard, EventsCollected, Frequency
from bot.facts.measured import Measured
from bot.facts.ourselves import ChannelTest, Trouble
from bot.facts.reasons import AlertState, Reason, Severity

Content = EventHeard | EventsCollected | Frequency | Absence | Measured | Trouble | ChannelTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule has an opinion.

    `key` names the trouble: findings with one key are the same conversation. A `lasting` finding opens
    and ends (`holds`); a momentary one is over as soon as it was told.
    """

    key: str
    content: Content
    seen_at: datetime
    severity: Severity = Severity.NOTICE
    site: str | None = None
    rule: str | None = None
    lasting: bool = False
    holds: bool = True
    reason: Reason = Reason.TOLD  # what a momentary finding is told as


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The alert that a notice speaks of, as it stands with this notice.

    `alert` is the id of one trouble from its beginning to its end: one parent message in Slack, one thread
    of mails. The same trouble next week is another alert. `by` is who acknowledged or muted it.
    """

    alert: str
    state: AlertState
    opened_at: datetime
    told: int = 1  # how many notices of this alert there were, with this one
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Facts on their way to people. Templates see this value and nothing else.

    `key` is the finding's key: notices with one key belong into one mail thread. `site` and `rule` are
    None when the bot speaks of itself. `standing` is None for what is over as soon as it is told.
    """

    key: str
    content: Content
    at: datetime
    severity: Severity = Severity.NOTICE
    reason: Reason = Reason.TOLD
    site: str | None = None
    rule: str | None = None
    standing: Standing | None = None

    @property
    def kind(self) -> str:
        """Which template puts it into words."""
        return self.content.kind
