"""The Web API as slack_sdk speaks it: what works, and each way to be refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import Slack


def refusal(call: Callable[[], object]) -> dict[str, Any]:
    """Make a call that is refused and return the answer."""
    with pytest.raises(SlackApiError) as caught:
        call()
    answer = caught.value.response.data
    assert isinstance(answer, dict)
    return answer


def test_a_token_says_who_it_is(client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user"] == "pirsch-bot"
    assert (
        answer.headers["X-OAuth-Scopes"]
        == "channels:history,channels:join,channels:read,chat:write,files:write"
    )


@pytest.mark.parametrize("name", ["sales", "#sales", "C00000001"])
def test_a_message_arrives_by_channel_name_or_id(slack: Slack, client: WebClient, name: str) -> None:
    answer = client.chat_postMessage(channel=name, text="Two orders", unfurl_links=False)
    (message,) = slack.messages("sales")
    assert answer["channel"] == "C00000001"
    assert answer["ts"] == message.ts
    assert isinstance(answer["ts"], str)
    assert message.text == "Two orders"
    assert slack.messages("owner") == []


def test_two_messages_never_share_a_ts(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="sales", text="again")["ts"] for _ in range(20)]
    assert stamps == sorted(set(stamps))


def test_a_message_is_edited_in_place_and_text_alone_removes_its_blocks(
    slack: Slack, client: WebClient
) -> None:
    posted = client.chat_postMessage(channel="sales", text="open", blocks=[{"type": "divider"}])
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="resolved")
    (message,) = slack.messages("sales")
    assert (message.text, list(message.blocks), message.edits) == ("resolved", [], 1)
    assert message.edited_at is not None


def test_replies_stand_in_their_thread_and_in_the_channel_only_when_broadcast(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="sales", text="open")
    for text, broadcast in (("quiet", False), ("loud", True)):
        client.chat_postMessage(channel="sales", text=text, thread_ts=parent["ts"], reply_broadcast=broadcast)
    history = client.conversations_history(channel=parent["channel"])["messages"]
    replies = client.conversations_replies(channel=parent["channel"], ts=parent["ts"])["messages"]
    assert [message["text"] for message in history] == ["loud", "open"]
    assert [message["text"] for message in replies] == ["open", "quiet", "loud"]


def test_history_comes_in_pages_newest_first_and_shows_metadata_on_request(client: WebClient) -> None:
    metadata = {"event_type": "notice", "event_payload": {"key": "shop/1"}}
    for number in range(3):
        posted = client.chat_postMessage(channel="sales", text=str(number), metadata=metadata)
    channel = posted["channel"]
    first = client.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    assert [message["text"] for message in first["messages"]] == ["2", "1"]
    assert first["messages"][0]["metadata"] == metadata
    assert first["has_more"]
    second = client.conversations_history(
        channel=channel, limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [message["text"] for message in second["messages"]] == ["0"]
    assert "metadata" not in second["messages"][0]
    assert not second["has_more"]


def test_history_between_two_instants(client: WebClient) -> None:
    posted = [client.chat_postMessage(channel="sales", text=str(number)) for number in range(3)]
    channel, middle = posted[0]["channel"], posted[1]["ts"]
    later = client.conversations_history(channel=channel, oldest=middle)["messages"]
    from_middle = client.conversations_history(channel=channel, oldest=middle, inclusive=True)["messages"]
    earlier = client.conversations_history(channel=channel, latest=middle)["messages"]
    assert [[m["text"] for m in found] for found in (later, from_middle, earlier)] == [
        ["2"],
        ["2", "1"],
        ["0"],
    ]


def test_channels_are_listed_by_pages_and_kind(slack: Slack, client: WebClient) -> None:
    slack.add_channel("attic", archived=True)
    slack.add_channel("board", private=True)
    slack.add_channel("elsewhere", member=False)
    first = client.conversations_list(limit=2)
    rest = client.conversations_list(limit=5, cursor=first["response_metadata"]["next_cursor"])
    assert [c["name"] for c in first["channels"]] == ["sales", "owner"]
    assert [c["name"] for c in rest["channels"]] == ["attic", "elsewhere"]
    assert [c["name"] for c in client.conversations_list(types="private_channel")["channels"]] == ["board"]
    live = client.conversations_list(exclude_archived=True)["channels"]
    assert "attic" not in [channel["name"] for channel in live]
    assert [c["name"] for c in client.users_conversations()["channels"]] == ["sales", "owner", "attic"]
    ours = client.users_conversations(types="public_channel,private_channel", limit=3)["channels"]
    assert [c["name"] for c in ours] == ["sales", "owner", "attic"]
    assert "is_member" not in ours[0]


def test_the_bot_joins_a_channel_and_then_may_speak(slack: Slack, client: WebClient) -> None:
    channel = slack.add_channel("web", member=False)
    assert refusal(lambda: client.chat_postMessage(channel="web", text="hi"))["error"] == "not_in_channel"
    assert refusal(lambda: client.conversations_history(channel=channel.id))["error"] == "not_in_channel"
    assert client.conversations_join(channel=channel.id)["channel"]["is_member"]
    assert client.conversations_join(channel=channel.id)["warning"] == "already_in_channel"
    assert client.conversations_info(channel=channel.id)["channel"]["is_member"]
    client.chat_postMessage(channel="web", text="hi")


def test_archived_and_private_channels_are_closed(slack: Slack, client: WebClient) -> None:
    slack.add_channel("attic", archived=True)
    board = slack.add_channel("board", private=True, member=False)
    assert refusal(lambda: client.chat_postMessage(channel="attic", text="hi"))["error"] == "is_archived"
    attic = slack.add_channel("attic", archived=True)
    assert refusal(lambda: client.conversations_join(channel=attic.id))["error"] == "is_archived"
    answer = refusal(lambda: client.conversations_join(channel=board.id))
    assert answer["error"] == "method_not_supported_for_channel_type"


def test_only_posting_knows_channels_by_name(client: WebClient) -> None:
    assert refusal(lambda: client.conversations_info(channel="sales"))["error"] == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel="C404", text="a"))["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param({"channel": "sales", "text": ""}, "no_text", id="nothing to say"),
        pytest.param({"text": "hi"}, "invalid_arguments", id="no channel"),
        pytest.param({"channel": "sales", "blocks": "[{"}, "invalid_blocks_format", id="blocks are no JSON"),
        pytest.param(
            {"channel": "sales", "blocks": {"a": 1}}, "invalid_blocks_format", id="blocks are no list"
        ),
        pytest.param({"channel": "sales", "attachments": [1]}, "invalid_attachments", id="no attachments"),
        pytest.param(
            {"channel": "sales", "attachments": [{"text": "a"}] * 101}, "too_many_attachments", id="101"
        ),
        pytest.param({"channel": "sales", "text": "a", "thread_ts": "1"}, "invalid_thread_ts", id="no ts"),
        pytest.param(
            {"channel": "sales", "text": "a", "thread_ts": 1700000000.1},
            "invalid_thread_ts",
            id="ts is a number",
        ),
        pytest.param(
            {"channel": "sales", "text": "a", "thread_ts": "1700000000.000001"},
            "thread_not_found",
            id="no parent",
        ),
        pytest.param(
            {"channel": "sales", "text": "a", "metadata": {"event_type": 1}},
            "invalid_metadata_format",
            id="type",
        ),
        pytest.param(
            {"channel": "sales", "text": "a", "metadata": {"event_type": "a", "event_payload": []}},
            "invalid_metadata_schema",
            id="payload",
        ),
    ],
)
def test_a_message_that_slack_would_refuse_is_refused(
    slack: Slack, client: WebClient, arguments: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: client.api_call("chat.postMessage", json=arguments))["error"] == code
    assert slack.messages() == []


def test_long_text_is_cut_when_posted_and_refused_when_updated(slack: Slack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="sales", text="x" * 40_001)
    assert len(slack.messages("sales")[0].text) == 40_000
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**where, text="ä" * 2000)
    assert refusal(lambda: client.chat_update(**where, text="ä" * 2001))["error"] == "msg_too_long"


def test_a_message_that_is_not_there_can_not_be_updated(client: WebClient) -> None:
    answer = refusal(lambda: client.chat_update(channel="C00000001", ts="1700000000.000001", text="a"))
    assert answer["error"] == "message_not_found"


def test_who_has_no_good_token_is_refused(slack: Slack, client: WebClient) -> None:
    nobody = WebClient(base_url=slack.api_url, retry_handlers=[])
    stranger = WebClient(token="xoxb-wrong", base_url=slack.api_url, retry_handlers=[])
    assert refusal(lambda: nobody.auth_test())["error"] == "not_authed"
    assert refusal(lambda: stranger.auth_test())["error"] == "invalid_auth"
    slack.revoke(slack.token)
    assert refusal(lambda: client.auth_test())["error"] == "invalid_auth"


def test_a_missing_scope_is_named(slack: Slack) -> None:
    slack.add_token("xoxb-reader", ["channels:read"])
    reader = WebClient(token="xoxb-reader", base_url=slack.api_url, retry_handlers=[])
    answer = refusal(lambda: reader.chat_postMessage(channel="sales", text="a"))
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("chat:write", "channels:read")


def test_a_method_that_does_not_exist(client: WebClient) -> None:
    assert refusal(lambda: client.api_call("chat.shout"))["error"] == "unknown_method"
    assert client.api_test()["ok"]


def test_blocks_are_validated_without_being_posted(slack: Slack, client: WebClient) -> None:
    good = [{"type": "divider"}]
    bad = [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]
    assert client.api_call("blocks.validate", json={"blocks": good})["ok"]
    assert client.api_call("blocks.validate", json={"message": {"text": "a", "blocks": good}})["ok"]
    answer = refusal(lambda: client.api_call("blocks.validate", json={"blocks": bad}))
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][1]["pointer"] == "/0/text/type"
    of_message = refusal(lambda: client.api_call("blocks.validate", json={"message": {"blocks": bad}}))
    assert of_message["errors"][1]["pointer"] == "/blocks/0/text/type"
    assert refusal(lambda: client.api_call("blocks.validate"))["error"] == "invalid_arguments"
    assert slack.messages() == []


def test_forms_carry_blocks_as_json_text(slack: Slack, client: WebClient) -> None:
    client.api_call("chat.postMessage", params={"channel": "sales", "blocks": '[{"type": "divider"}]'})
    assert slack.messages("sales")[0].blocks == [{"type": "divider"}]


def test_waiting_for_messages_ends_when_they_came_or_with_an_error(slack: Slack, client: WebClient) -> None:
    client.chat_postMessage(channel="sales", text="a")
    assert [m.text for m in slack.wait_for(1, channel="sales")] == ["a"]
    with pytest.raises(TimeoutError, match="1 of 2 messages"):
        slack.wait_for(2, timedelta(milliseconds=20))


def test_calls_are_counted_and_hold_no_token(slack: Slack, client: WebClient) -> None:
    client.chat_postMessage(channel="sales", text="a")
    assert slack.calls.count("chat.postMessage") == 1
    (call,) = slack.calls.latest("chat.postMessage")
    assert (call.status, call.error) == (200, None)
    assert slack.token not in str(call.arguments)
