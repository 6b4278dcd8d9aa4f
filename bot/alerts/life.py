"""What is remembered of one trouble from its beginning to its end. A value; the store keeps its JSON.

pending ── held long enough ──▶ open ──▶ acknowledged
                                 │ ▲          │
   kept quiet: by a person,      ▼ │          ▼
   a silence or another alert  muted      recovering ──▶ resolved
"""

from dataclasses import dataclass

from pydantic import AwareDatetime, TypeAdapter

from bot.alerts.subject import Subject
from bot.facts import AlertState, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did something, and when."""

    by: str
    at: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Somebody wants to hear nothing of one alert until an instant."""

    by: str
    at: AwareDatetime
    until_at: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """What keeps an alert quiet: `reason` is MUTED, SILENCED or INHIBITED, `why` says it in words.

    `until_at` is None while nobody can know; `cause` is the alert that explains this one.
    """

    reason: Reason
    why: str
    until_at: AwareDatetime | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How one trouble stands.

    `holds` and `wavering` are what the last finding said. `told` counts the messages that people heard,
    `told_at` is when the last of them was decided, `reminded` counts those that only reminded. `turned_at`
    are the latest instants at which the trouble began or ended, also in earlier lives. `reason` is the last
    verdict that changed something.
    """

    subject: Subject
    opened_at: AwareDatetime
    state: AlertState = AlertState.PENDING
    reason: Reason | None = None
    holds: bool = False
    wavering: bool = False
    told: int = 0
    told_at: AwareDatetime | None = None
    reminded: int = 0
    acknowledged: Deed | None = None
    mute: Mute | None = None
    hush: Hush | None = None
    turned_at: tuple[AwareDatetime, ...] = ()
    unstable: bool = False

    @property
    def over(self) -> bool:
        """Whether it ended: the same trouble, if it comes again, is another life."""
        return self.state is AlertState.RESOLVED

    @property
    def by(self) -> str | None:
        """Who muted it, or else who has it in hand."""
        if self.hush is not None and self.hush.reason is Reason.MUTED and self.mute is not None:
            return self.mute.by
        return None if self.acknowledged is None else self.acknowledged.by

    def to_json(self) -> str:
        """Write everything that differs from a new life."""
        return _JSON.dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Life":
        """Read it. Unknown fields are ignored. Raises ValueError when it is none."""
        return _JSON.validate_json(text)


_JSON = TypeAdapter(Life)
