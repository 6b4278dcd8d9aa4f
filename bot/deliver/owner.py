"""Tells the bot's owner of the bot's own troubles, on a road that is not the trouble itself."""

from dataclasses import dataclass, field

from bot import alerts, outbox, troubles
from bot.db import Tx
from bot.facts import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Where the owner hears of the bot's troubles, None for nowhere, and how the owner wants to be told."""

    channel: str | None = None
    policy: alerts.Policy = field(default_factory=alerts.Policy)

    def tell(self, tx: Tx, finding: Finding, instead: str | None = None) -> frozenset[str]:
        """Let a trouble wait for the owner, or for `instead` when it is about the owner's very channel.

        Return the channels for which something waits now: none when it is no news, or nobody is to hear.
        """
        told = self.channel
        if told is not None and finding.key == troubles.closed_key(told):
            told = instead or told
        now = finding.seen_at
        around = alerts.look_around(tx, self.policy, now)
        noted = alerts.note(tx, finding, [told] if told is not None else [], around, now)
        outbox.put(tx, noted.channels, noted.notice, now)
        return frozenset(noted.channels)
