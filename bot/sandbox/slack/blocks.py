"""Whether Block Kit would be taken: the shapes and limits that Slack documents, and its words for refusing.

Numbers: docs.slack.dev/reference/block-kit (blocks, block-elements, composition-objects). The wording of
the refusals is Slack's own ("must be less than 3001 characters [json-pointer:/blocks/0/text/text]").
"""

from collections.abc import Iterator, Mapping

from bot.sandbox.slack import charts
from bot.sandbox.slack.shapes import KIND, Check, Problem, boolean, by_type, items, named, one_of, string

BLOCKS_PER_MESSAGE = 50
# Not documented; seen as `msg_blocks_too_long` from about this many characters over all blocks on.
CHARACTERS_PER_MESSAGE = 13_200
MARKDOWN_PER_MESSAGE = 12_000


def problems(blocks: object, pointer: str = "/blocks") -> list[Problem]:
    """Return everything that is wrong with the blocks of one message; nothing means they are taken."""
    found = list(items(_block, at_most=BLOCKS_PER_MESSAGE)(blocks, pointer))
    if found or not isinstance(blocks, list):
        return found
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        found.append(Problem(pointer=pointer, message="`block_id` must be unique"))
    drawn = sum(block["type"] == "data_visualization" for block in blocks)
    if drawn > charts.CHARTS_PER_MESSAGE:
        most = f"no more than {charts.CHARTS_PER_MESSAGE} data_visualization blocks allowed"
        found.append(Problem(pointer=pointer, message=most))
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_PER_MESSAGE:
        found.append(
            Problem(pointer=pointer, message=f"must be less than {MARKDOWN_PER_MESSAGE + 1} characters")
        )
    return found


def characters(value: object) -> int:
    """Count the characters that people would read in blocks of any depth."""
    if isinstance(value, list):
        return sum(characters(item) for item in value)
    if not isinstance(value, dict):
        return 0
    words = sum(len(value[key]) for key in ("text", "alt_text") if isinstance(value.get(key), str))
    return words + sum(characters(item) for item in value.values())


def _text(longest: int, *kinds: str) -> Check:
    shape = named(
        {"type": one_of(*(kinds or ("plain_text", "mrkdwn"))), "text": string(longest)},
        {"emoji": boolean, "verbatim": boolean},
    )

    def check(value: object, pointer: str) -> Iterator[Problem]:
        found = list(shape(value, pointer))
        if found:
            # Slack names the object first, and then what is wrong in it.
            yield Problem(pointer=pointer, message="failed to match all allowed schemas")
            yield from found

    return check


# ---------------------------------------------------------------- Block Kit, from the smallest part upwards

_ID = string(255)
_PLAIN = "plain_text"

_CONFIRM = named(
    {
        "title": _text(100, _PLAIN),
        "text": _text(300),
        "confirm": _text(30, _PLAIN),
        "deny": _text(30, _PLAIN),
    },
    {"style": one_of("primary", "danger")},
)
_OPTION = named(
    {"text": _text(75), "value": string(150)},
    {"description": _text(75, _PLAIN), "url": string(3000)},
)
_IMAGE = named({**KIND, "image_url": string(3000), "alt_text": string(2000)}, {})
_BUTTON = named(
    {**KIND, "text": _text(75, _PLAIN)},
    {
        "action_id": _ID,
        "value": string(2000),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
_SELECT = named(
    {**KIND, "options": items(_OPTION, at_most=100)},
    {
        "action_id": _ID,
        "placeholder": _text(150, _PLAIN),
        "initial_option": _OPTION,
        "confirm": _CONFIRM,
        "focus_on_load": boolean,
    },
)
_OVERFLOW = named({**KIND, "options": items(_OPTION, at_most=5)}, {"action_id": _ID, "confirm": _CONFIRM})
_INTERACTIVE = {"button": _BUTTON, "static_select": _SELECT, "overflow": _OVERFLOW}


def _section(value: object, pointer: str) -> Iterator[Problem]:
    yield from _SECTION(value, pointer)
    if isinstance(value, dict) and not value.keys() & {"text", "fields"}:
        yield Problem(pointer=pointer, message="missing required field: text")


_BLOCK_ID: Mapping[str, Check] = {"block_id": _ID}
_SECTION = named(
    KIND,
    {
        **_BLOCK_ID,
        "text": _text(3000),
        "fields": items(_text(2000), at_most=10),
        "accessory": by_type({**_INTERACTIVE, "image": _IMAGE}),
        "expand": boolean,
    },
)
_CONTEXT_ELEMENT = by_type({"image": _IMAGE, "mrkdwn": _text(3000), "plain_text": _text(3000)})
_BLOCKS: Mapping[str, Check] = {
    "header": named({**KIND, "text": _text(150, _PLAIN)}, _BLOCK_ID),
    "section": _section,
    "context": named({**KIND, "elements": items(_CONTEXT_ELEMENT, at_most=10)}, _BLOCK_ID),
    "actions": named({**KIND, "elements": items(by_type(_INTERACTIVE), at_most=25)}, _BLOCK_ID),
    "divider": named(KIND, _BLOCK_ID),
    "image": named(
        {**KIND, "image_url": string(3000), "alt_text": string(2000)},
        {**_BLOCK_ID, "title": _text(2000, _PLAIN)},
    ),
    "data_visualization": named({**KIND, "title": string(50), "chart": charts.chart}, _BLOCK_ID),
    "markdown": named({**KIND, "text": string(MARKDOWN_PER_MESSAGE)}, _BLOCK_ID),
}
_block = by_type(_BLOCKS)
