"""Creates without ever creating twice, though Pirsch knows no idempotency key.

A `POST` without `id` creates, every time (docs.pirsch.io, API v1). So: look; if it is there, that is it.
Otherwise create, once. When nobody knows what became of that, look again, and say so when it is still not
there. The caller may then do the whole again, because that begins with a look.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.http.timing import Timing
from bot.pirsch.errors import NotReadable, PirschError, Unsure

T = TypeVar("T")

SECOND_LOOKS = (0.0, 1.0, 3.0)  # seconds before each: a request that we gave up may still be at work


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Generic[T]):
    """The object, and whether this call made it (`created`) or found it there."""

    value: T
    created: bool


class Maker:
    """Creates one thing at a time, so that two threads with one wish do not both find nothing."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = threading.Lock()

    def make(self, look: Callable[[], T | None], create: Callable[[], T]) -> Made[T]:
        """Return what `look` finds, or else what `create` makes.

        `create` is called once at most. Raise Unsure when its request was cut short and the looks after it
        found nothing or failed, NotReadable when its answer made no sense and they found nothing; errors of
        the first look and clean refusals pass through, and nothing was made then.
        """
        with self._lock:
            found = look()
            if found is not None:
                return Made(value=found, created=False)
            try:
                return Made(value=create(), created=True)
            except (Unsure, NotReadable) as doubt:
                return self._looked_again(look, doubt)

    def _looked_again(self, look: Callable[[], T | None], doubt: Unsure | NotReadable) -> Made[T]:
        for seconds in SECOND_LOOKS:
            if seconds:
                self._timing.sleep(seconds)
            found = _looked_up(look, doubt)
            if found is not None:
                return Made(value=found, created=True)
        raise doubt


def read_back(save: Callable[[], T], look: Callable[[], T | None], as_wished: Callable[[T], bool]) -> T:
    """Save, and return the saved object; where the answer to a save does not tell it, look for it.

    That an object is there says nothing about an update, so it must also be `as_wished`. Raise Unsure when
    it is not, or when the look fails; raise NotReadable when the object is not to be found at all.
    """
    try:
        return save()
    except NotReadable as doubt:
        found = _looked_up(look, doubt)
        if found is None:
            raise
        if not as_wished(found):
            raise _unsure("the answer cannot be read, and the object is not as wished", doubt) from doubt
        return found


def _looked_up(look: Callable[[], T | None], doubt: PirschError) -> T | None:
    """Look once more; a look that fails leaves the doubt, and must not hide it."""
    try:
        return look()
    except PirschError as failed:
        raise _unsure("may have happened, and cannot be looked up", doubt) from failed


def _unsure(why: str, doubt: PirschError) -> Unsure:
    return Unsure(why, method=doubt.method, path=doubt.path, status=doubt.status, problem=doubt.problem)
