"""One request, one reply, over a socket.

No repetition, no redirect, no cookies, no proxy or netrc of the surroundings; a bound on every wait, on the
time of the whole answer and on the size of its body. Whether a request may have arrived is told apart:
`NotSent` or `Cut`.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from bot.http.deadline import POOLS

Pairs = tuple[tuple[str, str], ...]
"""What stands behind the ? of an address: names and values, in order; a name may come again."""

CHUNK = 64 * 1024
CONNECT_SECONDS = 5.0


class TransportError(Exception):
    """There is no reply."""


class NotSent(TransportError):
    """No connection: the far side cannot have seen the request."""


class Cut(TransportError):
    """The request was on its way when it ended: the far side may have done it."""


class TooLarge(TransportError):
    """The far side answered with more than we take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. Header names are found in any case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What goes out. `seconds` bounds each wait and the whole answer; `fresh` is a connection of its own."""

    method: str
    url: str
    params: Pairs = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float
    largest: int
    fresh: bool = False


class Transport:
    """Keeps connections to one far side. Safe for threads."""

    def __init__(self, agent: str = "pirsch-bot") -> None:
        _keep_addresses_out_of_logs()
        self._agent = agent
        self._session = _session(agent)

    def send(self, sending: Sending) -> Reply:
        """Send and return the reply, whatever its status. Raise NotSent, Cut or TooLarge."""
        if not sending.fresh:
            return _exchange(self._session, sending)
        with _session(self._agent) as session:
            return _exchange(session, sending)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def check_address(url: str) -> None:
    """Raise ValueError unless the address is https, or http on this machine (a simulated far side)."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return
    raise ValueError("the address must begin with https://, or lead to this machine")


def _keep_addresses_out_of_logs() -> None:
    """Let urllib3 not log whole addresses: some hold the code of an access link."""
    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def _session(agent: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"})
    adapter = HTTPAdapter(max_retries=urllib3.Retry(total=0, read=False), pool_maxsize=16)
    adapter.poolmanager.pool_classes_by_scheme = POOLS
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _exchange(session: requests.Session, sending: Sending) -> Reply:
    ends = time.monotonic() + sending.seconds
    try:
        with session.request(
            sending.method,
            sending.url,
            params=list(sending.params),
            data=sending.body,
            headers=dict(sending.headers),
            timeout=(min(CONNECT_SECONDS, sending.seconds), sending.seconds),
            allow_redirects=False,
            stream=True,
        ) as reply:
            body = _body(reply.raw, ends, sending.largest)
            if not body and not _framed(reply):
                raise Cut("the headers ended early")
            return Reply(status=reply.status_code, headers=reply.headers, body=body)
    except requests.ConnectionError as error:
        raise (NotSent if _never_connected(error) else Cut)(_cause(error)) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise Cut(_cause(error)) from None


def _body(raw: urllib3.HTTPResponse, ends: float, largest: int) -> bytes:
    """Read piece by piece, no more than `largest`, and none once the time is up."""
    pieces = bytearray()
    while piece := raw.read1(CHUNK, decode_content=True):
        pieces += piece
        if len(pieces) > largest:
            raise TooLarge(f"more than {largest} bytes")
        if time.monotonic() > ends:
            raise Cut("the body took too long")
    return bytes(pieces)


def _framed(reply: requests.Response) -> bool:
    """Whether the headers say where the body ends.

    Python takes headers that a lost connection cut short for whole ones. Were that believed, a
    reply cut after "200 OK" would be a yes with nothing in it.
    """
    return reply.status_code in (204, 304) or "Content-Length" in reply.headers or reply.raw.chunked


def _never_connected(error: requests.ConnectionError) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)


def _cause(error: BaseException) -> str:
    """Name the kind of trouble only: the texts of these errors hold the address with its query."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason or error).__name__
