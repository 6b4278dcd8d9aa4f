"""A channel with all that is to be known of the way there."""

from dataclasses import dataclass, field

from bot.deliver.care import Care
from bot.deliver.channel import Channel
from bot.deliver.decide import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A channel, where its messages go when it is closed, how its pauses grow, and what it is spared.

    `edits` says that what was told there can be changed later. Where it cannot, notices that need no sound
    are done without a message. `leads_to` is what the config calls the place beyond; `addresses` are those of
    its mails.
    """

    channel: Channel
    policy: Policy
    fallback: str | None = None
    edits: bool = False
    care: Care = field(default_factory=Care)
    leads_to: str | None = None
    addresses: tuple[str, ...] = ()
