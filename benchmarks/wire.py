"""Senders of webhooks that cost little themselves: plain sockets, kept connections, one thread."""

import re
import selectors
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_KEPT_OPEN = "Host: bench\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of hammering. Times in milliseconds."""

    accepted: int
    refused: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return self.accepted / self.seconds


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def request(path: str, body: bytes) -> bytes:
    """Return the bytes of a POST."""
    return f"POST {path} HTTP/1.1\r\n{_KEPT_OPEN}Content-Length: {len(body)}\r\n\r\n".encode() + body


def connect(port: int) -> socket.socket:
    """Open a connection that sends at once."""
    one = socket.create_connection(("127.0.0.1", port), timeout=10)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


def wait_for(port: int, path: str, patience: float = 20.0) -> None:
    """Return when a GET is answered. Raise TimeoutError when it is not."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with connect(port) as one:
                one.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
                if one.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"nobody answers on port {port}")


def hammer(port: int, path: str, body: bytes, connections: int, seconds: float) -> Round:
    """Send the next request of each connection as soon as its last one was answered."""
    selector = selectors.DefaultSelector()
    data, waits, refused = request(path, body), list[float](), 0
    sockets = [connect(port) for _ in range(connections)]
    sent_at: dict[int, float] = {}
    by_number = {one.fileno(): one for one in sockets}
    for one in sockets:
        selector.register(one, selectors.EVENT_READ)
        sent_at[one.fileno()] = time.perf_counter()
        one.sendall(data)
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for key, _ in selector.select(0.5):
            one = by_number[key.fd]
            answer = one.recv(4096)
            now = time.perf_counter()
            refused += not answer.startswith(b"HTTP/1.1 204")
            waits.append((now - sent_at[key.fd]) * 1000)
            sent_at[key.fd] = now
            one.sendall(data)
    took = time.perf_counter() - began
    for one in sockets:
        one.close()
    selector.close()
    waits.sort()
    return Round(
        accepted=len(waits) - refused,
        refused=refused,
        seconds=took,
        p50=waits[len(waits) // 2],
        p99=waits[int(len(waits) * 0.99)],
    )


def pace(
    port: int,
    path: str,
    bodies: Mapping[str, bytes],
    rate: float,
    *,
    kill_after: int | None = None,
    kill: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """Send bodies at a steady rate, one after the other; return when each was sent that was thanked for.

    After `kill_after` of them `kill` is called, and sending goes on until the connection breaks.
    """
    sent: dict[str, float] = {}
    began = time.monotonic()
    with connect(port) as one:
        for number, (name, body) in enumerate(bodies.items()):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            if number == kill_after:
                kill()
            at = time.monotonic()
            try:
                one.sendall(request(path, body))
                answer = one.recv(4096)
            except OSError:
                break
            if not re.match(rb"HTTP/1\.1 204", answer):
                break
            sent[name] = at
    return sent
