"""Rate limits by class, over a sliding window, with the vendor's headers."""

import math
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from bot.sandbox.pirsch.refusal import Refused
from bot.sandbox.pirsch.settings import Limits


class Class(StrEnum):
    """The classes of the vendor's guide, and the token call of which it says nothing."""

    SECURITY = "security"
    CONFIGURATION = "configuration"
    STATISTICS = "statistics"
    INGEST = "ingest"
    TOKEN = "token"  # noqa: S105 - a class of calls


class Limiter:
    """Counts the calls of each client and class."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._seen: dict[tuple[str, Class], deque[datetime]] = {}
        self._lock = threading.Lock()

    def pass_by(self, who: str, kind: Class, now: datetime) -> Mapping[str, str]:
        """Count a call and return the headers of its answer. Raises Refused (429) over the limit.

        The reset is in seconds since 1970, `Retry-After` in whole seconds: the vendor names no units.
        """
        most: int | None = getattr(self.limits, kind.value)
        if most is None:
            return {}
        with self._lock:
            seen = self._seen.setdefault((who, kind), deque())
            while seen and seen[0] + self.limits.window <= now:
                seen.popleft()
            allowed = len(seen) < most
            if allowed:
                seen.append(now)
            free_at = (seen[0] if seen else now) + self.limits.window
            left = most - len(seen)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(math.ceil(free_at.timestamp())),
        }
        if not allowed:
            wait = math.ceil((free_at - now).total_seconds())
            raise Refused(429, ["Too many requests."], headers={**headers, "Retry-After": str(wait)})
        return headers
