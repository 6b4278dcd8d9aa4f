"""What every channel promises, and the three ways in which a delivery can fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.facts import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The message that stands for an alert where messages can be changed: its name and place over there."""

    ref: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One notice on its way into one channel.

    `id` is the outbox's own and the same at every attempt: it goes out as Message-ID or as Slack metadata,
    so that a repeat is recognisable. `late` is how long the message has waited beyond what is usual;
    `meant_for` names the closed channel that this one stands in for.

    `head` is what was told here of the same alert, `place` what the channel is called over there, as far as
    it is known. `in_doubt_since` is set when a former try may have arrived: since when to look for it;
    `unknown_since` when the store may have forgotten what was told of the alert, likewise. `only` names the
    addresses that have not got it yet, empty for all; `left_out` are never written to.
    """

    id: str
    notice: Notice
    late: timedelta | None = None
    meant_for: str | None = None
    head: Head | None = None
    place: str | None = None
    in_doubt_since: datetime | None = None
    unknown_since: datetime | None = None
    only: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The far side took the message.

    `ref` is its name over there (Slack ts, Message-ID). `repaired` says what had to be mended on the way:
    a broken template, a refused layout. `head` is the message that stands for its alert from now on, and
    `place` what the channel is called over there. `refused` are addresses that will never take a mail, each
    with the server's word; `rest` are those that may take this one later.
    """

    ref: str
    repaired: str | None = None
    head: Head | None = None
    place: str | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that a channel cannot do, or only by luck, and what a person may do about it.

    Most lacks are somebody's choice; one that `is_news` came about by itself.
    """

    what: str
    remedy: str
    is_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A message would be taken, as far as can be seen without sending one.

    `said` is what was seen, in one sentence without a full stop. `leads_to` and `place` are what the config
    calls the place and what it is called over there.
    """

    said: str
    leads_to: str | None = None
    place: str | None = None
    lacks: tuple[Lack, ...] = ()


class Undelivered(Exception):
    """The far side did not take the message, or did not say so. The text holds no secret."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Temporary(Undelivered):
    """Try again, not before `retry_after` where the far side named it.

    `ambiguous` means that the message may have arrived although nobody said so.
    """

    def __init__(self, why: str, retry_after: timedelta | None = None, *, ambiguous: bool = False) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        self.ambiguous = ambiguous


class Permanent(Undelivered):
    """This message will never be taken here.

    `refused` are addresses that will never take any, each with the server's word.
    """

    def __init__(self, why: str, refused: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.refused = refused or {}


class Closed(Permanent):
    """Nothing will be taken here until a person does what `remedy` says."""

    def __init__(self, why: str, remedy: str, refused: Mapping[str, str] | None = None) -> None:
        super().__init__(why, refused)
        self.remedy = remedy


class Channel(Protocol):
    """A road to people.

    `pace` is the shortest time between two messages, `patience` how long it makes sense to keep trying.
    The repr of a channel holds no secret. One thread uses a channel at a time.
    """

    @property
    def name(self) -> str:
        """What the config calls it."""

    @property
    def pace(self) -> timedelta:
        """At most one message in this time."""

    @property
    def patience(self) -> timedelta:
        """Give a message up when it is older."""

    def send(self, message: Message) -> Receipt:
        """Deliver. Raise Temporary, Permanent or Closed; any other exception is a bug."""

    def look(self, place: str | None = None) -> Looked:
        """See whether a message would be taken, without sending one. Raise as `send` does.

        `place` is what the channel was called over there when it was last looked at.
        """

    def close(self) -> None:
        """Let go of connections. A closed channel is not used again."""
