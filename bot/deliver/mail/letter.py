"""The mail as it goes over the wire.

Wire facts: RFC 5322 3.6.4 (threads), RFC 2046 5.1.4 (plain part first), RFC 2387 (pictures that come along),
RFC 3834 (Auto-Submitted), RFC 2369 and RFC 8058 (unsubscribing by one click), RFC 2919 (List-Id).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.deliver.channel import Message
from bot.facts import Notice, Reason
from bot.render import MailWords

# Long enough for an address of the web on one line: the library would break it, and encode what it broke.
WIRE = SMTP.clone(max_line_length=900)
MANY = frozenset({"digest"})
"""Kinds of mails that go out by the clock, not because something happened."""

_SPEC = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ALONE = re.compile(rf"\s*(?P<address>{_SPEC})\s*\Z")
_WITH_NAME = re.compile(rf"(?P<name>[^<>@]*)<(?P<address>{_SPEC})>\s*\Z")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def letter(
    message: Message,
    words: MailWords,
    sender: Address,
    to: Sequence[Address],
    at: datetime,
    *,
    channel: str = "",
    one_click: str | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> EmailMessage:
    """Write a mail: headers, plain part, page, and the pictures that the page shows, by their names.

    With `one_click`, the address at which its one reader can unsubscribe, it is a copy of its own.
    """
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = tuple(to)
    mail["Subject"] = _subject(words.subject)
    mail["Date"] = format_datetime(at)
    copy = f".{_hash(to[0].addr_spec)[:10]}" if one_click else ""
    mail["Message-ID"] = f"<{_token(message.id)}{copy}@{sender.domain}>"
    if root := _root(message.notice):
        # A root that no mail has: whichever of a trouble's mails comes first, they are one thread.
        mail["In-Reply-To"] = f"<{root}@{sender.domain}>"
        mail["References"] = f"<{root}@{sender.domain}>"
    _for_machines(mail, message.notice, sender, channel, one_click)
    # Quoted-printable: not every server takes 8-bit lines, and none takes lines over 998 bytes.
    mail.set_content(words.plain, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    page = mail.get_payload(1)
    for name, data in (pictures or {}).items():
        if isinstance(page, EmailMessage):
            page.add_related(
                data, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline"
            )
    return mail


def _for_machines(
    mail: EmailMessage, notice: Notice, sender: Address, channel: str, one_click: str | None
) -> None:
    """Say to programs that a program wrote it, which list it belongs to, and how to leave that."""
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if channel:
        mail["List-Id"] = f"<{channel}.pirsch-bot.{sender.domain}>"
    if notice.kind in MANY:
        mail["Precedence"] = "bulk"
    if one_click is not None:
        mail["List-Unsubscribe"] = f"<{one_click}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def address(text: str) -> Address:
    """Read `a@b.c` or `Name <a@b.c>`. Raise ValueError with words for a person."""
    mistake = f"{text!r} is no mail address: write a@example.com or Name <a@example.com>"
    found = _WITH_NAME.match(text) or _ALONE.match(text)
    if found is None or not text.isprintable():
        raise ValueError(mistake)
    name = found.groupdict().get("name") or ""
    try:
        return Address(name.strip().strip('"'), addr_spec=found["address"])
    except ValueError as error:  # what the patterns let through and RFC 5322 does not
        raise ValueError(mistake) from error


def _root(notice: Notice) -> str | None:
    """Name the thread: one for each alert, from its beginning to its end."""
    if notice.standing is not None:
        return f"alert-{_token(notice.standing.alert)}"
    return f"alert-{_hash(notice.key)}" if notice.reason in (Reason.OPENED, Reason.RESOLVED) else None


def _token(message_id: str) -> str:
    return message_id if _ID.match(message_id) else _hash(message_id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:20]


def _subject(text: str) -> str:
    # What looks like an encoded word (RFC 2047) would be decoded, and could hold anything.
    return text.replace("=?", "= ?")
