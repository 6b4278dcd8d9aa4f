"""What a name resolves to, as the system's resolver answers: IPv4 and IPv6."""

import socket
from collections.abc import Callable, Sequence

from bot.upkeep import networks

MOST_ADDRESSES = 64

Resolve = Callable[[str], Sequence[str]]
"""Returns the addresses of a name. Raises NoAnswer when nobody knows them now, or there are none."""


class NoAnswer(Exception):
    """Nobody said what the name resolves to."""


def system(name: str) -> tuple[str, ...]:
    """Ask for A and AAAA. An answer to one of the two questions is an answer."""
    try:
        found = socket.getaddrinfo(_encoded(name), None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError, OSError) as error:
        raise NoAnswer(_why(error)) from None
    addresses = [str(one[4][0]) for one in found if one[0] in (socket.AF_INET, socket.AF_INET6)]
    known = dict.fromkeys(text for text in addresses if networks.address_of(text) is not None)
    if not known:
        raise NoAnswer("it has no address")
    if len(known) > MOST_ADDRESSES:
        raise NoAnswer(f"it has more than {MOST_ADDRESSES} addresses")
    return tuple(text.partition("%")[0] for text in known)


def _encoded(name: str) -> str:
    """Write a name in the letters of the DNS."""
    return name.encode("idna").decode("ascii") if not name.isascii() else name


def _why(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        gone = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return "there is no such name, or it has no address" if gone else "the name servers do not answer"
    return "this is no name"
