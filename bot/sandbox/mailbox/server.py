"""A mailbox that runs: send mail to its port, look at what came."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from weakref import WeakSet

from bot.sandbox.clock import SandboxClock
from bot.sandbox.mailbox.faults import Faults
from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.mailbox.smtp import Conversation, Delivery, Doors, Hooks

WAIT = timedelta(seconds=5)


class Mailbox:
    """An SMTP server on a port of this machine that keeps what it takes for anybody; a context manager.

    With `accounts` (user to password) it demands AUTH. `starttls` and `implicit_tls` are server contexts.
    Order trouble by `faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user"), times=2)`.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, str] | None = None,
        starttls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] | None = None,
        port: int = 0,
    ) -> None:
        self._clock = clock or SandboxClock()
        self._doors = Doors(accounts=accounts or {}, starttls=starttls, implicit_tls=implicit_tls)
        self.faults = Faults()
        self._hooks = Hooks(self.faults, self._doors, self._keep)
        self._mails: list[Mail] = []
        self._news = threading.Condition()
        self._open: WeakSet[Conversation] = WeakSet()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.host, self.port = self._socket.getsockname()[:2]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"mailbox-{self.port}", daemon=True
        )
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._answer, sock=self._socket, ssl=self._doors.implicit_tls)

    def _answer(self) -> Conversation:
        conversation = Conversation(self._hooks, self.faults, self._doors, self._loop)
        self._open.add(conversation)
        return conversation

    def _keep(self, delivery: Delivery) -> None:
        with self._news:
            mail = Mail(
                number=len(self._mails) + 1,
                raw=delivery.raw,
                sender=delivery.sender,
                recipients=delivery.recipients,
                received_at=self._clock(),
                encrypted=delivery.encrypted,
                user=delivery.user,
            )
            self._mails.append(mail)
            self._news.notify_all()

    @property
    def messages(self) -> list[Mail]:
        """All mails, oldest first."""
        with self._news:
            return list(self._mails)

    def wait_for(self, count: int, within: timedelta = WAIT) -> list[Mail]:
        """Return the mails as soon as there are `count` of them. Raise TimeoutError when they stay out."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._mails) >= count, within.total_seconds()):
                raise TimeoutError(f"{len(self._mails)} of {count} mails came within {within}")
            return list(self._mails)

    def stop(self) -> None:
        """End all conversations and free the port, once. What came can still be read."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for conversation in list(self._open):
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        talking = asyncio.all_tasks() - {asyncio.current_task()}
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        await self._server.wait_closed()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
