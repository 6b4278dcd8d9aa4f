"""What goes wrong on demand, for the next calls that match."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How the next calls fail.

    `error` is a Slack error code in an answer of status 200; `status` without it answers with `body`.
    `cut` breaks the connection before or after the call was carried out; `delay` waits first, and is
    alone enough to make a slow but good answer.
    """

    error: str | None = None
    status: int = 200
    body: str = ""
    content_type: str = "text/html; charset=utf-8"
    retry_after: timedelta | None = None
    delay: timedelta = timedelta(0)
    cut: Literal["before", "after"] | None = None

    @property
    def answers(self) -> bool:
        """Whether the fault answers in place of the method."""
        return self.error is not None or self.status != 200


BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def ratelimited(retry_after: timedelta = timedelta(seconds=1)) -> Fault:
    """429 with Retry-After, as docs.slack.dev/apis/web-api/rate-limits shows it."""
    return Fault(
        status=429,
        body='{"ok":false,"error":"ratelimited"}',
        content_type="application/json; charset=utf-8",
        retry_after=retry_after,
    )


NAMED: Mapping[str, Fault] = {
    "ratelimited": ratelimited(),
    "server_error": Fault(
        status=503, body='{"ok":false,"error":"service_unavailable"}', content_type="application/json"
    ),
    "bad_gateway": Fault(status=502, body=BAD_GATEWAY),
    "cut_before": Fault(cut="before"),
    "cut_after": Fault(cut="after"),
    "slow": Fault(delay=timedelta(seconds=1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    fault: Fault
    calls: str
    channel: str
    times: int


class Faults:
    """The faults that are ordered and not yet used up. Safe for threads."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault, *, calls: str = "*", channel: str = "*", times: int = 1) -> None:
        """Let the next `times` calls fail whose method and channel match the globs.

        Incoming webhooks are called "webhook". `channel` is matched as the caller wrote it.
        """
        with self._lock:
            self._orders.append(_Order(fault=fault, calls=calls, channel=channel, times=times))

    def take(self, call: str, channel: str) -> Fault | None:
        """Use up one matching fault, the oldest first. None means that all goes well."""
        with self._lock:
            for index, order in enumerate(self._orders):
                if fnmatchcase(call, order.calls) and fnmatchcase(channel, order.channel):
                    self._orders[index] = replace(order, times=order.times - 1)
                    self._orders = [left for left in self._orders if left.times > 0]
                    return order.fault
        return None

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._orders.clear()
