"""What can go wrong with a source of numbers, named for what the caller can do. No text holds a secret.

SourceError
  Unavailable     nobody knows the number now: ask again later, after `retry_after` where it is named
  Refused         the question itself was refused: asking it again is pointless
    Gone          the goal, funnel or site that it is about does not exist (any more)
  Misconfigured   a person must act first; `remedy` says what to do
  Unreadable      the far side answered in words that we do not know
"""

from datetime import timedelta


class SourceError(Exception):
    """There is no number. That is a verdict of its own, and never a zero."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unavailable(SourceError):
    """Nobody answered, or asked us to wait. `retry_after` is None when no time was named."""

    def __init__(self, why: str, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Refused(SourceError):
    """The question was understood and refused, or could not be asked as it was meant."""


class Gone(Refused):
    """What the question is about does not exist, or not any more."""


class Misconfigured(SourceError):
    """Credentials, rights, plan or domain are not as they must be: a person has to act."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


class Unreadable(SourceError):
    """There was an answer, and it is not one that we know."""
