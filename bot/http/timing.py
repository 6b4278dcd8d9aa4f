"""Where the client takes its time, its patience and its luck from; a test brings its own."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The wall clock, a clock that never jumps (seconds), sleeping (seconds), and a dice from a to b."""

    now: clock.Clock = clock.now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    dice: Callable[[float, float], float] = random.uniform
