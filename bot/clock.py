"""The only place that asks what time it is.

Beside the sandbox, whose time can be moved, the bot's time moves with it: the environment variable BOT_CLOCK
names a file that holds how many seconds ours is ahead. Nobody sets it elsewhere.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]

MOVED = "BOT_CLOCK"
"""The environment variable that names the file."""


def now() -> datetime:
    """Return this instant as aware UTC."""
    real = datetime.now(UTC)  # noqa: TID251 - here, and nowhere else
    file = os.environ.get(MOVED)
    return real + ahead(Path(file)) if file else real


def ahead(file: Path) -> timedelta:
    """Return by how much time is moved. A file that does not say so raises ValueError: time must not jump."""
    try:
        return timedelta(seconds=float(file.read_text(encoding="ascii")))
    except (OSError, ValueError, OverflowError):
        raise ValueError(f"{MOVED} must name a file that holds a number of seconds") from None


def move(file: Path, length: timedelta) -> None:
    """Set by how much time is moved. Whoever reads meanwhile reads the old or the new, nothing in between."""
    new = file.with_suffix(".new")
    new.write_text(str(length.total_seconds()), encoding="ascii")
    new.replace(file)
