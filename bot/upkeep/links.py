"""Links to proposals: signed, for one proposal, one plan and one channel. Whoever holds one may decide."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.signing import Expired, Forged, Signer
from bot.upkeep.proposal import LASTS, Proposal

LINK, FORM = "proposal", "proposal form"
GOOD_FOR = LASTS + timedelta(days=30)
"""A link outlives its proposal, so that who comes late reads what became of it."""

FORM_GOOD_FOR = timedelta(hours=12)
PATH = "/proposals/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a link says: which proposal, as it was seen, and to which channel the link was sent."""

    id: str
    hash: str
    who: str


class Links:
    """Makes and reads links to proposals."""

    def __init__(self, signer: Signer, public_url: str) -> None:
        self._signer, self._base = signer, public_url.rstrip("/")

    def to(self, proposal: Proposal, who: str) -> str:
        """Return the address under which a channel's people decide."""
        return f"{self._base}{PATH}{self._signer.sign(LINK, [proposal.id, proposal.hash, who])}"

    def read(self, token: str) -> Ticket:
        """Return what a link says. Raise Forged or Expired."""
        return _ticket(self._signer.read(LINK, token, GOOD_FOR))

    def form(self, ticket: Ticket) -> str:
        """Return what a form has to bring along: proof that this very page was shown."""
        return self._signer.sign(FORM, [ticket.id, ticket.hash, ticket.who])

    def is_form(self, text: str, ticket: Ticket) -> bool:
        """Whether a form is from the page of this link, and not too old."""
        try:
            return _ticket(self._signer.read(FORM, text, FORM_GOOD_FOR)) == ticket
        except (Forged, Expired):
            return False


def _ticket(value: Any) -> Ticket:
    if not (isinstance(value, list) and len(value) == 3 and all(isinstance(one, str) for one in value)):
        raise Forged("this link was not written by the bot")
    return Ticket(id=value[0], hash=value[1], who=value[2])
