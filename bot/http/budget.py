"""Keeps a client below a far side's limits by itself, and listens when it is asked for a pause.

The headers are `X-RateLimit-Limit`, `X-RateLimit-Remaining`, `X-RateLimit-Reset` and `Retry-After`
(docs.pirsch.io, API v1 guide, "Rate limits": "a timestamp", "the time to retry"); their units are not written
down, so every usual one is understood.
"""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

WINDOW = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
UNNAMED_PAUSE = timedelta(seconds=10)  # for a 429 that says nothing about time


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many calls of a class within any window of this length."""

    calls: int
    window: timedelta = WINDOW


class Places(Protocol):
    """Which places of the last window are taken: by one process, or by all that share the credentials."""

    def take(self, rate: str, limit: Limit, *, after: float, within: float) -> float | None:
        """Take the next free place of a class, and return its seconds from now.

        It comes no sooner than `after`. Return None, and take none, when it comes later than `within`.
        """

    def look(self, rate: str, limit: Limit, *, after: float) -> float:
        """Return when the next place is free, in seconds from now, and take none."""


def next_place(taken: Sequence[float], limit: Limit, earliest: float) -> float:
    """Return when the next call may go: since the one `limit.calls` before it, a window has passed. Pure."""
    if len(taken) < limit.calls:
        return earliest
    return max(earliest, taken[-limit.calls] + limit.window.total_seconds())


class OurPlaces:
    """The places that this process has taken. Safe for threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._taken: dict[str, list[float]] = {}

    def take(self, rate: str, limit: Limit, *, after: float, within: float) -> float | None:
        """Take the next free place."""
        with self._lock:
            now, taken = self._monotonic(), self._taken.get(rate, [])
            at = next_place(taken, limit, now + after)
            if at - now > within:
                return None
            self._taken[rate] = [*taken, at][-limit.calls :]
            return at - now

    def look(self, rate: str, limit: Limit, *, after: float) -> float:
        """Return when the next place is free."""
        with self._lock:
            now = self._monotonic()
            return next_place(self._taken.get(rate, []), limit, now + after) - now


class Budget:
    """The calls of late by class. Safe for threads; one for each set of credentials.

    A class without a limit is free. `places` None: this process alone asks with these credentials.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        limits: Mapping[str, Limit],
        places: Places | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._limits = limits
        self._places = OurPlaces(monotonic) if places is None else places
        self._lock = threading.Lock()
        self._paused_until: dict[str, float] = {}

    def reserve(self, rate: str, at_most: timedelta) -> timedelta | None:
        """Take the next free place of a class and return how long to wait for it.

        Return None, and take no place, when the wait would be longer than `at_most`.
        """
        after, within = self._pause_left(rate), at_most.total_seconds()
        if rate not in self._limits:
            wait = after if after <= within else None
        else:
            wait = self._places.take(rate, self._limits[rate], after=after, within=within)
        return None if wait is None else timedelta(seconds=wait)

    def wait(self, rate: str) -> timedelta:
        """Return how long the next call of a class would have to wait, taking nothing."""
        wait = self._pause_left(rate)
        if rate in self._limits:
            wait = self._places.look(rate, self._limits[rate], after=wait)
        return timedelta(seconds=wait)

    def paused_until(self, rate: str) -> float:
        """Return the end, on the monotonic clock, of the last pause that a class was asked for."""
        with self._lock:
            return self._paused_until.get(rate, 0.0)

    def _pause_left(self, rate: str) -> float:
        return max(0.0, self.paused_until(rate) - self._monotonic())

    def pause(self, rate: str, length: timedelta) -> None:
        """Let nothing of a class out for a while: the far side asked for it."""
        with self._lock:
            until = self._monotonic() + min(length, LONGEST_PAUSE).total_seconds()
            self._paused_until[rate] = max(until, self._paused_until.get(rate, until))


def pause_asked(status: int, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the pause that an answer asks for, or None.

    A 429 always asks for one. A 503 does with Retry-After, any other answer when it says that it was the
    last one of the window.
    """
    if status == 429:
        return (
            _length(headers.get("Retry-After"), now)
            or _length(headers.get("X-RateLimit-Reset"), now)
            or UNNAMED_PAUSE
        )
    if status == 503:
        return _length(headers.get("Retry-After"), now)
    if headers.get("X-RateLimit-Remaining", "").strip() == "0":
        reset = _length(headers.get("X-RateLimit-Reset"), now)
        return reset and min(reset, WINDOW)
    return None


def _length(text: str | None, now: datetime) -> timedelta | None:
    """Read a time span or a moment in any usual form; None when it is unreadable or over."""
    if not text or len(text) > 64:
        return None
    seconds = _seconds(text.strip(), now)
    if seconds is None or not math.isfinite(seconds) or seconds <= 0:
        return None
    return min(timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds())), LONGEST_PAUSE)


def _seconds(text: str, now: datetime) -> float | None:
    try:
        number = float(text)
    except ValueError:
        moment = _moment(text)
        return (moment - now).total_seconds() if moment else None
    for unit in (1e9, 1e6, 1e3, 1):  # since 1970 in nano-, micro-, milliseconds or seconds
        if number > 1e9 * unit:
            return number / unit - now.timestamp()
    return number


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
        except (ValueError, TypeError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
