"""Keeps the client below Pirsch's limits by itself, and listens when Pirsch asks for a pause.

docs.pirsch.io, API v1 guide, "Rate limits": 10 calls a minute for what is about security, 60 for other
settings, statistics and ingest are free "at present". The headers are `X-RateLimit-Limit`,
`X-RateLimit-Remaining`, `X-RateLimit-Reset` ("a timestamp") and `Retry-After` ("the time to retry"); their
units are not written down, so every usual one is understood.
"""

import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.pirsch.calls import Rate

WINDOW = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
UNNAMED_PAUSE = timedelta(seconds=10)  # for a 429 that says nothing about time
CALLS_A_MINUTE: Mapping[Rate, int] = {Rate.SECURITY: 10, Rate.CONFIGURATION: 60}


class Budget:
    """The calls of the last minute by class. Safe for threads; one for each set of credentials."""

    def __init__(
        self, monotonic: Callable[[], float], calls_a_minute: Mapping[Rate, int] = CALLS_A_MINUTE
    ) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._taken = {rate: deque[float](maxlen=calls) for rate, calls in calls_a_minute.items()}
        self._paused_until: dict[Rate, float] = {}

    def reserve(self, rate: Rate, at_most: timedelta) -> timedelta | None:
        """Take the next free place of a class and return how long to wait for it.

        Return None, and take no place, when the wait would be longer than `at_most`.
        """
        with self._lock:
            now, at = self._next(rate)
            if at - now > at_most.total_seconds():
                return None
            if rate in self._taken:
                self._taken[rate].append(at)
            return timedelta(seconds=at - now)

    def wait(self, rate: Rate) -> timedelta:
        """Return how long the next call of a class would have to wait, taking nothing."""
        with self._lock:
            now, at = self._next(rate)
            return timedelta(seconds=at - now)

    def paused_until(self, rate: Rate) -> float:
        """Return the end, on the monotonic clock, of the last pause that Pirsch asked a class for."""
        with self._lock:
            return self._paused_until.get(rate, 0.0)

    def _next(self, rate: Rate) -> tuple[float, float]:
        now = self._monotonic()
        at = max(now, self._paused_until.get(rate, now))
        taken = self._taken.get(rate)
        if taken is not None and len(taken) == taken.maxlen:
            at = max(at, taken[0] + WINDOW.total_seconds())
        return now, at

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
