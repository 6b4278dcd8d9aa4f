"""POST /hooks/<site>/<token>: prove, keep, thank. Nothing is read here.

Pirsch sends no signature, does not repeat a delivery, and switches a webhook off after a hundred failures
(docs.pirsch.io, "Webhooks"). So the address is the proof, and once it is right the answer is 204 for any
body; only a failed keep answers 503.

This is a WSGI application in front of Flask rather than a Flask view: the way of a webhook is so short that
routing, contexts and signals would be most of it (`benchmarks/ingest.py` shows both).
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.events import LONGEST_BODY, Arrival
from bot.keeper import Keeper, NotKept

if TYPE_CHECKING:
    from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PREFIX = "/hooks/"
DRAINED = 32 * 1024 * 1024
"""Bytes of an overlong body that are read and thrown away, so that the sender hears our answer."""

_NOBODY = (os.urandom(32),) * 2  # what an unknown site is compared with: nobody can know its token


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what goes with it."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def _words(status: str, text: str, *headers: tuple[str, str]) -> Answer:
    body = f"{text}\n".encode()
    plain = ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))
    return Answer(status, (*plain, *headers), body)


THANKS = Answer("204 No Content")
UNKNOWN = _words("404 Not Found", "There is nothing here.")
POST_ONLY = _words("405 Method Not Allowed", "Webhooks are sent by POST.", ("Allow", "POST"))
NOT_KEPT = _words("503 Service Unavailable", "The event could not be kept.", ("Retry-After", "30"))


class Receiver:
    """The door for webhooks; everything else goes on to the application behind it.

    `tokens` gives each site's valid tokens, one or two: two while an address is being changed.
    """

    def __init__(
        self,
        behind: "WSGIApplication",
        tokens: Mapping[str, Sequence[str]],
        keeper: Keeper,
        clock: Clock,
    ) -> None:
        self._behind = behind
        self._keeper = keeper
        self._clock = clock
        # Digests are of one length and always two: the time of a comparison tells nothing.
        self._proofs = {site: _digests(ours) for site, ours in tokens.items() if ours}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._behind(environ, start_response)
        answer = self._answer(path, environ)
        start_response(answer.status, list(answer.headers))
        return (answer.body,)

    def _answer(self, path: str, environ: "WSGIEnvironment") -> Answer:
        site = self._proved(path)
        if site is None:
            return UNKNOWN
        if environ["REQUEST_METHOD"] != "POST":
            return POST_ONLY
        body, size = _read(environ["wsgi.input"])
        try:
            self._keeper.keep(Arrival(site=site, body=body, size=size, received_at=self._clock()))
        except NotKept as problem:
            log.critical("event not kept", exc_info=problem.__cause__, extra={"site": site, "bytes": size})
            return NOT_KEPT
        return THANKS

    def _proved(self, path: str) -> str | None:
        """Return the site whose token the path holds. Takes as long for a wrong site as for a wrong token."""
        site, _, token = path[len(PREFIX) :].partition("/")
        digest = hashlib.sha256(token.encode("latin-1", "replace")).digest()
        current, other = self._proofs.get(site, _NOBODY)
        right = compare_digest(digest, current) | compare_digest(digest, other)
        return site if right else None


def _digests(tokens: Sequence[str]) -> tuple[bytes, bytes]:
    digests = [hashlib.sha256(token.encode()).digest() for token in tokens]
    return digests[0], digests[-1]


def _read(stream: "InputStream") -> tuple[bytes, int]:
    """Return what is kept of a body, and how many bytes came.

    A sender that breaks off in the middle has sent what it has sent: it is kept, and found unreadable later.
    Of one that falls silent, or whose chunks are none, the server gives nothing: an empty body is kept.
    """
    body = _chunk(stream, LONGEST_BODY + 1)
    size = len(body)
    while size > LONGEST_BODY and size < DRAINED and (more := _chunk(stream, LONGEST_BODY)):
        size += len(more)
    return body[:LONGEST_BODY], size


def _chunk(stream: "InputStream", most: int) -> bytes:
    try:
        return stream.read(most)
    except OSError:
        return b""
