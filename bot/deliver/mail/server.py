"""The mail server: connect, prove who we are, hand in. Wire facts: RFC 5321 (SMTP)."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from bot.deliver.mail import refusals
from bot.deliver.mail.refusals import Answers

TIMEOUT = timedelta(seconds=10)  # for each answer of the server

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, kw_only=True)
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

    @contextmanager
    def opened(self) -> Iterator["Session"]:
        """Connect, encrypt, log in. Nothing has been sent when this fails."""
        try:
            smtp = self._connected()
        except smtplib.SMTPException as refusal:
            raise refusals.judge_opening(refusal, self.host) from refusal
        except ssl.SSLError as error:
            raise refusals.judge_tls(error, self.host) from error
        except OSError as error:
            raise refusals.unreachable(error, self.host) from error
        try:
            yield Session(smtp, self.host)
        finally:
            # A mail is in, or it is not: what comes of the farewell changes nothing.
            with suppress(OSError):
                smtp.quit()
            smtp.close()

    @cached_property
    def trust(self) -> ssl.SSLContext | None:
        """Whom we trust; read once."""
        if self.security == "none":
            return None
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(cafile=str(self.ca_file))
        return context

    def _connected(self) -> smtplib.SMTP:
        seconds = self.timeout.total_seconds()
        smtp: smtplib.SMTP
        if self.security == "tls":
            smtp = smtplib.SMTP_SSL(self.host, self.port, timeout=seconds, context=self.trust)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=seconds)
        try:
            if self.security == "starttls":
                smtp.starttls(context=self.trust)
            if self.user is not None and self.password is not None:
                smtp.login(self.user, self.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


class Session:
    """A connection on which mails are handed in, one transaction after the other."""

    def __init__(self, smtp: smtplib.SMTP, host: str) -> None:
        self._smtp = smtp
        self._host = host

    def hand_in(self, mail: bytes, sender: str, to: Sequence[str]) -> Answers:
        """Hand a mail in for some addresses. Return the answers of those that were refused; not all were.

        Raises as a channel does, with the answers in it when nobody was taken. Step by step instead of by
        `sendmail`: what a lost connection means depends on the step.
        """
        answers = self._addressed(sender, to)
        refused = {who: answer for who, answer in answers.items() if answer[0] not in (250, 251)}
        if len(refused) == len(answers):
            with suppress(OSError):
                self._smtp.rset()  # the connection may be wanted for another copy
            raise refusals.NobodyTaken(refused)
        self._data(mail)
        return refused

    def _addressed(self, sender: str, to: Sequence[str]) -> Answers:
        try:
            self._smtp.ehlo_or_helo_if_needed()
            code, text = self._smtp.mail(sender)
            if code != 250:
                raise refusals.judge_sender(code, text, sender)
            return {one: self._smtp.rcpt(one) for one in to}
        except OSError as error:
            raise refusals.unreachable(error, self._host) from error

    def _data(self, mail: bytes) -> None:
        try:
            code, text = self._smtp.data(mail)
        except smtplib.SMTPDataError as refusal:
            raise refusals.judge_data(refusal.smtp_code, refusal.smtp_error) from refusal
        except OSError as error:
            # The server may have taken the mail before its answer was lost. The next try has the same
            # Message-ID, by which mail programs know a repeat.
            raise refusals.unreachable(error, self._host, ambiguous=True) from error
        if code != 250:
            raise refusals.judge_data(code, text)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in {"localhost", "localhost."}
