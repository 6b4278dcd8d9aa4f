"""The SMTP conversation, with the faults that were ordered."""
# ruff: noqa: N802 - aiosmtpd finds its hooks by their names

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.sandbox.mailbox.faults import Fault, Faults, Stage

NAME = "mail.sandbox.example"
LARGEST = 10 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one transaction handed over."""

    raw: bytes = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    encrypted: bool
    user: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Whom the server lets in, and how.

    `accounts` maps users to passwords; empty lets everybody in. Either context makes the server speak TLS:
    `starttls` on request, `implicit_tls` from the first byte.
    """

    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    starttls: ssl.SSLContext | None = None
    implicit_tls: ssl.SSLContext | None = None


class Hooks:
    """What aiosmtpd asks at each stage of a transaction; it finds these by their names."""

    def __init__(self, faults: Faults, doors: Doors, keep: Callable[[Delivery], None]) -> None:
        self._faults = faults
        self._doors = doors
        self._keep = keep

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """Offer AUTH only where there are accounts."""
        session.host_name = hostname
        return [line for line in answers if self._doors.accounts or not line.startswith("250-AUTH")]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, who has logged in where that is demanded."""
        if self._doors.accounts and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if (reply := await self._trouble(server, "sender")) is not None:
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        if (reply := await self._trouble(server, "recipient", address)) is not None:
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail."""
        fault = self._faults.take("data")
        if fault is not None and (reply := await _act(fault, server)) is not None:
            return reply
        content = envelope.original_content
        delivery = Delivery(
            raw=content if isinstance(content, bytes) else b"",
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            encrypted=session.ssl is not None or self._doors.implicit_tls is not None,
            user=str(session.auth_data) if session.authenticated else None,
        )
        self._keep(delivery)
        if fault is not None and fault.drop == "after":
            await _vanish(server)
        return "250 2.0.0 Kept"

    async def _trouble(self, server: SMTP, stage: Stage, recipient: str = "") -> str | None:
        fault = self._faults.take(stage, recipient)
        if fault is None:
            return None
        reply = await _act(fault, server)
        if fault.drop == "after":
            await _vanish(server)
        return reply

    def prove(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        """Say whether user and password are those of an account."""
        user, password = (
            (part.decode("utf-8", "replace") for part in login)
            if isinstance(login, LoginPassword)
            else ("", "")
        )
        if self._doors.accounts.get(user) != password:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=user)


class Conversation(SMTP):
    """One connection. Greets late or not at all when that was ordered."""

    def __init__(self, hooks: Hooks, faults: Faults, doors: Doors, loop: asyncio.AbstractEventLoop) -> None:
        self._faults = faults
        super().__init__(
            hooks,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=NAME,
            tls_context=doors.starttls,
            # Hooks demand the login: aiosmtpd itself would warn of every login without TLS, which is
            # what a test may want to see.
            auth_require_tls=False,
            authenticator=hooks.prove,
            loop=loop,
        )

    async def _handle_client(self) -> None:
        fault = self._faults.take("greeting")
        if fault is not None:
            reply = await _act(fault, self)
            if reply is not None:
                await self.push(reply)
                self._writer.close()
                return
            if fault.drop == "after":
                await _vanish(self)
        await super()._handle_client()


async def _act(fault: Fault, server: SMTP) -> str | None:
    """Do what was ordered. Return the answer to give, None when the good one is due."""
    await asyncio.sleep(fault.delay.total_seconds())
    if fault.drop == "before":
        await _vanish(server)
    return fault.reply


async def _vanish(server: SMTP) -> None:
    """Break the connection. Does not return: the loss of the connection cancels the conversation."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    await asyncio.get_running_loop().create_future()
