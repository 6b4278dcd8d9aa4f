"""Waits for what is true soon."""

import time
from collections.abc import Callable
from datetime import timedelta

SOON = timedelta(seconds=30)
"""How long a test waits for what takes a moment: machines of tests are slow at times."""


def until(true: Callable[[], object], within: float = SOON.total_seconds(), every: float = 0.02) -> None:
    """Return as soon as `true` is. Raise TimeoutError after `within` seconds."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"it was not true within {within:g} s")
        time.sleep(every)
