"""Fetches a list from an address that a person wrote, and goes nowhere else: https, public addresses only.

A name may resolve to anything, a redirect may lead anywhere, a body may never end. So each hop is resolved
once, every address it has must be public, and the connection goes to the address that was looked at: what the
name says a moment later is of no interest. Bytes, time and redirects are bounded; nothing is decompressed.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.upkeep import networks
from bot.upkeep.resolve import NoAnswer, Resolve

CHUNK = 16 * 1024
MOVED = frozenset({301, 302, 303, 307, 308})
LONGEST_URL = 2000


class Unfetched(Exception):
    """There is no list, for a reason that may be told. It holds nothing that the far side wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one fetch may take. `trusted` hosts may be on any address and speak plain HTTP on any port."""

    most_bytes: int = 1024 * 1024
    seconds: float = 20.0
    most_redirects: int = 3
    trusted: frozenset[str] = field(default_factory=frozenset)


BOUNDS = Bounds()


def check(url: str, trusted: frozenset[str] = frozenset()) -> SplitResult:
    """Return the parts of an address that a list may be fetched from. Raise Unfetched for another one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Unfetched("this is no web address") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Unfetched("this is no web address; a name in other letters is written as xn--…")
    if not host or parts.username is not None or parts.password is not None:
        raise Unfetched("an address with a host, and without a user, is needed")
    if host in trusted and parts.scheme in ("https", "http"):
        return parts
    if parts.scheme != "https":
        raise Unfetched("only https is taken")
    if port not in (None, 443):
        raise Unfetched("only the usual port of https is taken")
    return parts


def fetch(url: str, resolve: Resolve, bounds: Bounds = BOUNDS, tls: ssl.SSLContext | None = None) -> bytes:
    """Return the body of an address. Raise Unfetched when there is none, or more than is taken."""
    ends_at = time.monotonic() + bounds.seconds
    context = tls if tls is not None else ssl.create_default_context()
    for _ in range(bounds.most_redirects + 1):
        parts = check(url, bounds.trusted)
        answer = _ask(parts, _addresses(parts, resolve, bounds), bounds, ends_at, context)
        if isinstance(answer, bytes):
            return answer
        url = _joined(url, answer.to)
    raise Unfetched(f"it was redirected more than {bounds.most_redirects} times")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    to: str


def _joined(url: str, to: str) -> str:
    try:
        return urljoin(url, to)
    except ValueError:
        raise Unfetched("it was redirected to what is no web address") from None


def _addresses(parts: SplitResult, resolve: Resolve, bounds: Bounds) -> tuple[str, ...]:
    """Resolve a host, or take the address that it is. One address that is not public spoils them all."""
    host = parts.hostname or ""
    literal = networks.address_of(host)
    try:
        found = (str(literal),) if literal is not None else resolve(host)
    except NoAnswer as error:
        raise Unfetched(f"its host cannot be resolved: {error}") from None
    if host not in bounds.trusted and not all(networks.is_public(ip_address(one)) for one in found):
        raise Unfetched("its host is on an address that is not public")
    return tuple(found)


def _ask(
    parts: SplitResult, addresses: Sequence[str], bounds: Bounds, ends_at: float, tls: ssl.SSLContext
) -> bytes | _Moved:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with _connected(addresses, port, ends_at) as plain:
            sock = plain
            if parts.scheme == "https":
                sock = tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            with _cut_off(sock, ends_at), sock:
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                return _exchange(sock, parts, bounds, ends_at)
    except ssl.SSLError as error:
        raise Unfetched(f"its certificate or encryption is not good: {error.reason or 'no reason'}") from None
    except (http.client.HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= ends_at:
            raise _too_slow(bounds) from None
        raise Unfetched(_why(error)) from None


def _exchange(sock: socket.socket, parts: SplitResult, bounds: Bounds, ends_at: float) -> bytes | _Moved:
    """Ask over a socket that is connected already: the client of the library would resolve again."""
    connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2] or "-")
    connection.sock = sock
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "pirsch-bot", "Accept": "text/plain, */*;q=0.5", "Accept-Encoding": "identity"}
    connection.request("GET", target, headers=headers | {"Connection": "close"})
    with connection.getresponse() as reply:
        if reply.status in MOVED and (to := reply.getheader("Location")):
            return _Moved(to=to)
        if reply.status != 200:
            raise Unfetched(f"it answered {reply.status}")
        if reply.getheader("Content-Encoding", "identity").lower() != "identity":
            raise Unfetched("it is compressed, which was not asked for")
        return _body(reply, bounds, ends_at)


def _body(reply: http.client.HTTPResponse, bounds: Bounds, ends_at: float) -> bytes:
    pieces = bytearray()
    while piece := reply.read1(CHUNK):
        pieces += piece
        if len(pieces) > bounds.most_bytes:
            raise Unfetched(f"it is larger than {bounds.most_bytes:,} bytes")
    if time.monotonic() >= ends_at:  # it was us who ended it
        raise _too_slow(bounds)
    if reply.length:  # announced, and never sent
        raise Unfetched("it was cut short")
    return bytes(pieces)


def _why(error: Exception) -> str:
    """Name the kind of trouble: the texts of these errors hold what the far side wrote."""
    if isinstance(error, OSError):
        return f"it cannot be reached: {type(error).__name__}"
    return "what it answered is not HTTP"


def _too_slow(bounds: Bounds) -> Unfetched:
    return Unfetched(f"it took longer than {bounds.seconds:g} seconds")


@contextmanager
def _connected(addresses: Sequence[str], port: int, ends_at: float) -> Iterator[socket.socket]:
    """Connect to the first of these very addresses that answers."""
    last: OSError = OSError("no address")
    for address in addresses:
        left = ends_at - time.monotonic()
        if left <= 0:
            break
        try:
            sock = socket.create_connection((address, port), timeout=min(5.0, left))
        except OSError as error:
            last = error
            continue
        with sock:
            yield sock
        return
    raise last


@contextmanager
def _cut_off(sock: socket.socket, ends_at: float) -> Iterator[None]:
    """Shut a socket down when the time is over: its own time-out begins anew with every byte."""
    sock.settimeout(max(0.1, ends_at - time.monotonic()))
    timer = threading.Timer(max(0.0, ends_at - time.monotonic()), _shut, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(sock: socket.socket) -> None:
    try:
        # Not SSLSocket's own shutdown, which forgets that the connection is encrypted.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # it ended by itself
        return


Fetch = Callable[[str], bytes]
"""Returns the body of an address, or raises Unfetched."""
