"""A community's list of hosts that send forged referrers: one host a line, as Matomo's referrer-spam-list.

It comes from outside, so it is bounded, and taken as a whole or not at all. What stands on it is one ground
among three, and a list that cannot be read names nobody: so neither can do more than not to speak.
"""

import logging
from dataclasses import dataclass

from bot.upkeep.fetch import Fetch, Unfetched

log = logging.getLogger(__name__)

URL = "url:"
MOST_HOSTS = 50_000
LONGEST_HOST = 253
LONGEST_LABEL = 63
UNREADABLE_SHARE = 0.2
"""A page of HTML, served in the place of the list, has more lines that are no host."""


class NoList(Exception):
    """Why a body is no list of hosts. It holds nothing of what the far side wrote."""


@dataclass(frozen=True, slots=True)
class SpamHosts:
    """Hosts that are listed."""

    names: frozenset[str] = frozenset()

    def has(self, referrer: str) -> bool:
        """Whether the host of a referrer, or a domain above it, is listed."""
        labels = (_host(referrer) or "").split(".")
        return any(".".join(labels[first:]) in self.names for first in range(len(labels) - 1))


NOBODY = SpamHosts()


def of(source: str | None, fetch: Fetch) -> tuple[SpamHosts, str]:
    """Return the hosts of a list, and a sentence when it could not be taken."""
    if source is None:
        return NOBODY, ""
    try:
        return read(fetch(source.removeprefix(URL))), ""
    except (Unfetched, NoList) as error:
        log.warning("no list of spam hosts", extra={"why": str(error)})
        return NOBODY, f"The list of spam hosts was left out: {error}."


def read(body: bytes) -> SpamHosts:
    """Read one host a line; `#` begins a comment. Raise NoList."""
    lines = [line.partition("#")[0].strip() for line in body.decode("utf-8-sig", "replace").splitlines()]
    said = [line for line in lines if line]
    hosts = {host for line in said if (host := _named(line)) is not None}
    unreadable = sum(_named(line) is None for line in said)
    if not hosts or unreadable > UNREADABLE_SHARE * len(said):
        raise NoList(f"{unreadable} of {len(said)} lines are no host")
    if len(hosts) > MOST_HOSTS:
        raise NoList(f"it has {len(hosts):,} hosts; at most {MOST_HOSTS:,} are taken")
    return SpamHosts(frozenset(hosts))


def _host(referrer: str) -> str | None:
    """The host of a referrer, which is an address or a bare name."""
    bare = referrer.partition("://")[2] or referrer
    return _named(bare.partition("/")[0].partition("?")[0].partition(":")[0])


def _named(text: str) -> str | None:
    """Return a host of two labels or more in its one spelling; None for anything else."""
    try:
        host = text.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return None
    labels = host.split(".")
    good = all(
        0 < len(one) <= LONGEST_LABEL and one.replace("-", "").replace("_", "").isalnum() for one in labels
    )
    return host if good and len(labels) > 1 and len(host) <= LONGEST_HOST else None
