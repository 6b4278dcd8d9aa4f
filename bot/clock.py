"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this instant as aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here, and nowhere else
