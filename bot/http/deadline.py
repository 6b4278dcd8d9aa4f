"""Connections on which one answer, from its first byte to its last, takes no longer than its time-out.

A time-out of a socket bounds each wait. Headers that drip in byte by byte never wait long, and http.client
reads them all before it returns; so the wait that is left shrinks with every read.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Shrinking(io.RawIOBase):
    """Reads from a socket until a moment, and not a byte longer."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)  # keeps the socket open as long as it is read
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Bounded:
    """Stands for a socket where http.client asks it for a file to read."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, mode: str) -> io.BufferedReader:
        seconds = self._sock.gettimeout()
        if seconds is None:
            raise ValueError("an answer without a time-out could take for ever")
        return io.BufferedReader(_Shrinking(self._sock, seconds))


class _Response(HTTPResponse):
    """An answer that is read by its deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Bounded(sock), *args, **kwargs)  # type: ignore[arg-type]  # it only calls makefile


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
"""Which pool keeps the connections, by scheme."""
