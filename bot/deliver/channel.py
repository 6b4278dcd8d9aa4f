"""What every channel promises, and the three ways in which a delivery can fail."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.facts import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One notice on its way into one channel.

    `id` is the outbox's own and the same at every attempt: it goes out as Message-ID or as Slack metadata,
    so that a repeat is recognisable. `late` is how long the message has waited beyond what is usual;
    `meant_for` names the closed channel that this one stands in for.
    """

    id: str
    notice: Notice
    late: timedelta | None = None
    meant_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The far side took the message.

    `ref` is its name over there (Slack ts, Message-ID). `repaired` says what had to be mended on the way:
    a broken template, a refused layout, a recipient whom the mail server did not take.
    """

    ref: str
    repaired: str | None = None


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
    """This message will never be taken here."""


class Closed(Permanent):
    """Nothing will be taken here until a person does what `remedy` says."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
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

    def close(self) -> None:
        """Let go of connections. A closed channel is not used again."""
