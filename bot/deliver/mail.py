"""Mail by SMTP: one connection and one transaction for each message, to all recipients at once.

Wire facts: RFC 5321 (SMTP), RFC 5322 3.6.4 (threads), RFC 3834 (Auto-Submitted).
"""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from bot import clock
from bot.clock import Clock
from bot.deliver import mail_refusals
from bot.deliver.channel import Message, Receipt
from bot.facts import Notice, Reason
from bot.render import MailWords, Renderer

TIMEOUT = timedelta(seconds=10)  # for each answer of the server
PATIENCE = timedelta(hours=24)

Security = Literal["tls", "starttls", "none"]

_SPEC = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ALONE = re.compile(rf"\s*(?P<address>{_SPEC})\s*\Z")
_WITH_NAME = re.compile(rf"(?P<name>[^<>@]*)<(?P<address>{_SPEC})>\s*\Z")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed in, and how we prove who we are.

    `tls` speaks TLS from the first byte (usually port 465), `starttls` after a greeting (587); `none` is
    for servers on this machine only. `ca_file` holds further certificate authorities (PEM).
    Raises ValueError when that does not fit together, without showing the password.
    """

    host: str
    port: int
    security: Security = "tls"
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    timeout: timedelta = TIMEOUT

    def __post_init__(self) -> None:
        if self.security == "none" and not _loopback(self.host):
            raise ValueError(f"mail to {self.host} without TLS could be read on the way: use tls or starttls")
        if (self.user is None) != (self.password is None):
            raise ValueError("a mail server takes a user and a password, or neither")

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.port}, {self.security!r})"


class Mail:
    """Sends each message as one mail `to` all its addresses.

    `sender` is an address, or a name with an address: `Pirsch bot <bot@example.com>`. Its domain is the one
    of our Message-IDs. Raises ValueError for addresses that cannot be some.
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
        clock: Clock = clock.now,
    ) -> None:
        if not to:
            raise ValueError("a mail needs somebody to go to")
        self.name = name
        self._to = tuple(address(one) for one in to)
        self._sender = address(sender)
        self._server = server
        self._renderer = renderer
        self._clock = clock
        self._tls = _trust(server)

    def __repr__(self) -> str:
        return f"Mail(name={self.name!r}, to={[one.addr_spec for one in self._to]!r})"

    def send(self, message: Message) -> Receipt:
        """Hand the mail in. The receipt's `ref` is the Message-ID; `repaired` names refused recipients."""
        words = self._renderer.mail(message.notice, message.late, message.meant_for)
        mail = letter(message, words, self._sender, self._to, self._clock())
        smtp = self._opened()
        try:
            refused = self._addressed(smtp)
            self._handed_in(smtp, mail.as_bytes())
        finally:
            # The mail is in, or it is not: what comes of the farewell changes nothing.
            with suppress(OSError):
                smtp.quit()
            smtp.close()
        notes = [words.broken] if words.broken else []
        notes += [f"{who} was refused: {why}" for who, why in refused.items()]
        return Receipt(ref=str(mail["Message-ID"]), repaired="; ".join(notes) or None)

    def close(self) -> None:
        """Nothing is held open: each message has a connection of its own."""

    def _opened(self) -> smtplib.SMTP:
        """Connect, encrypt, log in. Nothing has been sent when this fails."""
        try:
            return self._connected()
        except smtplib.SMTPException as refusal:
            raise mail_refusals.judge_opening(refusal, self._server.host) from refusal
        except ssl.SSLError as error:
            raise mail_refusals.judge_tls(error, self._server.host) from error
        except OSError as error:
            raise mail_refusals.unreachable(error, self._server.host) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        seconds = server.timeout.total_seconds()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=self._tls)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            if server.security == "starttls":
                smtp.starttls(context=self._tls)
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _addressed(self, smtp: smtplib.SMTP) -> Mapping[str, str]:
        """Say from whom and to whom; return who was refused, and why, while others were taken.

        Step by step instead of by `sendmail`: what a lost connection means depends on the step.
        """
        try:
            smtp.ehlo_or_helo_if_needed()
            code, text = smtp.mail(self._sender.addr_spec)
            if code != 250:
                raise mail_refusals.judge_sender(code, text, self._sender.addr_spec)
            answers = {one.addr_spec: smtp.rcpt(one.addr_spec) for one in self._to}
        except OSError as error:
            raise mail_refusals.unreachable(error, self._server.host) from error
        refused = {who: answer for who, answer in answers.items() if answer[0] not in (250, 251)}
        if len(refused) == len(answers):
            raise mail_refusals.judge_recipients(refused)
        return {who: mail_refusals.said(code, text) for who, (code, text) in refused.items()}

    def _handed_in(self, smtp: smtplib.SMTP, mail: bytes) -> None:
        try:
            code, text = smtp.data(mail)
        except smtplib.SMTPDataError as refusal:
            raise mail_refusals.judge_data(refusal.smtp_code, refusal.smtp_error) from refusal
        except OSError as error:
            # The server may have taken the mail before its answer was lost. The next try has the same
            # Message-ID, by which mail programs know a repeat.
            raise mail_refusals.unreachable(error, self._server.host, ambiguous=True) from error
        if code != 250:
            raise mail_refusals.judge_data(code, text)


def letter(
    message: Message, words: MailWords, sender: Address, to: Sequence[Address], at: datetime
) -> EmailMessage:
    """Write the mail as it goes over the wire: plain part first, the page last (RFC 2046 5.1.4)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = tuple(to)
    mail["Subject"] = _subject(words.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{_token(message.id)}@{sender.domain}>"
    if _lasting(message.notice):
        # A root that no mail has: whichever of a trouble's mails comes first, they are one thread.
        root = f"<alert-{_hash(message.notice.key)}@{sender.domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    # Quoted-printable: not every server takes 8-bit lines, and none takes lines over 998 bytes.
    mail.set_content(words.plain, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    return mail


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


def _trust(server: Server) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    context = ssl.create_default_context()
    if server.ca_file is not None:
        context.load_verify_locations(cafile=str(server.ca_file))
    return context


def _loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in {"localhost", "localhost."}


def _lasting(notice: Notice) -> bool:
    return notice.reason in (Reason.OPENED, Reason.RESOLVED)


def _token(message_id: str) -> str:
    return message_id if _ID.match(message_id) else _hash(message_id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:20]


def _subject(text: str) -> str:
    # What looks like an encoded word (RFC 2047) would be decoded, and could hold anything.
    return text.replace("=?", "= ?")
