"""One mail as it came: the envelope, the bytes, and what a reader would see of them."""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr, parsedate_to_datetime
from functools import cached_property

# Parts that a mail may show from within itself; others stay a broken picture.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
_CID = re.compile(r"cid:([^\"'\s<>)]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail that was accepted. `number` counts from 1; `sender` and `recipients` are the envelope's.

    `user` is who had logged in, None without AUTH. Whatever the bytes are, nothing here raises.
    """

    number: int
    raw: bytes = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    encrypted: bool = False
    user: str | None = None

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return message_from_bytes(self.raw, _class=EmailMessage, policy=SMTP)

    def header(self, name: str) -> str:
        """Return a header, decoded and on one line; "" when it is missing or unreadable."""
        try:
            return " ".join(str(self.message.get(name, "")).split())
        except (ValueError, LookupError, AttributeError, TypeError, IndexError):
            # The parser gives up on some headers that strangers write.
            return ""

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return self.header("Subject")

    @property
    def sender_name(self) -> str:
        """The name in its From header, or the address where there is none."""
        name, address = parseaddr(self.header("From"))
        return name or address or self.sender

    @property
    def sent_at(self) -> datetime | None:
        """What its Date header says, None when that is no date."""
        try:
            return parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None

    @property
    def plain(self) -> str | None:
        """The plain part; None when there is none."""
        return self._part("plain")

    @property
    def html(self) -> str | None:
        """The HTML part as it was sent; None when there is none."""
        return self._part("html")

    @property
    def html_with_pictures(self) -> str | None:
        """The HTML part, with the pictures that came along put into it, so that it needs no address."""
        pictures = self._pictures()
        html = self.html
        return html and _CID.sub(lambda found: pictures.get(found[1], found[0]), html)

    @property
    def source(self) -> str:
        """The bytes as text; what is not UTF-8 is shown as �."""
        return self.raw.decode("utf-8", "replace")

    def _part(self, kind: str) -> str | None:
        part = self.message.get_body((kind,))
        if part is None or not isinstance(part, EmailMessage):
            return None
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        try:
            return data.decode(part.get_content_charset("utf-8"), "replace")
        except LookupError:  # a charset that nobody knows
            return data.decode("utf-8", "replace")

    def _pictures(self) -> dict[str, str]:
        found = {}
        for part in self.message.walk():
            name = str(part.get("Content-ID", "")).strip().strip("<>")
            data = part.get_payload(decode=True)
            if name and isinstance(data, bytes) and part.get_content_type() in PICTURES:
                encoded = base64.b64encode(data).decode()
                found[name] = f"data:{part.get_content_type()};base64,{encoded}"
        return found
