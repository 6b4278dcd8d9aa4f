"""What can go wrong between a client and Pirsch, on demand: for the next calls that match a pattern."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from fnmatch import fnmatchcase

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Cut(StrEnum):
    """When the connection is cut."""

    BEFORE = "before"  # nothing was done
    AFTER = "after"  # the call was carried out, but no answer comes
    MIDDLE = "middle"  # the call was carried out, and half of the answer comes


class Wait(StrEnum):
    """How a 429 says when to come back. The vendor names no units, so a client must take all of these."""

    SECONDS = "seconds"  # Retry-After: 3
    DATE = "date"  # Retry-After: Sat, 21 Nov 2026 03:08:24 GMT
    RETRY_EPOCH = "retry_epoch"  # Retry-After: 1795230504
    RETRY_MILLISECONDS = "retry_milliseconds"  # Retry-After: 1795230504000
    RESET_EPOCH = "reset_epoch"  # X-RateLimit-Reset alone, seconds since 1970
    RESET_MILLISECONDS = "reset_milliseconds"
    RESET_DATE = "reset_date"
    RESET_ISO = "reset_iso"
    NOTHING = "nothing"
    RUBBISH = "rubbish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, for the next `times` calls that match.

    `method` and `path` are shell patterns; `path` is that after /api/v1. Without `status` the true answer is
    given, perhaps late or cut off. With `status` the call is carried out only when `done` says so: a failure
    that is not one. `delay` is real time, before anything else.
    """

    method: str = "*"
    path: str = "*"
    times: int = 1
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    done: bool = False
    delay: timedelta = timedelta(0)
    cut: Cut | None = None

    def to(self, method: str, path: str = "*", *, times: int = 1) -> "Fault":
        """Return the same fault for certain calls."""
        return replace(self, method=method, path=path, times=times)


class Faults:
    """The faults that wait for their calls; the oldest that matches strikes first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def plan(self, *faults: Fault) -> None:
        """Let something go wrong."""
        with self._lock:
            self._waiting.extend(faults)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this call, and count it."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fnmatchcase(method, fault.method) and fnmatchcase(path, fault.path):
                    left = replace(fault, times=fault.times - 1)
                    self._waiting[place : place + 1] = [left] if left.times > 0 else []
                    return fault
        return None

    def waiting(self) -> int:
        """Return how many calls are still to be struck."""
        with self._lock:
            return sum(fault.times for fault in self._waiting)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._waiting.clear()


def unauthorized() -> Fault:
    """A token that is not valid any more."""
    return _json(401, "Unauthorized")


def forbidden() -> Fault:
    """A scope or plan that is missing."""
    return _json(403, "Forbidden")


def server_error(status: int = 500, *, done: bool = False) -> Fault:
    """An error of the server; with `done`, after the call was carried out."""
    return replace(_json(status, "Internal server error"), done=done)


def bad_gateway(*, done: bool = False) -> Fault:
    """The proxy's page instead of JSON."""
    return Fault(status=502, headers={"Content-Type": "text/html"}, body=_HTML, done=done)


def empty(status: int = 200, *, done: bool = True) -> Fault:
    """No body where one is expected."""
    return Fault(status=status, done=done)


def wrong_json(body: bytes = b'{"visitors": 12, "views"') -> Fault:
    """A body that calls itself JSON and is none."""
    return Fault(status=200, headers={"Content-Type": "application/json"}, body=body, done=True)


def slow(delay: timedelta) -> Fault:
    """The true answer, late."""
    return Fault(delay=delay)


def cut(when: Cut) -> Fault:
    """A connection that ends too early."""
    return Fault(cut=when)


def limited(now: datetime, wait: timedelta = timedelta(seconds=1), form: Wait = Wait.SECONDS) -> Fault:
    """A rate limit, with one form of saying how long."""
    return replace(_json(429, "Too many requests."), headers=_JSON | wait_headers(now, wait, form))


def wait_headers(now: datetime, wait: timedelta, form: Wait) -> dict[str, str]:
    """Return the headers that tell a client how long to wait."""
    at = now + wait
    seconds = max(1, round(wait.total_seconds()))
    match form:
        case Wait.SECONDS:
            return {"Retry-After": str(seconds)}
        case Wait.DATE:
            return {"Retry-After": format_datetime(at, usegmt=True)}
        case Wait.RETRY_EPOCH:
            return {"Retry-After": str(round(at.timestamp()))}
        case Wait.RETRY_MILLISECONDS:
            return {"Retry-After": str(round(at.timestamp() * 1000))}
        case Wait.RESET_EPOCH:
            return {"X-RateLimit-Reset": str(round(at.timestamp()))}
        case Wait.RESET_MILLISECONDS:
            return {"X-RateLimit-Reset": str(round(at.timestamp() * 1000))}
        case Wait.RESET_DATE:
            return {"X-RateLimit-Reset": format_datetime(at, usegmt=True)}
        case Wait.RESET_ISO:
            return {"X-RateLimit-Reset": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        case Wait.RUBBISH:
            return {"Retry-After": "soon", "X-RateLimit-Reset": "-"}
        case Wait.NOTHING:
            return {}


_JSON = {"Content-Type": "application/json"}


def _json(status: int, text: str) -> Fault:
    body = json.dumps({"validation": {}, "error": [text], "context": {}}).encode()
    return Fault(status=status, headers=_JSON, body=body)
