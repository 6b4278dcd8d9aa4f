"""The road to people's mailboxes."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address
from typing import Protocol

from bot import clock
from bot.clock import Clock
from bot.deliver.channel import Closed, Looked, Message, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.mail import refusals
from bot.deliver.mail.letter import address, letter
from bot.deliver.mail.refusals import Answers, NobodyTaken
from bot.deliver.mail.server import Server, Session
from bot.facts import Notice, Picture
from bot.render import Renderer, in_dark

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=24)

OneClick = Callable[[str, str], str]
"""Returns the address at which somebody (the second) leaves a channel (the first)."""


class Draw(Protocol):
    """Draws a picture of a site, for light mails or dark ones."""

    def __call__(self, picture: Picture, site: str | None, *, dark: bool = False) -> bytes:
        """Return it as PNG. Raise whatever: a mail is whole without."""


@dataclass(slots=True)
class _Handed:
    """What came of the copies of one message."""

    refs: list[str] = field(default_factory=list)
    refused: Answers = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    trouble: Undelivered | None = None


class Mail:
    """Sends each message `to` all its addresses: as one mail, or, with `one_click`, as one for each.

    `sender` is an address, or a name with an address: `Pirsch bot <bot@example.com>`. Its domain is the one
    of our Message-IDs. `draw` makes the pictures that come along. Raises ValueError for addresses that cannot
    be some.
    """

    pace = timedelta(0)
    patience = PATIENCE

    def __init__(
        self,
        name: str,
        *,
        to: Sequence[str],
        sender: str,
        server: Server,
        renderer: Renderer,
        one_click: OneClick | None = None,
        draw: Draw | None = None,
        clock: Clock = clock.now,
    ) -> None:
        if not to:
            raise ValueError("a mail needs somebody to go to")
        self.name = name
        self._to = tuple(address(one) for one in to)
        self._sender = address(sender)
        self._server = server
        self._renderer = renderer
        self._one_click = one_click
        self._draw = draw
        self._clock = clock

    def __repr__(self) -> str:
        return f"Mail(name={self.name!r}, to={[one.addr_spec for one in self._to]!r})"

    def send(self, message: Message) -> Receipt:
        """Hand the mail in. The receipt's `ref` is the Message-ID; `rest` did not get it, and may later.

        Once somebody has it, nothing that happens to the others is raised: they would all get it again.
        """
        to = [one for one in self._to if _is_meant(one.addr_spec, message)]
        if not to:
            raise self._nobody(message)
        pictures = self._drawn(message.notice)
        handed = _Handed()
        with self._server.opened() as session:
            for copy in [[one] for one in to] if self._one_click else [to]:
                self._hand_in(session, message, copy, pictures, handed)
        return self._came_of(handed, message)

    def look(self, place: str | None = None) -> Looked:
        """Connect and log in, and leave again."""
        with self._server.opened():
            return Looked(said=f"can log in at {self._server.host}")

    def close(self) -> None:
        """Nothing is held open: each message has a connection of its own."""

    def _hand_in(
        self,
        session: Session,
        message: Message,
        to: Sequence[Address],
        pictures: Mapping[str, bytes],
        handed: _Handed,
    ) -> None:
        """Hand in one copy, and note how that went; once the road is closed, the others are only noted."""
        addresses = [one.addr_spec for one in to]
        if isinstance(handed.trouble, Temporary | Closed):
            handed.rest += addresses
            return
        link = self._one_click(self.name, addresses[0]) if self._one_click else None
        words = self._renderer.mail(
            message.notice, message.late, message.meant_for, unsubscribe=link, drawn=_shown(pictures)
        )
        mail = letter(
            message,
            words,
            self._sender,
            to,
            self._clock(),
            channel=self.name,
            one_click=link,
            pictures=pictures,
        )
        try:
            refused = session.hand_in(mail.as_bytes(), self._sender.addr_spec, addresses)
        except NobodyTaken as nobody:
            handed.refused |= nobody.answers
        except (Temporary, Closed) as trouble:
            handed.trouble = trouble
            handed.rest += addresses
        except Undelivered as trouble:
            handed.trouble = trouble
            handed.notes.append(trouble.why)
        else:
            handed.refused |= refused
            handed.refs.append(str(mail["Message-ID"]))
            handed.notes += [words.broken] if words.broken else []

    def _came_of(self, handed: _Handed, message: Message) -> Receipt:
        """Return the receipt when somebody has it; raise when nobody does."""
        gone = refusals.gone(handed.refused)
        if not handed.refs:
            if handed.trouble is not None:
                raise handed.trouble
            if message.only and not refusals.later(handed.refused):
                why = refusals.quoted(handed.refused)
                raise Permanent(f"the mail server refuses those who are left: {why}", gone)
            raise refusals.judge_recipients(handed.refused)
        never = {who: said for who, said in refusals.never(handed.refused).items() if who not in gone}
        notes = [*dict.fromkeys(handed.notes), *(f"{who} was refused: {why}" for who, why in never.items())]
        rest = (*refusals.later(handed.refused), *handed.rest)
        return Receipt(ref=handed.refs[0], repaired="; ".join(notes) or None, refused=gone, rest=rest)

    def _nobody(self, message: Message) -> Permanent:
        if message.only:
            return Permanent("those who have not got it yet want no mail, or take none any more")
        return Closed(
            "all its addresses have unsubscribed or were refused",
            f"See `pirsch-bot recipients`, and write others into `to` of channel {self.name}.",
        )

    def _drawn(self, notice: Notice) -> Mapping[str, bytes]:
        """Draw the pictures, by the names under which the page knows them. A mail without them is whole."""
        if self._draw is None:
            return {}
        try:
            return dict(self._each(self._draw, notice))
        except Exception:  # whatever a drawing stumbles over, the sentence with the same facts is there
            log.exception("picture not drawn", extra={"channel": self.name})
            return {}

    @staticmethod
    def _each(draw: Draw, notice: Notice) -> Iterator[tuple[str, bytes]]:
        for number, picture in enumerate(notice.pictures, 1):
            cid = f"picture-{number}"
            yield cid, draw(picture, notice.site)
            yield in_dark(cid), draw(picture, notice.site, dark=True)


def _shown(pictures: Mapping[str, bytes]) -> list[str]:
    """Return the names of the light ones: a page asks for the dark ones by those."""
    return [cid for cid in pictures if in_dark(cid) in pictures]


def _is_meant(who: str, message: Message) -> bool:
    return who not in message.left_out and (not message.only or who in message.only)
