"""A far side that answers as it is told, over a real socket: whole, cut, slow, huge or wrong.

`answers[method, path]` is what to do with a call: an `Act`, a list of them (the last one stays), or a
function of the `Heard` request. `POST /token` works by itself; every other call needs its token.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self, cast
from urllib.parse import parse_qsl, urlsplit

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A request, as it arrived."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    connection: int

    def json(self) -> object:
        return json.loads(self.body) if self.body else None

    @property
    def named(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What to do: answer, wait before it, cut it after some bytes, or let it drip."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    cut_after: int | None = None  # bytes of the answer that still go out; 0 is none at all
    drip: float = 0.0  # seconds between two bytes of the body
    headers_drip: bool = False  # those of the headers, too
    close: bool = False  # the connection after the answer, without saying so


Answer = Act | list[Act] | Callable[[Heard], Act]


def say(data: object, status: int = 200, **headers: str) -> Act:
    """Answer with JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Act(status=status, body=json.dumps(data).encode(), headers=named)


NOTHING = Act()
HTML = Act(status=502, body=b"<html><h1>502 Bad Gateway</h1></html>", headers={"Content-Type": "text/html"})
CUT = Act(cut_after=0)


class FarSide:
    """A server on a free port of this machine; use it as a context manager."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.heard: list[Heard] = []
        self.tokens: set[str] = set()
        self.given = 0
        self.lifetime = "2099-01-01T00:00:00.903607271Z"
        self._lock = threading.Lock()
        self._connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            one.close()

    def calls(self, named: str = "") -> list[Heard]:
        """Return what was heard, without the asking for tokens."""
        return [one for one in self.heard if one.named != "POST /token" and named in ("", one.named)]

    def expire(self) -> None:
        """Let no token that was given be good any longer."""
        with self._lock:
            self.tokens.clear()

    # ------------------------------------------------------------ sockets

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._connections += 1
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection, self._connections), daemon=True).start()

    def _talk(self, connection: socket.socket, number: int) -> None:
        with connection, connection.makefile("rb") as incoming:
            try:
                while (heard := _request(incoming, number)) is not None:
                    with self._lock:
                        self.heard.append(heard)
                        act = self._act(heard)
                    if not _perform(connection, act):
                        return
            except OSError:
                return

    def _act(self, heard: Heard) -> Act:
        chosen = self.answers.get((heard.method, heard.path))
        if heard.path == "/token" and chosen is None:
            self.given += 1
            token = f"token-{self.given}-of-the-far-side"
            self.tokens.add(token)
            return say({"access_token": token, "expires_at": self.lifetime})
        bearer = heard.headers.get("authorization", "").removeprefix("Bearer ")
        if heard.path != "/token" and bearer not in self.tokens:
            return say({"validation": {}, "error": ["Unauthorized."]}, 401)
        if isinstance(chosen, list):
            return chosen.pop(0) if len(chosen) > 1 else chosen[0]
        if callable(chosen):
            return chosen(heard)
        return chosen or say({"error": ["no such call"]}, 404)


def _request(incoming: BinaryIO, number: int) -> Heard | None:
    line = incoming.readline(65536).decode()
    if not line.strip():
        return None
    method, target, _ = line.split(" ", 2)
    headers: dict[str, str] = {}
    while (header := incoming.readline(65536).decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = incoming.read(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Heard(
        method=method,
        path=parts.path.removeprefix(PREFIX),
        params=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        body=body,
        connection=number,
    )


def _perform(connection: socket.socket, act: Act) -> bool:
    """Answer; return whether the connection stays."""
    if act.wait:
        time.sleep(act.wait)
    lines = [f"HTTP/1.1 {act.status} Whatever", f"Content-Length: {len(act.body)}"]
    lines += [f"{name}: {value}" for name, value in act.headers.items()]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    if act.cut_after is not None:
        connection.sendall((head + act.body)[: act.cut_after])
        return False
    if act.drip:
        at_once, slowly = (b"", head + act.body) if act.headers_drip else (head, act.body)
        connection.sendall(at_once)
        for byte in slowly:
            connection.sendall(bytes([byte]))
            time.sleep(act.drip)
        return True
    connection.sendall(head + act.body)
    return not act.close


def members(heard: Heard) -> dict[str, object]:
    """Return the object that a request sent."""
    return cast("dict[str, object]", heard.json())
