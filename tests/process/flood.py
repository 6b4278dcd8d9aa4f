"""Sends events from several connections until the far side is gone, and remembers which were acknowledged."""

import http.client
import json
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from tests.waiting import until

CONNECTIONS = 4


class Flood:
    """Threads that send numbered orders, each on a connection of its own."""

    def __init__(self, hook: str, connections: int = CONNECTIONS) -> None:
        self._place = urlsplit(hook)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: set[str] = set()
        self.asked: set[str] = set()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(connections)]
        for thread in self._threads:
            thread.start()

    def _send(self, sender: int) -> None:
        wire = http.client.HTTPConnection(str(self._place.hostname), self._place.port or 0, timeout=30)
        number = 0
        with suppress(OSError, http.client.HTTPException):
            while not self._stopping.is_set():
                key = f"order-{sender}-{number}"
                with self._lock:
                    self.asked.add(key)
                wire.request("POST", self._place.path, _order(key))
                answer = wire.getresponse()
                answer.read()
                if answer.status == 204:
                    with self._lock:
                        self.acknowledged.add(key)
                number += 1
        wire.close()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(15)

    def wait_for(self, number: int) -> None:
        """Return when so many were acknowledged."""
        until(lambda: len(self.acknowledged) >= number, within=20)


def _order(key: str) -> bytes:
    return json.dumps({"event_name": "purchase", "event_meta": {"key": key}}).encode()
