"""The arguments of a call, and the words of a message among them: read, checked, or refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import blocks

Arguments = Mapping[str, Any]

ATTACHMENTS_MOST = 100


class Refused(Exception):
    """The call is answered with `ok: false`, this code, and what else helps to understand it."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


def explained(code: str, *messages: str) -> Refused:
    """Make the refusal that names the place: in `errors`, and once more for people."""
    return Refused(
        code,
        errors=list(messages),
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a message says."""

    text: str
    blocks: list[Any]
    attachments: list[Any]


def required(arguments: Arguments, name: str) -> str:
    """Return a text argument; refuse when it is missing."""
    value = arguments.get(name)
    if value is None or value == "":
        raise explained("invalid_arguments", f"missing required field: {name}")
    return str(value)


def flag(arguments: Arguments, name: str) -> bool:
    """Return a switch, however a client spells it."""
    return str(arguments.get(name, "")).lower() in ("1", "true")


def decoded(value: object, refusal: str) -> Any:
    """Return what a form carries as JSON text, and a JSON body as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise Refused(refusal) from None


def words(arguments: Arguments, *, charts: bool = True) -> Words:
    """Return what the message says when Slack would take it; refuse otherwise. Webhooks take the same.

    Where `charts` are not known, their blocks are refused like any other that nobody knows.
    """
    shown = _blocks(arguments.get("blocks"))
    unknown = [] if charts else [n for n, one in enumerate(shown) if one["type"] == "data_visualization"]
    if unknown:
        pointer = f"[json-pointer:/blocks/{unknown[0]}/type]"
        raise explained("invalid_blocks", f"unsupported type: data_visualization {pointer}")
    attachments = _attachments(arguments.get("attachments"))
    text = str(arguments.get("text") or "")
    if not (text or shown or attachments):
        raise Refused("no_text")
    if blocks.characters(shown) > blocks.CHARACTERS_PER_MESSAGE:
        raise Refused("msg_blocks_too_long")
    return Words(text=text, blocks=shown, attachments=attachments)


def _blocks(value: object) -> list[Any]:
    value = decoded(value or [], "invalid_blocks_format")
    if not isinstance(value, list):
        raise Refused("invalid_blocks_format")
    if value and (found := blocks.problems(value)):
        raise explained("invalid_blocks", *map(str, found))
    return value


def _attachments(value: object) -> list[Any]:
    value = decoded(value or [], "invalid_attachments")
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused("invalid_attachments")
    if len(value) > ATTACHMENTS_MOST:
        raise Refused("too_many_attachments")
    for index, attachment in enumerate(value):
        shown = attachment.get("blocks") or []
        if shown and (found := blocks.problems(shown, f"/attachments/{index}/blocks")):
            raise explained("invalid_blocks", *map(str, found))
        if blocks.characters(shown) > blocks.CHARACTERS_PER_MESSAGE:
            raise Refused("msg_blocks_too_long")
    return value


def metadata(arguments: Arguments) -> Mapping[str, Any] | None:
    """Return what a message carries for machines when Slack would take it; refuse otherwise."""
    value = decoded(arguments.get("metadata"), "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(value.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    return value
