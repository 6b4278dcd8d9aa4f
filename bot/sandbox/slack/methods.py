"""The methods of the Web API that a bot that tells people things needs.

Each takes the workspace and the arguments of the call, and returns the answer as JSON or raises Refused.
Behaviour and error codes: docs.slack.dev/reference/methods/<method>.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from bot.sandbox.slack import blocks, content
from bot.sandbox.slack.content import Arguments, Refused, explained, flag, required
from bot.sandbox.slack.workspace import Channel, Message, Workspace

Answer = dict[str, Any]

TEXT_LONGEST = 40_000  # characters; chat.postMessage cuts there
UPDATE_LONGEST = 4_000  # bytes of UTF-8; chat.update refuses more
PAGE = 100
TEAM = {"team": "Sandbox", "team_id": "T00000001"}
BOT = {"user": "pirsch-bot", "user_id": "U00000001", "bot_id": "B00000001"}
_TS = re.compile(r"\d{10}\.\d{6}")
_EPOCH, _END = "0000000000.000000", "9999999999.999999"


def channel_of(workspace: Workspace, name: str) -> Channel:
    """Find a channel by id or name."""
    channel = workspace.channel(name)
    if channel is None:
        raise Refused("channel_not_found")
    return channel


def _channel_by_id(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = channel_of(workspace, id := required(arguments, "channel"))
    if channel.id != id:  # only chat.postMessage knows names
        raise Refused("channel_not_found")
    return channel


def auth_test(workspace: Workspace, arguments: Arguments) -> Answer:
    """Say who the token is."""
    return {"url": "https://sandbox.slack.com/", **TEAM, **BOT, "is_enterprise_install": False}


def api_test(workspace: Workspace, arguments: Arguments) -> Answer:
    """Answer, whoever asks."""
    return {"args": dict(arguments)}


def post_message(workspace: Workspace, arguments: Arguments) -> Answer:
    """chat.postMessage. Longer texts are cut, as Slack does."""
    channel = channel_of(workspace, required(arguments, "channel"))
    if channel.archived:
        raise Refused("is_archived")
    if not channel.member:
        raise Refused("not_in_channel")
    words = content.words(arguments, charts=workspace.charts)
    message = Message(
        channel=channel.id,
        text=words.text[:TEXT_LONGEST],
        blocks=words.blocks,
        attachments=words.attachments,
        metadata=content.metadata(arguments),
        thread_ts=_thread(workspace, channel, arguments),
        broadcast=flag(arguments, "reply_broadcast"),
        username=str(arguments.get("username") or ""),
        icon=str(arguments.get("icon_emoji") or ""),
    )
    kept = workspace.post(message)
    return {"channel": channel.id, "ts": kept.ts, "message": as_json(kept)}


def _thread(workspace: Workspace, channel: Channel, arguments: Arguments) -> str | None:
    ts = arguments.get("thread_ts")
    if ts is None or ts == "":
        return None
    if not isinstance(ts, str) or not _TS.fullmatch(ts):
        raise Refused("invalid_thread_ts")
    if workspace.find(channel, ts) is None:
        raise Refused("thread_not_found")
    return ts


def update(workspace: Workspace, arguments: Arguments) -> Answer:
    """chat.update. Text without blocks removes the blocks."""
    channel = _channel_by_id(workspace, arguments)
    old = workspace.find(channel, required(arguments, "ts"))
    if old is None:
        raise Refused("message_not_found")
    if old.by_webhook:
        raise Refused("cant_update_message")
    if workspace.too_old(old):
        raise Refused("edit_window_closed")
    if channel.archived:
        raise Refused("is_archived")
    words = content.words(arguments, charts=workspace.charts)
    if len(words.text.encode("utf-8", "surrogatepass")) > UPDATE_LONGEST:
        raise Refused("msg_too_long")
    new = replace(
        old,
        text=words.text,
        blocks=words.blocks,
        attachments=words.attachments,
        metadata=content.metadata(arguments) or old.metadata,
    )
    kept = workspace.update(old, new)
    return {"channel": channel.id, "ts": kept.ts, "text": kept.text, "message": as_json(kept)}


def conversations_list(workspace: Workspace, arguments: Arguments) -> Answer:
    """conversations.list, by pages."""
    found = [
        channel
        for channel in _of_types(workspace, arguments)
        if (channel.member or not channel.private)
        and not (channel.archived and flag(arguments, "exclude_archived"))
    ]
    return _page("channels", [_channel_json(channel) for channel in found], arguments)


def users_conversations(workspace: Workspace, arguments: Arguments) -> Answer:
    """users.conversations: the channels that the bot is in. That it is a member is not said once more."""
    found = [channel for channel in _of_types(workspace, arguments) if channel.member]
    rows = [_channel_json(channel) for channel in found]
    return _page("channels", [{k: v for k, v in row.items() if k != "is_member"} for row in rows], arguments)


def _of_types(workspace: Workspace, arguments: Arguments) -> list[Channel]:
    types = str(arguments.get("types") or "public_channel").replace(" ", "").split(",")
    kinds = {True: "private_channel", False: "public_channel"}
    return [channel for channel in workspace.channels() if kinds[channel.private] in types]


def conversations_info(workspace: Workspace, arguments: Arguments) -> Answer:
    """conversations.info."""
    return {"channel": _channel_json(_channel_by_id(workspace, arguments))}


def conversations_join(workspace: Workspace, arguments: Arguments) -> Answer:
    """conversations.join."""
    channel = _channel_by_id(workspace, arguments)
    if channel.archived:
        raise Refused("is_archived")
    if channel.private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.member:
        return {"channel": _channel_json(channel), "warning": "already_in_channel"}
    return {"channel": _channel_json(workspace.join(channel))}


def conversations_history(workspace: Workspace, arguments: Arguments) -> Answer:
    """conversations.history: newest first, replies only where they were broadcast."""
    channel = _readable(workspace, arguments)
    shown = [
        message for message in workspace.messages(channel.id) if not message.is_reply or message.broadcast
    ]
    return _history(shown[::-1], arguments)


def conversations_replies(workspace: Workspace, arguments: Arguments) -> Answer:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = _readable(workspace, arguments)
    ts = required(arguments, "ts")
    if workspace.find(channel, ts) is None:
        raise Refused("thread_not_found")
    return _history([m for m in workspace.messages(channel.id) if ts in (m.ts, m.thread_ts)], arguments)


def _readable(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = _channel_by_id(workspace, arguments)
    if not channel.member:
        raise Refused("not_in_channel")
    return channel


def _history(messages: list[Message], arguments: Arguments) -> Answer:
    oldest, latest = str(arguments.get("oldest") or _EPOCH), str(arguments.get("latest") or _END)
    at_the_border = flag(arguments, "inclusive")
    found = [
        as_json(message, metadata=flag(arguments, "include_all_metadata"))
        for message in messages
        if oldest < message.ts < latest or (at_the_border and message.ts in (oldest, latest))
    ]
    answer = _page("messages", found, arguments)
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}


def announce_file(workspace: Workspace, arguments: Arguments) -> Answer:
    """files.getUploadURLExternal."""
    file = workspace.files.announce(arguments)
    return {"file_id": file.id, "upload_url": f"{request.host_url}upload/v1/{file.id}"}


def complete_file(workspace: Workspace, arguments: Arguments) -> Answer:
    """files.completeUploadExternal: share what came, in a channel or a thread. Needs the channel's id."""
    files = workspace.files.complete(arguments)
    if arguments.get("channel_id"):
        channel = _channel_by_id(workspace, {"channel": arguments["channel_id"]})
        if not channel.member:
            raise Refused("not_in_channel")
        text = str(arguments.get("initial_comment") or "")
        thread = _thread(workspace, channel, arguments)
        workspace.post(Message(channel=channel.id, text=text, thread_ts=thread, files=files))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def blocks_validate(workspace: Workspace, arguments: Arguments) -> Answer:
    """blocks.validate: exactly one of `blocks` and `message`. Views are not simulated."""
    given = [name for name in ("blocks", "message") if arguments.get(name) is not None]
    if len(given) != 1:
        raise explained("invalid_arguments", "provide exactly one of `blocks`, `view`, or `message`")
    value = content.decoded(arguments[given[0]], "invalid_json")
    of_message = given == ["message"]
    shown = value.get("blocks", []) if of_message and isinstance(value, dict) else value
    found = blocks.problems(shown, "/blocks" if of_message else "")
    if found:
        details = [{"pointer": p.pointer, "code": "failed_constraint", "message": p.message} for p in found]
        raise Refused("invalid_message" if of_message else "invalid_blocks", errors=details)
    return {}


# ---------------------------------------------------------------- answers


def as_json(message: Message, *, metadata: bool = True) -> Answer:
    """A message as Slack shows it to the bot that wrote it."""
    answer: Answer = {
        "type": "message",
        "subtype": "bot_message" if message.by_webhook else None,
        "ts": message.ts,
        "text": message.text,
        "blocks": list(message.blocks) or None,
        "attachments": list(message.attachments) or None,
        "metadata": message.metadata if metadata else None,
        "thread_ts": message.thread_ts,
        "edited": {"ts": f"{message.edited_at.timestamp():.6f}"} if message.edited_at else None,
        "user": BOT["user_id"],
        "bot_id": BOT["bot_id"],
        "team": TEAM["team_id"],
    }
    if message.is_reply and message.broadcast:
        answer["subtype"] = "thread_broadcast"
    return {name: value for name, value in answer.items() if value is not None}


def _channel_json(channel: Channel) -> Answer:
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": channel.member,
        "topic": {"value": channel.topic},
    }


def _number(arguments: Arguments, name: str, otherwise: int) -> int:
    try:
        return int(arguments.get(name) or otherwise)
    except (TypeError, ValueError):
        raise Refused("invalid_limit" if name == "limit" else "invalid_cursor") from None


def _page(name: str, rows: list[Answer], arguments: Arguments) -> Answer:
    start = _number(arguments, "cursor", 0)
    end = start + max(1, min(_number(arguments, "limit", PAGE), 999))
    return {name: rows[start:end], "response_metadata": {"next_cursor": str(end) if end < len(rows) else ""}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What a method does and which scope a token needs for it (any of them; empty: none)."""

    run: Callable[[Workspace, Arguments], Answer]
    scopes: tuple[str, ...] = ()


_READ = ("channels:read", "groups:read")
_HISTORY = ("channels:history", "groups:history")

METHODS: Mapping[str, Method] = {
    "api.test": Method(run=api_test),
    "auth.test": Method(run=auth_test),
    "blocks.validate": Method(run=blocks_validate),
    "chat.postMessage": Method(run=post_message, scopes=("chat:write",)),
    "chat.update": Method(run=update, scopes=("chat:write",)),
    "conversations.history": Method(run=conversations_history, scopes=_HISTORY),
    "conversations.info": Method(run=conversations_info, scopes=_READ),
    "conversations.join": Method(run=conversations_join, scopes=("channels:join",)),
    "conversations.list": Method(run=conversations_list, scopes=_READ),
    "conversations.replies": Method(run=conversations_replies, scopes=_HISTORY),
    "files.completeUploadExternal": Method(run=complete_file, scopes=("files:write",)),
    "files.getUploadURLExternal": Method(run=announce_file, scopes=("files:write",)),
    "users.conversations": Method(run=users_conversations, scopes=_READ),
}
