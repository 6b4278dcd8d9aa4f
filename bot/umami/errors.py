"""What can go wrong between us and Umami, named for what the caller can do. No text holds a secret.

UmamiError
  Unreachable      nobody answered: ask again later
  TryLater         busy, failed, or asked too often: ask again after `retry_after`, where it is named
  Refused          understood and refused, or unknown to this version: asking again is pointless
  BadCredentials   the login or the key is not good for this: a person must act
  NotReadable      there was an answer, and it is not one that we know
  Unaskable        not sent: this version would pass over a part of the question without a word
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

LONGEST_TEXT = 300
MOST_TEXTS = 12
_DEEPEST = 8


class UmamiError(Exception):
    """There is no answer. `call` names what was asked, never its values."""

    def __init__(
        self, why: str, *, call: str = "", status: int | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(why)
        self.why, self.call, self.status, self.retry_after = why, call, status, retry_after

    def __str__(self) -> str:
        place = f"{self.call}: " if self.call else ""
        status = f"{self.status} " if self.status else ""
        return f"{place}{status}{self.why}"


class Unreachable(UmamiError):
    """Nobody answered."""


class TryLater(UmamiError):
    """Umami is busy, failed, or limits us."""


class Refused(UmamiError):
    """Umami understood and said no, or this version has no such question."""


class BadCredentials(UmamiError):
    """Umami does not know the login or the key, or shows them nothing of this website."""


class NotReadable(UmamiError):
    """Umami answered in words that we do not know."""


class Unaskable(UmamiError, ValueError):
    """Not sent: the answer would look right and belong to another question."""


def said(body: object, secrets: Collection[str] = ()) -> str:
    """Return what a decoded error body says, whatever its form; empty when it says nothing.

    Version 2 writes `{"error": "text"}` or `{"error": ["text", …]}`, version 3 an object with `message` and a
    tree of `errors` and `properties` (recorded of 2.18.1 and 3.1.0).
    """
    error = body.get("error") if isinstance(body, Mapping) else None
    texts = [text for _, text in zip(range(MOST_TEXTS), _texts(error), strict=False)]
    return _clean("; ".join(texts), secrets)


def _texts(error: object, place: str = "", depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(error, str) and error:
        yield f"{place}: {error}" if place else error
    elif isinstance(error, list):
        for one in error[:MOST_TEXTS]:
            yield from _texts(one, place, depth + 1)
    elif isinstance(error, Mapping):
        if not place:
            yield from _texts(error.get("message"), "", depth + 1)
        yield from _texts(error.get("errors"), place, depth + 1)
        properties = error.get("properties")
        for name, one in list(properties.items())[:MOST_TEXTS] if isinstance(properties, Mapping) else ():
            yield from _texts(one, f"{place}.{name}".lstrip("."), depth + 1)


def _clean(text: str, secrets: Collection[str]) -> str:
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable if len(printable) <= LONGEST_TEXT else printable[: LONGEST_TEXT - 1] + "…"
