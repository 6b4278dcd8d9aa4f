"""Channels and the messages in them: what a workspace remembers."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.slack.files import File, Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation. `member` says whether the bot is in it."""

    id: str
    name: str
    member: bool = True
    archived: bool = False
    private: bool = False
    topic: str = ""


NOT_YET = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands now.

    `channel` is an id. `ts` is the message's id within it: text, not a number; it and `at` are set when
    the workspace keeps the message. `blocks`, `attachments` and `metadata` are as they came over the wire.
    """

    channel: str
    text: str
    ts: str = ""
    at: datetime = NOT_YET
    blocks: Sequence[Mapping[str, Any]] = ()
    attachments: Sequence[Mapping[str, Any]] = ()
    metadata: Mapping[str, Any] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited_at: datetime | None = None
    edits: int = 0
    username: str = ""
    icon: str = ""
    by_webhook: bool = False
    files: Sequence[File] = ()

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread rather than in the channel."""
        return self.thread_ts is not None and self.thread_ts != self.ts


class Workspace:
    """Channels and messages in memory. Safe for threads."""

    def __init__(self, clock: Callable[[], datetime], channels: Iterable[Channel] = ()) -> None:
        self._clock = clock
        self._channels = {channel.id: channel for channel in channels}
        self._messages: dict[str, list[Message]] = {id: [] for id in self._channels}
        self._news = threading.Condition(threading.RLock())
        self._last_ts = 0
        self._changes: Counter[str] = Counter()
        self.posts = 0  # messages taken since the start
        self.files = Files()
        self.charts = True  # whether data_visualization blocks are known here: not every workspace has them
        self.edit_window: timedelta | None = None  # how long a message can be changed; None for ever

    def add(
        self, name: str, *, member: bool = True, archived: bool = False, private: bool = False
    ) -> Channel:
        """Make a channel, or change the one of that name."""
        with self._news:
            known = self.channel(name)
            channel = Channel(
                id=known.id if known else f"C{len(self._channels) + 1:08d}",
                name=name,
                member=member,
                archived=archived,
                private=private,
            )
            self._channels[channel.id] = channel
            self._messages.setdefault(channel.id, [])
            return channel

    def channels(self) -> list[Channel]:
        """All channels in the order in which they were made."""
        with self._news:
            return list(self._channels.values())

    def channel(self, name: str) -> Channel | None:
        """Find a channel by id, by name or by #name."""
        with self._news:
            if name in self._channels:
                return self._channels[name]
            bare = name.removeprefix("#")
            return next((channel for channel in self._channels.values() if channel.name == bare), None)

    def rename(self, old: str, new: str) -> None:
        """Give a channel another name; its id stays. Raise KeyError for an unknown one."""
        with self._news:
            found = self.channel(old)
            if found is None:
                raise KeyError(old)
            self._channels[found.id] = replace(found, name=new)

    def join(self, channel: Channel) -> Channel:
        """Let the bot in."""
        with self._news:
            self._channels[channel.id] = replace(self._channels[channel.id], member=True)
            return self._channels[channel.id]

    def post(self, message: Message) -> Message:
        """Keep a new message; its ts and time are set here. A ts is never used twice."""
        with self._news:
            at = self._clock()
            self._last_ts = max(self._last_ts + 1, int(at.timestamp() * 1_000_000))
            kept = replace(message, ts=f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}", at=at)
            self._messages[message.channel].append(kept)
            self.posts += 1
            self._changed(message.channel)
            return kept

    def update(self, old: Message, new: Message) -> Message:
        """Put new words in the place of old ones."""
        with self._news:
            kept = replace(new, edited_at=self._clock(), edits=old.edits + 1)
            messages = self._messages[old.channel]
            messages[[message.ts for message in messages].index(old.ts)] = kept
            self._changed(old.channel)
            return kept

    def delete(self, channel: str, ts: str) -> None:
        """Take a message away, as a person can. Its replies stay."""
        with self._news:
            found = self.channel(channel)
            if found is None:
                raise KeyError(channel)
            self._messages[found.id] = [one for one in self._messages[found.id] if one.ts != ts]
            self._changed(found.id)

    def too_old(self, message: Message) -> bool:
        """Whether the workspace's settings let nobody change the message any more."""
        return self.edit_window is not None and self._clock() - message.at > self.edit_window

    def _changed(self, channel: str) -> None:
        self._changes[channel] += 1
        self._news.notify_all()

    def version(self, channel: Channel) -> int:
        """Return a number that grows with each change of the channel's messages."""
        with self._news:
            return self._changes[channel.id]

    def find(self, channel: Channel, ts: str) -> Message | None:
        """Return the message of that ts, or None."""
        with self._news:
            return next((message for message in self._messages[channel.id] if message.ts == ts), None)

    def messages(self, channel: str | None = None) -> list[Message]:
        """All messages of a channel (id or name), or of all channels, oldest first, replies among them."""
        with self._news:
            if channel is None:
                return sorted((m for kept in self._messages.values() for m in kept), key=lambda m: m.ts)
            found = self.channel(channel)
            return list(self._messages[found.id]) if found else []

    def wait_for(
        self, count: int, within: timedelta = timedelta(seconds=5), channel: str | None = None
    ) -> list[Message]:
        """Return the messages as soon as there are `count` of them. Raise TimeoutError when they stay out."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.messages(channel)) >= count, within.total_seconds()):
                raise TimeoutError(f"{len(self.messages(channel))} of {count} messages came within {within}")
            return self.messages(channel)
