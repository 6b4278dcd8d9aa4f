"""What was asked of the simulator, for tests: calls by method and path, in order."""

import threading
from collections import Counter, deque
from collections.abc import Collection
from dataclasses import dataclass

_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call. `status` None means that the connection was cut instead of an answer."""

    method: str
    path: str
    query: str
    body: bytes
    status: int | None


class Ledger:
    """Counts all calls and remembers the latest."""

    def __init__(self, known: Collection[tuple[str, str]]) -> None:
        self._known = frozenset(known)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._calls: deque[Asked] = deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()

    def note(self, asked: Asked) -> None:
        """Count a call. Those that do not exist are remembered only, as there is no end of them."""
        with self._lock:
            if (asked.method, asked.path) in self._known:
                self._counts[asked.method, asked.path] += 1
            self._calls.append(asked)

    def count(self, method: str, path: str) -> int:
        """Return how often a call was made; `path` is that after /api/v1."""
        with self._lock:
            return self._counts[method, path]

    def counts(self) -> dict[str, int]:
        """Return all counts by "METHOD /path"."""
        with self._lock:
            return {f"{method} {path}": count for (method, path), count in sorted(self._counts.items())}

    def calls(self) -> list[Asked]:
        """Return the calls remembered, oldest first."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()
            self._calls.clear()
