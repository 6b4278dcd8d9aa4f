"""The sandbox's own time: it can be moved, sped up and stopped, so that weeks pass in seconds."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that runs `speed` simulated seconds in each real one; call it to hear the simulated instant.

    Starts at `start_at` (aware; the real instant when left out). Speed 0 stops it. It never runs backwards:
    `advance` and `set_speed` raise ValueError for a negative argument. Safe to use from several threads.
    """

    def __init__(self, start_at: datetime | None = None, *, speed: float = 1.0) -> None:
        if start_at is not None and start_at.tzinfo is None:
            raise ValueError("start_at must be an aware instant")
        self._lock = threading.Lock()
        self._at = (start_at or datetime.now(UTC)).astimezone(UTC)  # noqa: TID251 - the sandbox has its own
        self._measured = time.monotonic()
        self._speed = _forward(speed)

    def __call__(self) -> datetime:
        """Return the simulated instant as aware UTC."""
        with self._lock:
            return self._now()

    @property
    def speed(self) -> float:
        """How many simulated seconds pass in a real one."""
        return self._speed

    def advance(self, length: timedelta) -> datetime:
        """Jump forward and return the new instant."""
        _forward(length.total_seconds())
        with self._lock:
            self._at = self._now() + length
            self._measured = time.monotonic()
            return self._at

    def set_speed(self, speed: float) -> None:
        """Go on from this instant at another speed."""
        with self._lock:
            self._at = self._now()
            self._measured = time.monotonic()
            self._speed = _forward(speed)

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=(time.monotonic() - self._measured) * self._speed)


def _forward(amount: float) -> float:
    if amount < 0:
        raise ValueError("time does not run backwards")
    return amount
