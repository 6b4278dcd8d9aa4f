"""Sends webhooks: one documented body per stored event, over real HTTP, never twice."""

import json
import logging
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from bot.sandbox.pirsch.account import Account
from bot.sandbox.pirsch.documents import Document
from bot.sandbox.pirsch.rows import Event

log = logging.getLogger(__name__)

LIVES = 100  # "more than 100" failed deliveries switch a webhook off (docs.pirsch.io, "Webhooks")
_WORKERS = 4
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of one event; `status` None means that no answer came. Numbers begin at 1."""

    number: int
    webhook_id: str
    event_name: str
    status: int | None
    sent_at: datetime
    took: timedelta

    @property
    def arrived(self) -> bool:
        """Whether the far side said so: 200 to 299. Redirects are not followed."""
        return self.status is not None and 200 <= self.status < 300


class Postman:
    """Sends to each webhook in the order of the events, to a few at a time.

    There is no retry: a failed delivery is lost. Whether the vendor counts failures in a row or all of them
    is not documented; here all count until the webhook is saved again.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._waiting: dict[str, deque[Event]] = {}
        self._busy: set[str] = set()
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="postman")
        self.deliveries: deque[Delivery] = deque(maxlen=_REMEMBERED)
        self.sent = self.failed = 0  # since the start, also for webhooks that are gone

    def tell(self, domain_id: str, events: Iterable[Event]) -> None:
        """Queue events for the webhooks that listen to them now."""
        hooks: dict[str, list[Document]] = {}
        now = self._account.clock()
        for hook in self._account.shelves["webhook"].of(domain_id):
            if now >= hook.mod_at + self._account.settings.config_delay:
                hooks.setdefault(hook.text("event"), []).append(hook)
        for event in events:
            for hook in hooks.get(event.name, ()):
                self._queue(hook.id, event)

    @property
    def waiting(self) -> int:
        """How many deliveries are queued; those under way do not count."""
        with self._changed:
            return sum(map(len, self._waiting.values()))

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until nothing is queued or under way. Return False when that took longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, timeout)

    def stop(self) -> None:
        """Drop what waits and end the threads."""
        with self._changed:
            self._waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _queue(self, hook_id: str, event: Event) -> None:
        with self._changed:
            self._waiting.setdefault(hook_id, deque()).append(event)
            if hook_id not in self._busy:
                self._busy.add(hook_id)
                self._pool.submit(self._empty, hook_id)

    def _empty(self, hook_id: str) -> None:
        while (event := self._next(hook_id)) is not None:
            try:
                self._deliver(hook_id, event)
            except Exception:  # our bug must not leave the others of this webhook waiting for ever
                log.exception("webhook not sent", extra={"webhook_id": hook_id})

    def _next(self, hook_id: str) -> Event | None:
        with self._changed:
            waiting = self._waiting.get(hook_id)
            if not waiting:
                # Leaving the busy set under the lock lets the next event start a new round.
                self._busy.discard(hook_id)
                self._changed.notify_all()
                return None
            return waiting.popleft()

    def _deliver(self, hook_id: str, event: Event) -> None:
        hook = next((one for one in self._account.shelves["webhook"] if one.id == hook_id), None)
        if hook is None or not hook.fields["active"]:
            return
        timeout = self._account.settings.webhook_timeout.total_seconds()
        began = time.perf_counter()
        status = post(hook.text("endpoint"), body_of(event), timeout)
        took = timedelta(seconds=time.perf_counter() - began)
        with self._account.lock:
            self.sent += 1
            delivery = Delivery(
                number=self.sent,
                webhook_id=hook_id,
                event_name=event.name,
                status=status,
                sent_at=self._account.clock(),
                took=took,
            )
            self.deliveries.append(delivery)
            self.failed += not delivery.arrived
            _count(self._account, hook, delivery)


def body_of(event: Event) -> bytes:
    """Write the whole documented body: name, duration in seconds, meta as strings."""
    body = {"event_name": event.name, "event_duration": event.duration, "event_meta": dict(event.meta)}
    return json.dumps(body, ensure_ascii=False).encode()


def post(endpoint: str, body: bytes, timeout: float) -> int | None:
    """Post once and return the status, or None when no answer came. Follows nothing, repeats nothing."""
    try:
        parts = urlsplit(endpoint)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection: HTTPConnection = HTTPSConnection(parts.netloc, timeout=timeout, context=context)
        else:
            connection = HTTPConnection(parts.netloc, timeout=timeout)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, {"Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError):
        return None


def _count(account: Account, hook: Document, delivery: Delivery) -> None:
    failures, sent = hook.hidden.get("failures", 0), hook.hidden.get("sent", 0)
    if not isinstance(failures, int) or not isinstance(sent, int):
        raise TypeError("counts are numbers")
    hook.hidden["sent"] = sent + 1
    if delivery.arrived:
        return
    hook.hidden["failures"] = failures + 1
    if failures + 1 > LIVES:
        hook.fields["active"] = False
        account.mail("webhook", hook.domain_id or "", hook.text("event"))
