"""What rules and detectors think, and what people are told of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from bot.facts.deliveries import DeliveriesLost
from bot.facts.digests import Digest
from bot.facts.heard import Absence, EventHeard, EventsCollected, Frequency
from bot.facts.managed import DriftFound, PlanApplied, PlanProposed
from bot.facts.measured import Measured
from bot.facts.ourselves import ChannelTest, Missed, Trouble
from bot.facts.pictures import Bars, Funnel, Line, Picture, Spark
from bot.facts.reasons import AlertState, Inhibits, Reason, Severity
from bot.facts.upkept import Upkept


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """What a channel was spared for a while, told together: by its quiet hours, or over its budget of a day.

    `notices` are the latest of them, at most twenty; `count` is how many there were.
    """

    count: int
    since_at: datetime
    notices: tuple["Notice", ...]
    kind: Literal["held"] = "held"


Content = (
    EventHeard
    | EventsCollected
    | Frequency
    | Absence
    | Measured
    | Digest
    | PlanProposed
    | PlanApplied
    | DriftFound
    | Spared
    | Upkept
    | DeliveriesLost
    | Trouble
    | Missed
    | ChannelTest
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule has an opinion.

    `key` names the trouble: findings with one key are the same conversation. A `lasting` finding opens
    and ends (`holds`); a momentary one is over as soon as it was told. `wavering` says that the last look
    points the other way, but not for long enough to be believed: what does not hold yet is pending, what
    still holds is recovering.

    `measured` findings rest on numbers that were read from the source; `drop` says that something is missing.
    Both decide which other trouble may explain this one; `inhibits` says which others this one explains.
    """

    key: str
    content: Content
    seen_at: datetime
    severity: Severity = Severity.NOTICE
    site: str | None = None
    rule: str | None = None
    lasting: bool = False
    holds: bool = True
    wavering: bool = False
    measured: bool = False
    drop: bool = False
    inhibits: Inhibits | None = None
    reason: Reason = Reason.TOLD  # what a momentary finding is told as

    @property
    def pending(self) -> bool:
        """It does not hold yet, but the last look says that it may."""
        return self.wavering and not self.holds

    @property
    def recovering(self) -> bool:
        """It still holds, but the last look says that it may be over."""
        return self.wavering and self.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The alert that a notice speaks of, as it stands with this notice.

    `alert` is the id of one trouble from its beginning to its end: one parent message in Slack, one thread
    of mails. The same trouble next week is another alert. `by` is who acknowledged or muted it.

    `why` says what keeps it quiet, or kept it quiet until now, and `until_at` for how long. `next_at` is when
    it is told again if nothing changes; None when it is not. `meanwhile` names what this one kept quiet, at
    most a few; `inhibited` counts them all.
    """

    alert: str
    state: AlertState
    opened_at: datetime
    told: int = 1  # how many notices of this alert people heard, with this one
    by: str | None = None
    why: str | None = None
    until_at: datetime | None = None
    next_at: datetime | None = None
    meanwhile: tuple[str, ...] = ()
    inhibited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Facts on their way to people. Templates see this value and nothing else.

    One whose `reason` speaks is told. One whose reason only updates needs no sound: where what was told
    before can be changed, it is shown as it stands now, and elsewhere nothing happens.

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

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What can be drawn of its content: what the content names itself, or else the pictures in it."""
        named: tuple[Picture, ...] | None = getattr(self.content, "pictures", None)
        if named is not None:
            return named
        found: list[Picture] = []
        for field in fields(self.content):
            value = getattr(self.content, field.name)
            several = value if isinstance(value, tuple) else (value,)
            found += [one for one in several if isinstance(one, Line | Bars | Spark | Funnel)]
        return tuple(found)
