"""How fast Slack lets one channel be written to."""

import math
import threading
import time
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """About one message a second and channel, short bursts tolerated.

    How long a burst may be is not said (docs.slack.dev/apis/web-api/rate-limits): here it is `burst`.
    """

    every: timedelta = timedelta(seconds=1)
    burst: int = 3


class Metronome:
    """Says how long a channel has to wait. Safe for threads."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._full_at: dict[str, float] = {}  # when the channel's allowance is whole again
        self._lock = threading.Lock()

    def wait(self, channel: str) -> timedelta | None:
        """Use up one message of the channel's allowance.

        Return None, or the pause in whole seconds when nothing is left of it.
        """
        every = self._pace.every.total_seconds()
        with self._lock:
            moment = time.monotonic()
            full_at = max(self._full_at.get(channel, moment), moment)
            too_early = full_at - moment - every * (self._pace.burst - 1)
            if too_early > 0:
                return timedelta(seconds=math.ceil(too_early))
            self._full_at[channel] = full_at + every
            return None
