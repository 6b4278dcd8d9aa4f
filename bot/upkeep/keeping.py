"""What a source of addresses is worth today, against the last time that it was good. Pure.

A filter keeps traffic out, and forgetting an office's address lets its own visits in; so nothing that goes
wrong at a source may empty a filter. What came last in good order is kept, and whoever looks is told.

- A name (`dns:`) may change its address at any time. A new address is taken at once; one that the name no
  longer has goes after it was missing for a day (`LINGER`), in which the name did answer.
- A list (`url:`) is taken as a whole, or not at all. One that fails, is empty, cannot be read for the most
  part, has too many entries, or has lost half of what it had is not taken. A person may accept it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.upkeep import networks
from bot.upkeep.networks import WIDTH, Network, Refused, Unfit, Width

LINGER = timedelta(days=1)
MOST_ENTRIES = 500
FEW = 4
"""Of so few entries any number may go: three ranges that become one say nothing."""
SHRUNK_TO = 0.5
UNREADABLE_SHARE = 0.2
"""A page of HTML, served in the place of the list, has more lines that are no address."""
MOST_REFUSED = 20


class Verdict(StrEnum):
    """What became of one look at a source."""

    TAKEN = "taken"
    SAME = "same as before"
    FAILED = "could not be read: the last good state is kept"
    EMPTY = "empty: the last good state is kept"
    SHRUNK = "lost half of its entries or more: the last good state is kept"
    UNREADABLE = "is no list of addresses: the last good state is kept"
    TOO_MANY = "has too many entries: the last good state is kept"

    @property
    def good(self) -> bool:
        """Whether the source said what can be used."""
        return self in (Verdict.TAKEN, Verdict.SAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a source: its networks, and when it was last good.

    `missed_at` tells of each network when the source was first without it; None while it is there.
    """

    missed_at: Mapping[str, datetime | None] = field(default_factory=dict)
    good_at: datetime | None = None

    @property
    def networks(self) -> tuple[str, ...]:
        """What the filter has to hold, in order."""
        return tuple(sorted(self.missed_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One look at a source, judged. `known` is what counts from now on; `offered` what was not taken."""

    verdict: Verdict
    known: Known
    why: str = ""
    refused: tuple[Refused, ...] = ()
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list's text, read: what can be used, what was refused, and how many lines said anything."""

    networks: tuple[Network, ...]
    refused: tuple[Refused, ...]
    lines: int
    unreadable: int


def read_list(body: bytes, width: Width = WIDTH) -> Listed:
    """Read one address or network a line; `#` and `;` begin a comment, and further columns are ignored."""
    found: list[Network] = []
    refused: list[Refused] = []
    lines = unreadable = 0
    for line in body.decode("utf-8", "replace").splitlines():
        entry = _entry(line)
        if not entry:
            continue
        lines += 1
        match networks.read(entry, width):
            case Refused() as no:
                unreadable += no.why is Unfit.UNREADABLE
                refused.append(no)
            case network:
                found.append(network)
    return Listed(
        networks=networks.without_repetition(found),
        refused=tuple(refused[:MOST_REFUSED]),
        lines=lines,
        unreadable=unreadable,
    )


def _entry(line: str) -> str:
    bare = line.partition("#")[0].partition(";")[0].partition(",")[0]
    words = bare.replace("\ufeff", "").split()
    return words[0] if words else ""


def failed(known: Known, why: str) -> Looked:
    """The source did not answer: nothing changes."""
    return Looked(verdict=Verdict.FAILED, known=known, why=why)


def judge_list(known: Known, listed: Listed, now: datetime, most: int = MOST_ENTRIES) -> Looked:
    """Take a list as a whole, or keep what was known."""
    offered = tuple(sorted(networks.spelled(one) for one in listed.networks))
    refusal = _unfit(known, listed, offered, most)
    if refusal is not None:
        verdict, why = refusal
        return Looked(verdict=verdict, known=known, why=why, refused=listed.refused, offered=offered)
    taken = accepted(offered, now)
    same = offered == known.networks
    return Looked(verdict=Verdict.SAME if same else Verdict.TAKEN, known=taken, refused=listed.refused)


def _unfit(known: Known, listed: Listed, offered: Sequence[str], most: int) -> tuple[Verdict, str] | None:
    had = len(known.missed_at)
    if listed.unreadable > UNREADABLE_SHARE * listed.lines:
        return Verdict.UNREADABLE, f"{listed.unreadable} of {listed.lines} lines are no address"
    if not offered:
        return Verdict.EMPTY, f"none of {listed.lines} lines can be used"
    if len(offered) > most:
        return Verdict.TOO_MANY, f"{len(offered):,} entries; at most {most:,} are taken"
    left = len(set(offered) & set(known.missed_at))
    if had > FEW and left <= SHRUNK_TO * had:
        return Verdict.SHRUNK, f"{left} of the {had} entries are left, and {len(offered) - left} are new"
    return None


def judge_name(known: Known, addresses: Iterable[str], now: datetime) -> Looked:
    """Take a name's addresses; let those that it no longer has go after `LINGER`."""
    refused: list[Refused] = []
    present: dict[str, datetime | None] = {}
    for one in networks.public(addresses):
        if isinstance(one, Refused):
            refused.append(one)
        else:
            present[networks.spelled(one)] = None
    if not present:
        why = "; ".join(sorted({str(one.why) for one in refused})) or "it has no address"
        return Looked(verdict=Verdict.EMPTY, known=known, why=why, refused=tuple(refused[:MOST_REFUSED]))
    missed = {text: at or now for text, at in known.missed_at.items() if text not in present}
    lingering = {text: at for text, at in missed.items() if now - at < LINGER}
    taken = Known(missed_at=lingering | present, good_at=now)
    same = taken.networks == known.networks
    verdict = Verdict.SAME if same else Verdict.TAKEN
    return Looked(verdict=verdict, known=taken, refused=tuple(refused[:MOST_REFUSED]))


def accepted(offered: Iterable[str], now: datetime) -> Known:
    """What is known once a person has accepted what was offered."""
    return Known(missed_at=dict.fromkeys(offered), good_at=now)
