"""Charts are checked as Slack's page says; files come by the three steps of an external upload."""

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import Slack
from bot.sandbox.slack.blocks import problems


def series(name: str = "now", *values: Any) -> dict[str, Any]:
    labels = ("Mon", "Tue")
    return {
        "name": name,
        "data": [{"label": one, "value": value} for one, value in zip(labels, values, strict=True)],
    }


def chart(**changes: Any) -> dict[str, Any]:
    block: dict[str, Any] = {
        "type": "data_visualization",
        "title": "Visitors",
        "chart": {
            "type": "line",
            "series": [
                {"name": "now", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 0.5}]}
            ],
            "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Visitors"},
        },
    }
    block["chart"] |= changes
    return block


PIE = {"type": "pie", "segments": [{"label": "a", "value": 1}, {"label": "b", "value": 2.5}]}
TAKEN = [chart(), chart(type="bar"), chart(type="area"), {**chart(), "chart": PIE}]


@pytest.mark.parametrize("block", TAKEN, ids=lambda block: block["chart"]["type"])
def test_a_chart_is_taken(block: dict[str, Any]) -> None:
    assert problems([block]) == []


LABELS = [f"{n}" for n in range(21)]
REFUSED = {
    "a title that is too long": {**chart(), "title": "x" * 51},
    "a form that there is not": chart(type="radar"),
    "too many series": chart(series=[series(f"n{n}", 1, 2) for n in range(7)]),
    "no series": chart(series=[]),
    "two series of one name": chart(series=[series("a", 1, 2), series("a", 1, 2)]),
    "a name that is too long": chart(series=[series("x" * 21, 1, 2)]),
    "a value that is no number": chart(series=[series("a", 1, None)]),
    "a value that is true": chart(series=[series("a", 1, True)]),
    "a place without a value": chart(series=[{"name": "a", "data": [{"label": "Mon", "value": 1}]}]),
    "a value without a place": chart(axis_config={"categories": ["Mon"]}),
    "a place twice": chart(axis_config={"categories": ["Mon", "Mon"]}),
    "too many places": chart(
        series=[{"name": "a", "data": [{"label": one, "value": 1} for one in LABELS]}],
        axis_config={"categories": LABELS},
    ),
    "an unknown key": chart(colour="red"),
    "a slice of nothing": {**chart(), "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}},
    "too many slices": {
        **chart(),
        "chart": {"type": "pie", "segments": [{"label": f"{n}", "value": 1} for n in range(7)]},
    },
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_chart_is_refused(what: str) -> None:
    assert problems([REFUSED[what]])


def test_a_message_has_two_charts_at_most() -> None:
    assert problems([chart()] * 2) == []
    assert "no more than 2" in str(problems([chart()] * 3)[0])


def test_a_workspace_may_know_no_charts(slack: Slack, client: WebClient) -> None:
    slack.workspace.charts = False
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="sales", text="t", blocks=[chart()])
    assert caught.value.response["error"] == "invalid_blocks"
    assert "data_visualization" in caught.value.response["errors"][0]


# ---------------------------------------------------------------- files


def test_a_file_is_shared_in_a_thread(slack: Slack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel="sales", text="low")
    client.files_upload_v2(
        channel=parent["channel"], thread_ts=parent["ts"], content=b"\x89PNG", filename="a.png", title="A"
    )
    _, shared = slack.messages("sales")
    assert (shared.thread_ts, [one.data for one in shared.files]) == (parent["ts"], [b"\x89PNG"])
    with urlopen(f"{slack.url}/files/{shared.files[0].id}") as answer:
        assert answer.read() == b"\x89PNG"


def announced(client: WebClient, length: int = 4) -> Any:
    return client.files_getUploadURLExternal(filename="a.png", length=length).data


def send(address: str, data: bytes) -> int:
    try:
        with urlopen(Request(address, data=data)) as answer:
            status: int = answer.status
            return status
    except OSError as error:
        return int(getattr(error, "code", 0))


def test_bytes_must_be_those_that_were_announced(slack: Slack, client: WebClient) -> None:
    file = announced(client)
    assert send(file["upload_url"], b"longer") == 404
    assert send(f"{slack.url}/upload/v1/F99999999", b"four") == 404
    assert send(file["upload_url"], b"four") == 200


def test_a_file_whose_bytes_never_came_cannot_be_shared(client: WebClient) -> None:
    file = announced(client)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": file["file_id"]}], channel_id="C00000001")


def test_a_channel_is_named_by_its_id(client: WebClient) -> None:
    file = announced(client)
    send(file["upload_url"], b"four")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.files_completeUploadExternal(files=[{"id": file["file_id"]}], channel_id="sales")


@pytest.mark.parametrize("files", ["", "[]", "{}", "[1]", "no json", json.dumps([{"id": "F1"}])])
def test_files_that_are_none_are_refused(client: WebClient, files: str) -> None:
    with pytest.raises(SlackApiError):
        client.api_call("files.completeUploadExternal", params={"files": files})


@pytest.mark.parametrize("length", ["0", "-1", "many", ""])
def test_a_length_that_is_none_is_refused(client: WebClient, length: str) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.api_call("files.getUploadURLExternal", params={"filename": "a.png", "length": length})


# ---------------------------------------------------------------- what people do in a workspace


def test_a_message_can_be_deleted_and_is_changed_no_more(slack: Slack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="sales", text="open")
    slack.workspace.delete("sales", posted["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel=posted["channel"], ts=posted["ts"], text="resolved")


def test_a_channel_keeps_its_id_when_it_is_renamed(slack: Slack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="sales", text="open")
    slack.workspace.rename("sales", "shop")
    assert client.conversations_info(channel=posted["channel"])["channel"]["name"] == "shop"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.chat_postMessage(channel="#sales", text="again")
