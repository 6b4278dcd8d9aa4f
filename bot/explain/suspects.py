"""Nobody comes any more: a broken tracker, vanished visitors, or a vendor that records nothing? Pure.

From a number alone these look alike. What tells them apart is beside it: who is active right now, whether
events still come through webhooks, and how the other sites of the account are doing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.facts import Suspect

ENOUGH_BEFORE = 5
"""Of a site to which fewer came in the same hours a week before, silence says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another site of the account: how many came there in the same hours, and a week before."""

    now: int
    before: int

    @property
    def fine(self) -> bool:
        """Whether page views are recorded there."""
        return self.now > 0

    @property
    def silent(self) -> bool:
        """Whether nothing is recorded there that should be."""
        return self.now == 0 and self.before >= ENOUGH_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known when a site's numbers are down. `siblings` are those that could be asked.

    `silent`: nothing was counted in the last complete hour. `active`: how many are there right now; None when
    nobody could be asked. `heard`: an event came through a webhook since the last page view was counted.
    """

    silent: bool
    active: int | None
    heard: bool = False
    siblings: Sequence[Sibling] = ()


def suspect(known: Known) -> Suspect | None:
    """Return what is behind it; None when that cannot be told."""
    if not known.silent or (known.active is not None and known.active > 0):
        return Suspect.VISITORS
    if known.active is None:
        return None
    if known.heard:
        return Suspect.EVENTS_ONLY
    if any(one.fine for one in known.siblings):
        return Suspect.TRACKER
    if any(one.silent for one in known.siblings):
        return Suspect.RECORDING
    return Suspect.ALONE
