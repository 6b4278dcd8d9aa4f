"""Keeps the client below Pirsch's limits by itself, and listens when Pirsch asks for a pause.

docs.pirsch.io, API v1 guide, "Rate limits": 10 calls a minute for what is about security, 60 for other
settings, statistics and ingest are free "at present". The headers are `X-RateLimit-Limit`,
`X-RateLimit-Remaining`, `X-RateLimit-Reset` ("a timestamp") and `Retry-After` ("the time to retry"); their
units are not written down, so every usual one is understood.
"""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from bot.pirsch.calls import Rate

WINDOW = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
UNNAMED_PAUSE = timedelta(seconds=10)  # for a 429 that says nothing about time
CALLS_A_MINUTE: Mapping[Rate, int] = {Rate.SECURITY: 10, Rate.CONFIGURATION: 60}


class Places(Protocol):
    """Which places of the last minute are taken: by one process, or by all that share the credentials."""

    def take(self, rate: Rate, calls: int, *, after: float, within: float) -> float | None:
        """Take the next free place of a class with so many calls a minute, and return its seconds from now.

        It comes no sooner than `after`. Return None, and take none, when it comes later than `within`.
        """

    def look(self, rate: Rate, calls: int, *, after: float) -> float:
        """Return when the next place is free, in seconds from now, and take none."""


def next_place(taken: Sequence[float], calls: int, earliest: float) -> float:
    """Return when the next call may go: `calls` before it, a minute must have passed. Pure."""
    if len(taken) < calls:
        return earliest
    return max(earliest, taken[-calls] + WINDOW.total_seconds())


class OurPlaces:
    """The places that this process has taken. Safe for threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._taken: dict[Rate, list[float]] = {}

    def take(self, rate: Rate, calls: int, *, after: float, within: float) -> float | None:
        """Take the next free place."""
        with self._lock:
            now, taken = self._monotonic(), self._taken.get(rate, [])
            at = next_place(taken, calls, now + after)
            if at - now > within:
                return None
            self._taken[rate] = [*taken, at][-calls:]
            return at - now

    def look(self, rate: Rate, calls: int, *, after: float) -> float:
        """Return when the next place is free."""
        with self._lock:
            now = self._monotonic()
            return next_place(self._taken.get(rate, []), calls, now + after) - now


class Budget:
    """The calls of the last minute by class. Safe for threads; one for each set of credentials.

    `places` None: this process alone asks with these credentials.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        calls_a_minute: Mapping[Rate, int] = CALLS_A_MINUTE,
        places: Places | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._calls = calls_a_minute
        self._places = OurPlaces(monotonic) if places is None else places
        self._lock = threading.Lock()
        self._paused_until: dict[Rate, float] = {}

    def reserve(self, rate: Rate, at_most: timedelta) -> timedelta | None:
        """Take the next free place of a class and return how long to wait for it.

        Return None, and take no place, when the wait would be longer than `at_most`.
        """
        after, within = self._pause_left(rate), at_most.total_seconds()
        if rate not in self._calls:
            wait = after if after <= within else None
        else:
            wait = self._places.take(rate, self._calls[rate], after=after, within=within)
        return None if wait is None else timedelta(seconds=wait)

    def wait(self, rate: Rate) -> timedelta:
        """Return how long the next call of a class would have to wait, taking nothing."""
        wait = self._pause_left(rate)
        if rate in self._calls:
            wait = self._places.look(rate, self._calls[rate], after=wait)
        return timedelta(seconds=wait)

    def paused_until(self, rate: Rate) -> float:
        """Return the end, on the monotonic clock, of the last pause that Pirsch asked a class for."""
        with self._lock:
            return self._paused_until.get(rate, 0.0)

    def _pause_left(self, rate: Rate) -> float:
        return max(0.0, self.paused_until(rate) - self._monotonic())

    def pause(self, rate: Rate, length: timedelta) -> None:
        """Let nothing of a class out for a while: Pirsch asked for it."""
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
