"""A Slack that takes everything at once and remembers when; so little work that it does not show."""

import multiprocessing
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

_PROBE = re.compile(rb"p\d+x\d+x")
_ANSWER = b'{"ok":true,"channel":"C0","ts":"1.0","user_id":"U0","user":"bot","team":"T"}'
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
_DOWN = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Sink:
    """Runs in a process of its own; a context manager. `down` True answers 503 to everything."""

    def __init__(self) -> None:
        self._down = multiprocessing.Value("b", 0)
        ours, theirs = multiprocessing.Pipe(duplex=False)
        listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(listening, theirs, self._down), daemon=True
        )
        self._process.start()
        listening.close()
        theirs.close()
        self._pipe = ours
        self.arrived: dict[str, float] = {}
        self.counts: Counter[str] = Counter()

    @property
    def down(self) -> bool:
        """Whether everything is refused."""
        return bool(self._down.value)

    @down.setter
    def down(self, value: bool) -> None:
        self._down.value = int(value)

    def wait(self, names: Mapping[str, float], patience: float) -> dict[str, float]:
        """Return when each probe arrived first; wait up to `patience` seconds for the missing ones."""
        until = time.monotonic() + patience
        while time.monotonic() < until and not names.keys() <= self.arrived.keys():
            self._take(0.1)
        self._take(0.5)
        return self.arrived

    def _take(self, seconds: float) -> None:
        while self._pipe.poll(seconds):
            name, at = self._pipe.recv()
            self.counts[name] += 1
            self.arrived.setdefault(name, at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()


def _serve(listening: socket.socket, pipe: Connection, down: object) -> None:
    lock = threading.Lock()
    while True:
        one, _ = listening.accept()
        threading.Thread(target=_answer, args=(one, pipe, lock, down), daemon=True).start()


def _answer(one: socket.socket, pipe: Connection, lock: threading.Lock, down: object) -> None:
    with one:
        data = b""
        while (head := data.partition(b"\r\n\r\n"))[1] == b"" or len(head[2]) < _length(head[0]):
            more = one.recv(65536)
            if not more:
                return
            data += more
        at = time.monotonic()
        if getattr(down, "value", 0):
            one.sendall(_DOWN)
            return
        one.sendall(_HEAD + f"Content-Length: {len(_ANSWER)}\r\n\r\n".encode() + _ANSWER)
        if b"chat.postMessage" in head[0] and (found := _PROBE.search(head[2])):
            with lock:
                pipe.send((found[0].decode(), at))


def _length(head: bytes) -> int:
    found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0
