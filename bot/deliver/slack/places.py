"""Finds a channel by what the config calls it, and judges what is found there. Nothing is posted."""

import re
from collections.abc import Sequence
from enum import Enum

from bot.deliver.channel import Lack
from bot.deliver.slack.client import Client, Conversation, Refusal, Who

_ID = re.compile(r"[CGD][A-Z0-9]{7,}")


class Unfound(Enum):
    """Why there is no channel to speak of."""

    UNSEEN = "the token may not look"
    NOWHERE = "there is none"


def find(client: Client, who: Who, to: str, place: str | None) -> Conversation | Unfound:
    """Find a channel: by its id where one is known, else by its name, first among those that we are in."""
    types = _types(who)
    if not types:
        return Unfound.UNSEEN
    known = place if place is not None else to if _ID.fullmatch(to) else None
    if known is not None:
        return _by_id(client, known)
    name = to.removeprefix("#")
    for channel in client.ours(types):
        if channel.name == name:  # of a channel in this list Slack does not say that we are a member
            return Conversation(
                id=channel.id, name=name, member=True, archived=channel.archived, private=channel.private
            )
    return next((channel for channel in client.all(types) if channel.name == name), Unfound.NOWHERE)


def _by_id(client: Client, id: str) -> Conversation | Unfound:
    try:
        return client.conversation(id)
    except Refusal as refusal:
        if refusal.code == "missing_scope":
            return Unfound.UNSEEN
        if refusal.code == "channel_not_found":
            return Unfound.NOWHERE
        raise


def _types(who: Who) -> Sequence[str]:
    by_scope = {"channels:read": "public_channel", "groups:read": "private_channel"}
    return [kind for scope, kind in by_scope.items() if scope in who.scopes]


def lacks(who: Who, to: str, found: Conversation | Unfound, *, uploads: bool) -> list[Lack]:
    """Say what works only by luck, or not at all, and which scope or line of the config would help."""
    short = []
    if found is Unfound.UNSEEN:
        short.append(_scope("channels:read", f"nobody sees whether the bot is in {to} before it posts"))
    if isinstance(found, Conversation) and to.startswith("#") and found.name != to[1:]:
        remedy = f'Write to = "#{found.name}", or its id "{found.id}", which stays.'
        short.append(Lack(what=f"{to} is called #{found.name} now", remedy=remedy, is_news=True))
    history = "groups:history" if isinstance(found, Conversation) and found.private else "channels:history"
    if history not in who.scopes:
        short.append(_scope(history, "a message whose answer is lost is not looked up, and may come twice"))
    if uploads and "files:write" not in who.scopes:
        short.append(_scope("files:write", "pictures cannot be uploaded"))
    return short


def _scope(scope: str, without: str) -> Lack:
    remedy = f"Under “OAuth & Permissions” give the Slack app the scope {scope}, and install it again."
    return Lack(what=f"without the scope {scope} {without}", remedy=remedy)
