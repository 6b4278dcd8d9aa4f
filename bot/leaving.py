"""Where the link in a mail leads by which its reader leaves the channel.

GET asks, POST acts (RFC 8058: mail programs post `List-Unsubscribe=One-Click` without cookies, and programs
that follow every link in a mail only get). The link is the permission: it was signed for one address of one
channel.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, request

from bot import recipients, troubles
from bot.clock import Clock
from bot.db import Database
from bot.deliver.owner import Owner
from bot.pages import MOST_FORM_BYTES, Pages
from bot.recipients import UNSUBSCRIBED
from bot.signing import Expired, Forged, Signer

log = logging.getLogger(__name__)

PURPOSE = "unsubscribe"
"""What the links are signed for, and the first part of their path."""

GOOD_FOR = timedelta(days=3 * 365)
"""Old mails have links, too."""


def link(signer: Signer, public_url: str, channel: str, address: str) -> str:
    """Write the address at which somebody leaves a channel."""
    return f"{public_url}/{PURPOSE}/{signer.sign(PURPOSE, [channel, address])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What the page needs. `addresses` are those of each channel; `wake` hears which channels have news."""

    database: Database
    signer: Signer
    pages: Pages
    addresses: Mapping[str, tuple[str, ...]]
    owner: Owner
    clock: Clock
    wake: Callable[[Iterable[str]], None]

    def read(self, text: str) -> tuple[str, str] | None:
        """Return channel and address of a link; None when we did not write it, or nobody is there now."""
        try:
            channel, address = self.signer.read(PURPOSE, text, GOOD_FOR)
        except (Forged, Expired):
            return None
        return (channel, address) if address in self.addresses.get(channel, ()) else None

    def leave(self, channel: str, address: str) -> None:
        """Write to somebody no more, and tell the owner, once."""
        now = self.clock()
        with self.database.transaction() as tx:
            why = "followed the link in a mail"
            if not recipients.pause(tx, channel, address, UNSUBSCRIBED, why, now):
                return
            told = self.owner.tell(tx, troubles.unsubscribed(channel, address, now))
        log.info("unsubscribed", extra={"channel": channel})
        self.wake(told)

    def come_back(self, channel: str, address: str) -> None:
        """It was a mistake: write to somebody again who asked to be left alone."""
        with self.database.transaction() as tx:
            recipients.resume(tx, channel, address, UNSUBSCRIBED)
        log.info("subscribed again", extra={"channel": channel})


def blueprint(leaving: Leaving) -> Blueprint:
    """Make the page. Of a link that is not ours it does not say what was wrong with it."""
    pages = Blueprint("leaving", __name__)

    @pages.get(f"/{PURPOSE}/<text>")
    def ask(text: str) -> Response:
        who = leaving.read(text)
        return _unknown(leaving) if who is None else _shown(leaving, "ask", *who)

    @pages.post(f"/{PURPOSE}/<text>")
    def act(text: str) -> Response:
        request.max_content_length = MOST_FORM_BYTES
        who = leaving.read(text)
        if who is None:
            return _unknown(leaving)
        if request.form.get("answer") == "again":
            leaving.come_back(*who)
            return _shown(leaving, "back", *who)
        leaving.leave(*who)
        return _shown(leaving, "gone", *who)

    return pages


def _shown(leaving: Leaving, step: str, channel: str, address: str) -> Response:
    return leaving.pages.show("leaving.html", step=step, channel=channel, address=address)


def _unknown(leaving: Leaving) -> Response:
    why = "It is older than three years, or its address gets no mails of this channel any more."
    return leaving.pages.sorry(404, "This link leads nowhere", why)
