"""Slack's Block Kit out of the parts that a template wrote, within Slack's limits.

Limits: docs.slack.dev/reference/block-kit. A whole message over about 13,200 characters is refused with
`msg_blocks_too_long`; the longest that can come out of here is under 12,000.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.render import long
from bot.writing.text import cut_escaped

Block = dict[str, object]

LONGEST_MESSAGE = 12_000
LONGEST_TEXT = 2_000  # Slack recommends under 4,000; a notification shows far less
LONGEST_HEADER = 150
LONGEST_STATE = 400
LONGEST_BODY = 3_000
LONGEST_FIELD = 600  # Slack takes 2,000, but ten of those would break the budget of the message
MOST_FIELDS = 10
LONGEST_CONTEXT = 800
_OTHERS = LONGEST_HEADER + LONGEST_STATE + LONGEST_CONTEXT + 500  # and joins, ellipses, "… and 14 more"

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a template wrote for Slack; everything in it is escaped."""

    text: str
    title: str
    state: str = ""
    body: str = ""
    fields: str = ""
    context: str = ""


def blocks(parts: Parts) -> tuple[Block, ...]:
    """Build header, body, fields and context; leave out what is empty, cut what is too long.

    A long body becomes several sections, in the room that the others leave.
    """
    built: list[Block] = []
    if parts.title:
        built.append({"type": "header", "text": _plain(cut_escaped(parts.title, LONGEST_HEADER))})
    if parts.state:
        built.append({"type": "section", "text": _mrkdwn(cut_escaped(parts.state, LONGEST_STATE))})
    room = LONGEST_MESSAGE - _OTHERS - min(len(parts.fields), MOST_FIELDS * LONGEST_FIELD)
    for text in long.sections(parts.body, LONGEST_BODY, room):
        built.append({"type": "section", "text": _mrkdwn(text)})
    if parts.fields:
        built.append({"type": "section", "fields": _fields(_PARAGRAPHS.split(parts.fields))})
    if parts.context:
        line = cut_escaped(parts.context, LONGEST_CONTEXT)
        built.append({"type": "context", "elements": [_mrkdwn(line)]})
    return tuple(built)


def reply(parts: Parts) -> tuple[Block, ...]:
    """Build what stands in a thread: the sentence and the lines; how it stands is seen above."""
    built: list[Block] = [
        {"type": "section", "text": _mrkdwn(f"*{cut_escaped(parts.text, LONGEST_HEADER * 2)}*")}
    ]
    if parts.body:
        built.append({"type": "section", "text": _mrkdwn(cut_escaped(parts.body, LONGEST_BODY))})
    return tuple(built)


def with_charts(shown: Sequence[Block], charts: Sequence[Block]) -> tuple[Block, ...]:
    """Put charts above the small print, as many as the message has room for."""
    print_at = next((at for at, block in enumerate(shown) if block["type"] == "context"), len(shown))
    room = LONGEST_MESSAGE - letters(shown)
    fitting: list[Block] = []
    for chart in charts:
        room -= letters(chart)
        if room >= 0:
            fitting.append(chart)
    return (*shown[:print_at], *fitting, *shown[print_at:])


def letters(value: object) -> int:
    """Count the letters in blocks of any depth, with every name and type: more than Slack can count."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(letters(inner) for inner in value.values())
    return sum(letters(inner) for inner in value) if isinstance(value, Sequence) else 0


def without_blocks(parts: Parts) -> str:
    """Say everything in one text, for a Slack that refuses the layout."""
    said = (parts.text, parts.state, parts.body, parts.fields, parts.context)
    whole = "\n\n".join(part for part in said if part)
    return cut_escaped(whole, LONGEST_BODY)


def _fields(paragraphs: Sequence[str]) -> list[Mapping[str, object]]:
    shown = paragraphs if len(paragraphs) <= MOST_FIELDS else paragraphs[: MOST_FIELDS - 1]
    fields = [_mrkdwn(cut_escaped(paragraph, LONGEST_FIELD)) for paragraph in shown]
    if len(paragraphs) > len(shown):
        fields.append(_mrkdwn(f"… and {len(paragraphs) - len(shown)} more"))
    return fields


def _mrkdwn(text: str) -> Mapping[str, object]:
    # Verbatim: Slack must not make links, channels or mentions out of what strangers wrote.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Mapping[str, object]:
    return {"type": "plain_text", "text": " ".join(text.split()), "emoji": False}
