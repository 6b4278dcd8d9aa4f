"""Calls the receiver as a WSGI server does."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.db import Database
from bot.keeper import Keeper
from bot.receive import Receiver
from tests.stores.making import NOON

TOKEN, OLD, BLOG = "k7Qz-3mPq_81LxYv0aBcDeFg", "older-older-older-older-1", "blogblogblogblogblogblog"
TOKENS = {"shop": [TOKEN, OLD], "blog": [BLOG], "silent": []}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Door:
    """A receiver over a store; `passed_on` are the paths that were somebody else's."""

    def __init__(self, database: Database) -> None:
        self.keeper = Keeper(database)
        self.passed_on: list[str] = []
        self._application = Receiver(self._behind, TOKENS, self.keeper, self._clock)

    def _clock(self) -> datetime:
        return NOON

    def _behind(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.passed_on.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"behind"]

    def call(self, path: str, body: bytes = b"", method: str = "POST", stream: Any = None) -> Answer:
        """Ask for a path as it stands in PATH_INFO: decoded, one character a byte."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": stream or io.BytesIO(body),
        }
        came: list[tuple[int, dict[str, str]]] = []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            came.append((int(status.split()[0]), dict(headers)))

        text = b"".join(self._application(environ, start_response))  # type: ignore[arg-type]
        (status, headers) = came[0]
        return Answer(status, headers, text)


@contextmanager
def door(database: Database) -> Iterator[Door]:
    """Open a door, and shut it."""
    opened = Door(database)
    try:
        yield opened
    finally:
        opened.keeper.close()
