"""What the doors share: the workspace, its keys, the trouble that was ordered, and who called."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.pace import Metronome
from bot.sandbox.slack.workspace import Workspace

CALLS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it was answered. `error` is Slack's code; `fault` is the trouble that was ordered for it.

    Incoming webhooks are called "webhook". A call whose connection was cut has the status that it would
    have had.
    """

    method: str
    arguments: Mapping[str, Any] = field(repr=False)
    at: datetime
    status: int
    error: str | None = None
    fault: Fault | None = None


class Calls:
    """The latest calls, and how many there were of each kind. Safe for threads."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, call: Call) -> None:
        """Remember a call."""
        with self._lock:
            self._calls.append(call)
            self._counts[call.method] += 1

    def latest(self, method: str | None = None) -> list[Call]:
        """The kept calls, oldest first; of one method, or all."""
        with self._lock:
            return [call for call in self._calls if method in (None, call.method)]

    def count(self, method: str) -> int:
        """How often a method was called since the start, refusals and faults included."""
        with self._lock:
            return self._counts[method]


@dataclass(kw_only=True)
class State:
    """One workspace with its doors: `tokens` with their scopes, `hooks` from webhook paths to channel ids."""

    workspace: Workspace
    clock: Callable[[], datetime]
    tokens: dict[str, frozenset[str]]
    metronome: Metronome | None
    hooks: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    calls: Calls = field(default_factory=Calls)
    stopping: threading.Event = field(default_factory=threading.Event)
