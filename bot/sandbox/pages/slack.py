"""The workspace as people know it: channels on the left, messages on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.sandbox.pages.site import fragment
from bot.sandbox.slack import Slack
from bot.sandbox.slack.workspace import Channel, Message

SHOWN = 100  # messages of a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message with its replies. `first` says whether it needs a name and a picture of its own."""

    message: Message
    replies: Sequence[Message]
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The messages of one day."""

    day: date
    lines: Sequence[Line]


class Seen:
    """How many messages of each channel the page has shown."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._seen: dict[str, int] = {}

    def read(self, channel: Channel) -> None:
        """Everything in the channel has been seen."""
        self._seen[channel.id] = len(self._slack.messages(channel.id))

    def unread(self) -> Mapping[str, int]:
        """How many messages of each channel, by id, nobody has seen."""
        return {
            channel.id: len(self._slack.messages(channel.id)) - self._seen.get(channel.id, 0)
            for channel in self._slack.workspace.channels()
        }


def days(messages: Sequence[Message]) -> list[Day]:
    """Sort the messages of a channel into days, replies under their parents."""
    replies: dict[str, list[Message]] = {}
    for message in messages:
        if message.is_reply and message.thread_ts is not None:
            replies.setdefault(message.thread_ts, []).append(message)
    shown = [m for m in messages if not m.is_reply or m.broadcast][-SHOWN:]
    lines = [
        Line(message=message, replies=replies.get(message.ts, ()), first=_needs_a_name(shown, index))
        for index, message in enumerate(shown)
    ]
    by_day = groupby(lines, key=lambda line: line.message.at.date())
    return [Day(day=day, lines=list(of_day)) for day, of_day in by_day]


def _needs_a_name(messages: Sequence[Message], index: int) -> bool:
    if index == 0:
        return True
    before, message = messages[index - 1], messages[index]
    if message.blocks or message.attachments:
        return True
    return before.username != message.username or (message.at - before.at).total_seconds() > 300


def slack_pages(slack: Slack) -> Blueprint:
    """Make the pages of one workspace."""
    pages = Blueprint("slack", __name__, url_prefix="/slack")
    seen = Seen(slack)

    @pages.get("/")
    def home() -> AnyResponse:
        channels = slack.workspace.channels()
        if not channels:
            abort(404)
        return redirect(url_for("slack.show", name=channels[0].id))

    @pages.get("/<name>")
    def show(name: str) -> str:
        channel = _channel(slack, name)
        return render_template("slack/page.html", channel=channel, channels=slack.workspace.channels())

    @pages.get("/<name>/channels")
    def channels(name: str) -> Response:
        channel, all_channels, unread = _channel(slack, name), slack.workspace.channels(), seen.unread()
        return fragment(
            "slack/channels.html",
            version=(all_channels, unread),
            channel=channel,
            channels=all_channels,
            unread=unread,
        )

    @pages.get("/<name>/messages")
    def messages(name: str) -> Response:
        channel = _channel(slack, name)
        seen.read(channel)
        version = slack.workspace.version(channel)
        found = days(slack.messages(channel.id))
        return fragment("slack/messages.html", version=version, channel=channel, days=found)

    return pages


def _channel(slack: Slack, name: str) -> Channel:
    channel = slack.workspace.channel(name)
    if channel is None:
        abort(404)
    return channel
