"""From `do = { … }` and an event to a wish, or to the reason why there is none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from bot.facts import Deed, Do, Wish

LONGEST_ADDRESS = 45  # ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255


class NoWish(StrEnum):
    """Why nothing is asked for."""

    NOT_THERE = "the event has no such meta"
    NO_ADDRESS = "the meta is not a single address, and nothing else is taken from an event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What made a rule or a watch speak: where, who, and what the event said; a number has no meta."""

    site: str
    asker: str
    why: str
    meta: Mapping[str, str] | None = None


def wish(do: Do, cause: Cause) -> Wish | NoWish:
    """Return what is to be asked for. Of what a stranger wrote, only a single address is used."""
    detail: dict[str, object] = {"by": do.by, "every": do.every}
    if do.lasts is not None:
        detail["lasts"] = int(do.lasts.total_seconds())
    subject = do.subject
    if do.deed is Deed.FILTER:
        found = (cause.meta or {}).get(do.subject)
        if found is None:
            return NoWish.NOT_THERE
        address = single_address(found)
        if address is None:
            return NoWish.NO_ADDRESS
        subject = address
    return Wish(
        site=cause.site,
        asker=cause.asker,
        deed=do.deed,
        subject=subject,
        why=cause.why,
        detail=detail,
        from_event=do.deed is Deed.FILTER,
    )


def single_address(text: str) -> str | None:
    """Return an address in its one spelling; None for a range, a glob, a name, a port or anything else."""
    entry = text.strip()
    if not entry.isascii() or len(entry) > LONGEST_ADDRESS or "%" in entry or "/" in entry:
        return None
    try:
        return str(ip_address(entry))
    except ValueError:
        return None
