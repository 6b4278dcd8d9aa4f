"""Block Kit: each limit at its border, and what Slack says beyond it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import Slack, blocks

Block = dict[str, Any]


def mrkdwn(length: int) -> Block:
    """Text of that many characters."""
    return {"type": "mrkdwn", "text": "x" * length}


def plain(length: int) -> Block:
    """Plain text of that many characters."""
    return {"type": "plain_text", "text": "x" * length}


def button(length: int = 4, **more: object) -> Block:
    """A button with a label of that many characters."""
    return {"type": "button", "text": plain(length), **more}


def actions(*elements: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def image(alt: int = 3, url: int = 20) -> Block:
    """An image with texts of these lengths."""
    return {"type": "image", "image_url": "https://x.example/".ljust(url, "x"), "alt_text": "x" * alt}


def option(value: int = 3) -> Block:
    """One choice of a menu."""
    return {"text": plain(5), "value": "x" * value}


BORDERS = [
    pytest.param({"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}, id="header"),
    pytest.param(
        {"type": "header", "text": plain(1)}, {"type": "header", "text": mrkdwn(1)}, id="header plain"
    ),
    pytest.param({"type": "header", "text": plain(1)}, {"type": "header", "text": plain(0)}, id="empty text"),
    pytest.param(
        {"type": "section", "text": mrkdwn(3000)}, {"type": "section", "text": mrkdwn(3001)}, id="section"
    ),
    pytest.param(
        {"type": "section", "fields": [mrkdwn(1)] * 10},
        {"type": "section", "fields": [mrkdwn(1)] * 11},
        id="fields",
    ),
    pytest.param(
        {"type": "section", "fields": [mrkdwn(2000)]},
        {"type": "section", "fields": [mrkdwn(2001)]},
        id="field",
    ),
    pytest.param({"type": "section", "text": mrkdwn(1)}, {"type": "section"}, id="section says something"),
    pytest.param(
        {"type": "context", "elements": [mrkdwn(1)] * 10},
        {"type": "context", "elements": [mrkdwn(1)] * 11},
        id="context",
    ),
    pytest.param(
        {"type": "context", "elements": [mrkdwn(1)]}, {"type": "context", "elements": []}, id="no context"
    ),
    pytest.param(actions(*[button()] * 25), actions(*[button()] * 26), id="actions"),
    pytest.param(actions(button(75)), actions(button(76)), id="button label"),
    pytest.param(actions(button(value="x" * 2000)), actions(button(value="x" * 2001)), id="button value"),
    pytest.param(actions(button(url="x" * 3000)), actions(button(url="x" * 3001)), id="button url"),
    pytest.param(actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256)), id="action id"),
    pytest.param(actions(button(style="primary")), actions(button(style="purple")), id="button style"),
    pytest.param(
        actions({"type": "overflow", "options": [option()] * 5}),
        actions({"type": "overflow", "options": [option()] * 6}),
        id="overflow",
    ),
    pytest.param(
        actions({"type": "static_select", "options": [option()] * 100}),
        actions({"type": "static_select", "options": [option()] * 101}),
        id="select",
    ),
    pytest.param(
        actions({"type": "overflow", "options": [option(150)]}),
        actions({"type": "overflow", "options": [option(151)]}),
        id="option value",
    ),
    pytest.param(image(alt=2000), image(alt=2001), id="alt text"),
    pytest.param(image(url=3000), image(url=3001), id="image url"),
    pytest.param(image(), {"type": "image", "image_url": "https://x.example/"}, id="alt text is needed"),
    pytest.param({**image(), "title": plain(2000)}, {**image(), "title": plain(2001)}, id="image title"),
    pytest.param(
        {"type": "divider", "block_id": "x" * 255}, {"type": "divider", "block_id": "x" * 256}, id="block id"
    ),
    pytest.param(
        {"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "x" * 12_001}, id="markdown"
    ),
    pytest.param({"type": "divider"}, {"type": "divider", "colour": "red"}, id="unknown property"),
    pytest.param({"type": "divider"}, {"type": "sparkle"}, id="unknown block"),
    pytest.param({"type": "divider"}, {}, id="no type"),
    pytest.param({"type": "divider"}, "divider", id="no object"),
    pytest.param(
        {"type": "section", "text": mrkdwn(1), "accessory": image()},
        {"type": "section", "text": mrkdwn(1), "accessory": {"type": "divider"}},
        id="accessory",
    ),
    pytest.param(
        {"type": "section", "text": {**mrkdwn(1), "verbatim": True}},
        {"type": "section", "text": {**mrkdwn(1), "verbatim": "yes"}},
        id="verbatim",
    ),
    pytest.param(
        {"type": "section", "text": mrkdwn(1)}, {"type": "section", "text": "words"}, id="text is an object"
    ),
    pytest.param(
        {"type": "section", "text": mrkdwn(1)},
        {"type": "section", "text": {"type": "mrkdwn", "text": 7}},
        id="text is text",
    ),
    pytest.param(
        {"type": "section", "fields": [mrkdwn(1)]}, {"type": "section", "fields": mrkdwn(1)}, id="a list"
    ),
]


@pytest.mark.parametrize(("taken", "refused"), BORDERS)
def test_each_limit_holds_at_its_border(taken: Block, refused: Block) -> None:
    assert blocks.problems([taken]) == []
    assert blocks.problems([refused]) != []


def test_a_message_has_at_most_fifty_blocks() -> None:
    assert blocks.problems([{"type": "divider"}] * 50) == []
    (problem,) = blocks.problems([{"type": "divider"}] * 51)
    assert str(problem) == "no more than 50 items allowed [json-pointer:/blocks]"


def test_block_ids_are_unique_and_markdown_is_counted_together() -> None:
    assert blocks.problems([{"type": "divider", "block_id": "a"}] * 2) != []
    assert blocks.problems([{"type": "markdown", "text": "x" * 6001}] * 2) != []


def test_the_refusal_says_where_and_why_in_the_words_of_slack(slack: Slack, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="sales", text="a", blocks=[{"type": "section", "text": mrkdwn(3001)}])
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert slack.messages() == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_blocks_that_are_too_long_together_are_refused(client: WebClient, wrapped: bool) -> None:
    def post(length: int) -> None:
        shown = [{"type": "section", "text": mrkdwn(2640)}] * 4 + [
            {"type": "section", "text": mrkdwn(length)}
        ]
        words: Block = {"attachments": [{"color": "#d00", "blocks": shown}]} if wrapped else {"blocks": shown}
        client.chat_postMessage(channel="sales", text="a", **words)

    post(2640)
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        post(2641)


def test_blocks_within_attachments_are_checked_too(client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks") as caught:
        client.chat_postMessage(channel="sales", text="a", attachments=[{"blocks": [{"type": "sparkle"}]}])
    assert caught.value.response["errors"] == [
        "unsupported type: sparkle [json-pointer:/attachments/0/blocks/0/type]"
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "fields", "elements", "block_id", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    st.lists(
        JSON
        | st.fixed_dictionaries({"type": st.sampled_from(["section", "actions", "context"]), "text": JSON})
    )
)
def test_any_json_is_judged_without_an_error(shown: list[object]) -> None:
    assert isinstance(blocks.problems(shown), list)
    assert blocks.characters(shown) >= 0
