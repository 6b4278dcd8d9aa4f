"""A Slack workspace that runs: point a client at it, look at what it was told."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import Serving
from bot.sandbox.slack.doors import application
from bot.sandbox.slack.pace import Metronome, Pace
from bot.sandbox.slack.state import State
from bot.sandbox.slack.workspace import Channel, Message, Workspace

TOKEN = "xoxb-sandbox"  # noqa: S105 - opens nothing but this sandbox
SCOPES = frozenset({"channels:history", "channels:join", "channels:read", "chat:write", "files:write"})
WAIT = timedelta(seconds=5)


class Slack:
    """A workspace over real HTTP on a port of this machine; a context manager.

    `WebClient(token=slack.token, base_url=slack.api_url)` speaks to it, and so does anything that posts to
    `webhook_url(channel)`. Tests order trouble by `faults.add(Fault(...), calls="chat.*", times=2)`, and so
    can other programs by POST /_sandbox/faults. `pace` None takes messages as fast as they come.
    """

    def __init__(
        self,
        channels: Iterable[str] = ("general",),
        *,
        clock: Callable[[], datetime] | None = None,
        pace: Pace | None = None,
        port: int = 0,
    ) -> None:
        clock = clock or SandboxClock()
        self.token = TOKEN
        self.workspace = Workspace(clock)
        for name in channels:
            self.workspace.add(name)
        self._state = State(
            workspace=self.workspace,
            clock=clock,
            tokens={TOKEN: SCOPES},
            metronome=Metronome(pace) if pace else None,
        )
        self.faults, self.calls = self._state.faults, self._state.calls
        self._serving = Serving(application(self._state), port=port)
        self.url = self._serving.url
        self.api_url = f"{self.url}/api/"

    def add_token(self, token: str, scopes: Iterable[str] = SCOPES) -> None:
        """Let a token in, with these scopes only."""
        self._state.tokens[token] = frozenset(scopes)

    def revoke(self, token: str) -> None:
        """Let a token in no longer."""
        self._state.tokens.pop(token, None)

    def add_channel(
        self, name: str, *, member: bool = True, archived: bool = False, private: bool = False
    ) -> Channel:
        """Make a channel, or change the one of that name."""
        return self.workspace.add(name, member=member, archived=archived, private=private)

    def webhook_url(self, channel: str) -> str:
        """Return the address of the channel's incoming webhook. Raise KeyError for an unknown channel."""
        found = self.workspace.channel(channel)
        if found is None:
            raise KeyError(channel)
        path = f"T00000001/B{found.id[1:]}/sandbox{found.id[1:]}"
        self._state.hooks[path] = found.id
        return f"{self.url}/services/{path}"

    def remove_webhook(self, channel: str) -> None:
        """Close the channel's incoming webhook: it answers 404 from now on."""
        found = self.workspace.channel(channel)
        hooks = self._state.hooks
        self._state.hooks = {path: id for path, id in hooks.items() if found is None or id != found.id}

    def messages(self, channel: str | None = None) -> list[Message]:
        """All messages of a channel (name or id), or of all, oldest first, thread replies among them."""
        return self.workspace.messages(channel)

    def wait_for(self, count: int, within: timedelta = WAIT, channel: str | None = None) -> list[Message]:
        """Return the messages as soon as there are `count` of them. Raise TimeoutError when they stay out."""
        return self.workspace.wait_for(count, within, channel)

    def stop(self) -> None:
        """Close the doors and free the port. What was said can still be read."""
        self._state.stopping.set()
        self._serving.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
