"""Faults on demand, the pace of a channel, and incoming webhooks."""

import http.client
from contextlib import suppress
from datetime import timedelta
from time import monotonic

import pytest
import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack import Slack
from bot.sandbox.slack.faults import NAMED, Fault, ratelimited
from bot.sandbox.slack.pace import Pace


def post(client: WebClient, channel: str = "sales") -> None:
    """Say something."""
    client.chat_postMessage(channel=channel, text="hello")


def test_slack_asks_to_slow_down(slack: Slack, client: WebClient) -> None:
    slack.faults.add(ratelimited(timedelta(seconds=7)), calls="chat.*")
    with pytest.raises(SlackApiError) as caught:
        post(client)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert caught.value.response["error"] == "ratelimited"
    post(client)
    assert len(slack.messages()) == 1


def test_any_error_code_comes_on_demand_for_one_channel_and_so_many_calls(
    slack: Slack, client: WebClient
) -> None:
    slack.faults.add(Fault(error="restricted_action"), calls="chat.postMessage", channel="sales", times=2)
    client.auth_test()
    post(client, "owner")
    for _ in range(2):
        with pytest.raises(SlackApiError, match="restricted_action"):
            post(client)
    post(client)
    assert len(slack.messages("sales")) == 1


@pytest.mark.parametrize(("name", "status"), [("server_error", 503), ("bad_gateway", 502)])
def test_server_errors(slack: Slack, client: WebClient, name: str, status: int) -> None:
    slack.faults.add(NAMED[name])
    with pytest.raises(SlackApiError) as caught:
        post(client)
    assert caught.value.response.status_code == status
    assert slack.messages() == []
    assert slack.calls.latest()[0].fault == NAMED[name]


@pytest.mark.parametrize(("name", "kept"), [("cut_before", 0), ("cut_after", 1)])
def test_the_connection_breaks_before_or_after_the_message_is_kept(
    slack: Slack, client: WebClient, name: str, kept: int
) -> None:
    slack.faults.add(NAMED[name])
    with pytest.raises(http.client.RemoteDisconnected):
        post(client)
    assert len(slack.messages()) == kept


def test_a_slow_answer_is_late_but_good(slack: Slack, client: WebClient) -> None:
    slack.faults.add(Fault(delay=timedelta(milliseconds=150)))
    started = monotonic()
    post(client)
    assert monotonic() - started >= 0.15


def test_stopping_does_not_wait_for_a_slow_answer() -> None:
    started = monotonic()
    with Slack() as slack:
        slack.faults.add(Fault(delay=timedelta(seconds=30)))
        with pytest.raises(TimeoutError):
            post(
                WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[], timeout=1), "general"
            )
    assert monotonic() - started < 10


def test_trouble_can_be_ordered_by_other_programs(slack: Slack, client: WebClient) -> None:
    with urllib3.PoolManager(retries=False) as http:
        door = f"{slack.url}/_sandbox/faults"
        order = {"fault": "ratelimited", "calls": "chat.*", "times": 2, "retry_after": 3}
        assert http.request("POST", door, json=order).status == 201
        assert http.request("POST", door, json={"error": "is_archived"}).status == 201
        with pytest.raises(SlackApiError) as caught:
            post(client)
        assert caught.value.response.headers["Retry-After"] == "3"
        with pytest.raises(SlackApiError, match="is_archived"):
            client.auth_test()
        assert http.request("DELETE", door).status == 200
        post(client)
        for nonsense in ({"fault": "earthquake"}, ["a"], {"error": "a", "times": "many"}):
            assert http.request("POST", door, json=nonsense).status == 400
        messages = http.request("GET", f"{slack.url}/_sandbox/messages?channel=sales").json()
        calls = http.request("GET", f"{slack.url}/_sandbox/calls?method=chat.postMessage").json()
    assert [message["text"] for message in messages] == ["hello"]
    assert [call["status"] for call in calls] == [429, 200]


def test_a_channel_takes_one_message_a_second_after_a_burst() -> None:
    with Slack(["sales", "owner"], pace=Pace(burst=2)) as slack:
        client = WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])
        post(client)
        post(client)
        with pytest.raises(SlackApiError) as caught:
            post(client)
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        post(client, "owner")
        assert len(slack.messages()) == 3


def test_the_allowance_of_a_channel_grows_again() -> None:
    with Slack(["sales"], pace=Pace(every=timedelta(milliseconds=50), burst=1)) as slack:
        client = WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])
        post(client)
        with pytest.raises(SlackApiError, match="ratelimited"):
            post(client)
        deadline = monotonic() + 2
        while len(slack.messages()) < 2 and monotonic() < deadline:
            with suppress(SlackApiError):
                post(client)
        assert len(slack.messages()) == 2


# ---------------------------------------------------------------- incoming webhooks


def test_a_webhook_takes_a_message_and_says_ok(slack: Slack) -> None:
    answer = WebhookClient(slack.webhook_url("sales")).send(text="hi", blocks=[{"type": "divider"}])
    assert (answer.status_code, answer.body) == (200, "ok")
    (message,) = slack.messages("sales")
    assert (message.text, message.by_webhook) == ("hi", True)


def test_a_webhook_keeps_what_a_message_carries_for_machines(slack: Slack) -> None:
    hook, metadata = (
        WebhookClient(slack.webhook_url("sales")),
        {"event_type": "n", "event_payload": {"id": "1"}},
    )
    assert hook.send_dict({"text": "hi", "metadata": metadata}).body == "ok"
    assert hook.send_dict({"text": "hi", "metadata": {"event_type": 1}}).body == "invalid_metadata_format"
    assert [message.metadata for message in slack.messages("sales")] == [metadata]


def test_what_a_webhook_said_can_not_be_edited(slack: Slack, client: WebClient) -> None:
    WebhookClient(slack.webhook_url("sales")).send(text="hi")
    (message,) = slack.messages()
    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=message.channel, ts=message.ts, text="no")


def test_a_webhook_refuses_in_plain_words(slack: Slack) -> None:
    hook = WebhookClient(slack.webhook_url("sales"))
    unknown = WebhookClient(f"{slack.url}/services/T0/B0/nothing")
    assert (unknown.send(text="a").status_code, unknown.send(text="a").body) == (404, "no_service")
    assert hook.send(text="").body == "no_text"
    assert hook.send(text="a", blocks=[{"type": "sparkle"}]).body == "invalid_blocks"
    slack.add_channel("sales", archived=True)
    answer = hook.send(text="a")
    assert (answer.status_code, answer.body) == (410, "channel_is_archived")
    slack.remove_webhook("sales")
    assert hook.send(text="a").status_code == 404
    with pytest.raises(KeyError):
        slack.webhook_url("nowhere")


def test_a_webhook_reads_forms_and_refuses_rubbish(slack: Slack) -> None:
    with urllib3.PoolManager(retries=False) as http:
        url = slack.webhook_url("sales")
        assert (
            http.request("POST", url, fields={"payload": '{"text": "hi"}'}, encode_multipart=False).data
            == b"ok"
        )
        for rubbish in (b"{", b"[1]", b"[" * 60_000):
            answer = http.request("POST", url, body=rubbish)
            assert (answer.status, answer.data) == (400, b"invalid_payload")
    assert len(slack.messages()) == 1


def test_webhooks_keep_the_pace_and_have_faults() -> None:
    with Slack(["sales"], pace=Pace(burst=1)) as slack:
        hook = WebhookClient(slack.webhook_url("sales"))
        assert hook.send(text="a").status_code == 200
        limited = hook.send(text="b")
        assert limited.status_code == 429
        assert limited.headers["Retry-After"] == "1"
        slack.faults.add(NAMED["bad_gateway"], calls="webhook", channel="C00000001")
        assert hook.send(text="c").status_code == 502


def test_rubbish_bodies_are_refused_in_the_words_of_slack(slack: Slack) -> None:
    with urllib3.PoolManager(retries=False) as http:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.token}"}
        for body, code in (
            (b"{", "invalid_json"),
            (b"[]", "json_not_object"),
            (b"[" * 60_000, "invalid_json"),
        ):
            answer = http.request("POST", f"{slack.api_url}chat.postMessage", body=body, headers=headers)
            assert answer.json() == {"ok": False, "error": code}
