"""Whether Block Kit would be taken: the shapes and limits that Slack documents, and its words for refusing.

Numbers: docs.slack.dev/reference/block-kit (blocks, block-elements, composition-objects). The wording of
the refusals is Slack's own ("must be less than 3001 characters [json-pointer:/blocks/0/text/text]").
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

BLOCKS_PER_MESSAGE = 50
# Not documented; seen as `msg_blocks_too_long` from about this many characters over all blocks on.
CHARACTERS_PER_MESSAGE = 13_200
MARKDOWN_PER_MESSAGE = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that Slack would refuse, and where: `pointer` is a JSON pointer."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


def problems(blocks: object, pointer: str = "/blocks") -> list[Problem]:
    """Return everything that is wrong with the blocks of one message; nothing means they are taken."""
    found = list(_items(_block, at_most=BLOCKS_PER_MESSAGE)(blocks, pointer))
    if found or not isinstance(blocks, list):
        return found
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        found.append(Problem(pointer=pointer, message="`block_id` must be unique"))
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


# ---------------------------------------------------------------- small checks that larger ones are made of


def _string(longest: int, shortest: int = 1) -> Check:
    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer=pointer, message="must be a string")
        elif len(value) > longest:
            yield Problem(pointer=pointer, message=f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            yield Problem(pointer=pointer, message=f"must be more than {shortest - 1} characters")

    return check


def _one_of(*allowed: object) -> Check:
    def check(value: object, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(pointer=pointer, message=f"must be one of: {', '.join(map(str, allowed))}")

    return check


def _boolean(value: object, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(pointer=pointer, message="must be a boolean")


def _anything(value: object, pointer: str) -> Iterator[Problem]:
    yield from ()


def _items(check_item: Check, *, at_most: int, at_least: int = 1) -> Check:
    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer=pointer, message="must be an array")
        elif len(value) > at_most:
            yield Problem(pointer=pointer, message=f"no more than {at_most} items allowed")
        elif len(value) < at_least:
            yield Problem(pointer=pointer, message=f"no fewer than {at_least} items allowed")
        else:
            for index, item in enumerate(value):
                yield from check_item(item, f"{pointer}/{index}")

    return check


def _object(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    known = {**required, **optional}

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer=pointer, message="must be an object")
            return
        for name in required:
            if name not in value:
                yield Problem(pointer=pointer, message=f"missing required field: {name}")
        for name, item in value.items():
            if name not in known:
                yield Problem(pointer=pointer, message=f"invalid additional property: {name}")
            else:
                yield from known[name](item, f"{pointer}/{name}")

    return check


def _by_type(kinds: Mapping[str, Check]) -> Check:
    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer=pointer, message="must be an object")
        elif not isinstance(kind := value.get("type"), str):
            yield Problem(pointer=pointer, message="missing required field: type")
        elif kind not in kinds:
            yield Problem(pointer=f"{pointer}/type", message=f"unsupported type: {kind[:75]}")
        else:
            yield from kinds[kind](value, pointer)

    return check


def _text(longest: int, *kinds: str) -> Check:
    shape = _object(
        {"type": _one_of(*(kinds or ("plain_text", "mrkdwn"))), "text": _string(longest)},
        {"emoji": _boolean, "verbatim": _boolean},
    )

    def check(value: object, pointer: str) -> Iterator[Problem]:
        found = list(shape(value, pointer))
        if found:
            # Slack names the object first, and then what is wrong in it.
            yield Problem(pointer=pointer, message="failed to match all allowed schemas")
            yield from found

    return check


# ---------------------------------------------------------------- Block Kit, from the smallest part upwards

_KIND: Mapping[str, Check] = {"type": _anything}  # `_by_type` has looked at it
_ID = _string(255)
_PLAIN = "plain_text"

_CONFIRM = _object(
    {
        "title": _text(100, _PLAIN),
        "text": _text(300),
        "confirm": _text(30, _PLAIN),
        "deny": _text(30, _PLAIN),
    },
    {"style": _one_of("primary", "danger")},
)
_OPTION = _object(
    {"text": _text(75), "value": _string(150)},
    {"description": _text(75, _PLAIN), "url": _string(3000)},
)
_IMAGE = _object({**_KIND, "image_url": _string(3000), "alt_text": _string(2000)}, {})
_BUTTON = _object(
    {**_KIND, "text": _text(75, _PLAIN)},
    {
        "action_id": _ID,
        "value": _string(2000),
        "url": _string(3000),
        "style": _one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": _string(75),
    },
)
_SELECT = _object(
    {**_KIND, "options": _items(_OPTION, at_most=100)},
    {
        "action_id": _ID,
        "placeholder": _text(150, _PLAIN),
        "initial_option": _OPTION,
        "confirm": _CONFIRM,
        "focus_on_load": _boolean,
    },
)
_OVERFLOW = _object({**_KIND, "options": _items(_OPTION, at_most=5)}, {"action_id": _ID, "confirm": _CONFIRM})
_INTERACTIVE = {"button": _BUTTON, "static_select": _SELECT, "overflow": _OVERFLOW}


def _section(value: object, pointer: str) -> Iterator[Problem]:
    yield from _SECTION(value, pointer)
    if isinstance(value, dict) and not value.keys() & {"text", "fields"}:
        yield Problem(pointer=pointer, message="missing required field: text")


_BLOCK_ID: Mapping[str, Check] = {"block_id": _ID}
_SECTION = _object(
    _KIND,
    {
        **_BLOCK_ID,
        "text": _text(3000),
        "fields": _items(_text(2000), at_most=10),
        "accessory": _by_type({**_INTERACTIVE, "image": _IMAGE}),
        "expand": _boolean,
    },
)
_CONTEXT_ELEMENT = _by_type({"image": _IMAGE, "mrkdwn": _text(3000), "plain_text": _text(3000)})
_BLOCKS: Mapping[str, Check] = {
    "header": _object({**_KIND, "text": _text(150, _PLAIN)}, _BLOCK_ID),
    "section": _section,
    "context": _object({**_KIND, "elements": _items(_CONTEXT_ELEMENT, at_most=10)}, _BLOCK_ID),
    "actions": _object({**_KIND, "elements": _items(_by_type(_INTERACTIVE), at_most=25)}, _BLOCK_ID),
    "divider": _object(_KIND, _BLOCK_ID),
    "image": _object(
        {**_KIND, "image_url": _string(3000), "alt_text": _string(2000)},
        {**_BLOCK_ID, "title": _text(2000, _PLAIN)},
    ),
    "markdown": _object({**_KIND, "text": _string(MARKDOWN_PER_MESSAGE)}, _BLOCK_ID),
}
_block = _by_type(_BLOCKS)
