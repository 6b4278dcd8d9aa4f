"""Waits for what is true soon."""

import time
from collections.abc import Callable


def until(true: Callable[[], object], within: float = 10.0, every: float = 0.02) -> None:
    """Return as soon as `true` is. Raise TimeoutError after `within` seconds."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"it was not true within {within:g} s")
        time.sleep(every)
