"""Which addresses and networks may stand in a filter, and where a request may go. Pure.

The same table of special ranges answers both: what is no public address is never a visitor of a public site,
and never a host that a list is fetched from. It follows IANA's registries of special-purpose addresses
(IPv4 and IPv6), written out here because `ipaddress.is_global` has changed between Python's releases.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

LONGEST_ENTRY = 64  # an IPv6 address with a prefix has 43 characters

_SPECIAL_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by the customers of one provider
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")  # the only part of IPv6 that is given out to hosts
_SPECIAL_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")


class Unfit(StrEnum):
    """Why an entry does not go into a filter."""

    UNREADABLE = "no address and no network"
    NOT_PUBLIC = "not a public address: no visitor can have it"
    TOO_WIDE = "too wide a range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """The widest range that is taken, as lengths of prefixes: a smaller number is a wider range."""

    shortest_v4: int = 16
    shortest_v6: int = 32

    def holds(self, network: Network) -> bool:
        """Whether a network is narrow enough."""
        return network.prefixlen >= (self.shortest_v4 if network.version == 4 else self.shortest_v6)


WIDTH = Width()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One entry that was not taken. `text` is a stranger's: cut, and shown as it is nowhere."""

    text: str
    why: Unfit


def is_public(address: Address) -> bool:
    """Whether an address can be reached by, and belong to, anybody on the internet."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return _public(ip_network(address if mapped is None else mapped))


def read(text: str, width: Width = WIDTH) -> Network | Refused:
    """Read an address or a network, or say why it is not taken.

    IPv4 that is written as IPv6 (`::ffff:192.0.2.1`) is judged and returned as IPv4; host bits are cleared.
    """
    entry = text.strip()
    network = _parsed(entry)
    if network is None:
        return Refused(text=entry[:LONGEST_ENTRY], why=Unfit.UNREADABLE)
    if not width.holds(network):  # before what follows: the whole internet overlaps with everything
        return Refused(text=str(network), why=Unfit.TOO_WIDE)
    if not _public(network):
        return Refused(text=str(network), why=Unfit.NOT_PUBLIC)
    return network


def spelled(network: Network) -> str:
    """Return a network in the form in which filters are compared: a single address without its prefix."""
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if whole else str(network)


def without_repetition(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return the networks in order, without those that lie in another one of them.

    Neighbours are not joined: that could make a range which nobody wrote, and a wider one than is allowed.
    """
    kept: list[Network] = []
    for network in sorted(set(networks), key=lambda one: (one.version, one.prefixlen, one)):
        if not any(_inside(network, other) for other in kept):
            kept.append(network)
    return tuple(sorted(kept, key=lambda one: (one.version, one)))


def public(addresses: Iterable[str]) -> Iterator[Network | Refused]:
    """Read what a name resolves to: single addresses, each of them as narrow as can be."""
    return (read(text.partition("%")[0]) for text in addresses)


def _parsed(entry: str) -> Network | None:
    if not entry or len(entry) > LONGEST_ENTRY or not entry.isascii():
        return None
    try:
        network = ip_network(entry, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network):
        if network.network_address.scope_id is not None:
            return None
        if network.subnet_of(_MAPPED):
            return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network


def _public(network: Network) -> bool:
    if isinstance(network, IPv4Network):
        return not any(network.overlaps(other) for other in _SPECIAL_4)
    return network.subnet_of(_GLOBAL_6) and not any(network.overlaps(other) for other in _SPECIAL_6)


def _inside(network: Network, other: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)


def address_of(text: str) -> Address | None:
    """Return the address that a text is, without a zone; None when it is none."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None
