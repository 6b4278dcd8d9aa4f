"""Charts in Slack: its own, left out where a workspace knows none, or pictures that are uploaded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.deliver.channel import Head, Message
from bot.deliver.slack import Charts, Slack, SlackHook
from bot.deliver.slack.climbing import WITHOUT_CHARTS
from bot.facts import Picture
from bot.sandbox.slack import Slack as Workspace
from bot.sandbox.slack.faults import Fault
from bot.specimens.ordinary import PLAIN
from tests.deliver.far_sides import RENDERER

LOW = Message(id="17", notice=PLAIN["measured"])
NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)


class Wall:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace(["sales"]) as running:
        yield running


def draw(picture: Picture, site: str | None) -> bytes:
    return f"\x89PNG {picture.title} of {site}".encode("latin-1")


def channel(slack: Workspace, charts: Charts | None = None, *, uploads: bool = False) -> Slack:
    return Slack(
        "sales",
        to="#sales",
        token=slack.token,
        renderer=RENDERER,
        base_url=slack.api_url,
        charts=charts,
        draw=draw if uploads else None,
    )


def kinds(slack: Workspace) -> list[list[str]]:
    return [[block["type"] for block in message.blocks] for message in slack.messages("sales")]


def test_a_chart_stands_above_the_small_print(slack: Workspace) -> None:
    assert channel(slack).send(LOW).repaired is None
    assert kinds(slack)[0][-2:] == ["data_visualization", "context"]


def test_a_workspace_that_knows_no_charts_gets_the_same_without_and_is_remembered(slack: Workspace) -> None:
    slack.workspace.charts = False
    clock = Wall()
    speaker = channel(slack, Charts(clock))
    assert [speaker.send(LOW).repaired for _ in range(2)] == [None, None]
    assert [("data_visualization" in found) for found in kinds(slack)] == [False, False]
    assert slack.calls.count("chat.postMessage") == 3
    slack.workspace.charts = True
    clock.at += WITHOUT_CHARTS - timedelta(microseconds=1)
    speaker.send(LOW)
    clock.at += timedelta(microseconds=1)
    speaker.send(LOW)
    assert [("data_visualization" in found) for found in kinds(slack)[2:]] == [False, True]


def test_what_one_channel_learnt_the_others_of_its_workspace_know(slack: Workspace) -> None:
    slack.workspace.charts = False
    shared = Charts()
    channel(slack, shared).send(LOW)
    SlackHook("hook", url=slack.webhook_url("sales"), renderer=RENDERER, charts=shared).send(LOW)
    assert slack.calls.count("webhook") == 1


def test_a_layout_that_is_refused_for_another_reason_says_nothing_about_charts(slack: Workspace) -> None:
    slack.faults.add(Fault(error="invalid_blocks"), calls="chat.postMessage", times=2)
    charts = Charts()
    receipt = channel(slack, charts).send(LOW)
    assert receipt.repaired == "Slack refuses the layout: invalid_blocks"
    assert charts.taken


def test_an_edit_has_its_chart_too(slack: Workspace) -> None:
    speaker = channel(slack)
    first = speaker.send(LOW)
    changed = Message(
        id="18",
        notice=PLAIN["measured-over"],
        head=Head(ref=first.ref, place="C00000001"),
    )
    assert speaker.send(changed).repaired is None


def test_a_picture_is_uploaded_into_the_thread(slack: Workspace) -> None:
    receipt = channel(slack, uploads=True).send(LOW)
    message, upload = slack.messages("sales")
    assert receipt.repaired is None
    assert "data_visualization" not in json.dumps(list(message.blocks), default=list)
    (file,) = upload.files
    (picture,) = LOW.notice.pictures
    assert (upload.thread_ts, file.data, file.title) == (
        message.ts,
        draw(picture, LOW.notice.site),
        picture.title,
    )
    assert file.alt == RENDERER.picture(picture, LOW.notice)


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "files.completeUploadExternal", "upload"])
def test_a_picture_that_is_lost_loses_no_message_and_is_told(slack: Workspace, call: str) -> None:
    slack.faults.add(Fault(status=500, body="no"), calls=call)
    receipt = channel(slack, uploads=True).send(LOW)
    assert (receipt.repaired or "").startswith("a picture could not be uploaded: ")
    assert receipt.ref == slack.messages("sales")[0].ts


def test_a_missing_scope_for_pictures_is_named(slack: Workspace) -> None:
    slack.add_token(slack.token, ["chat:write"])
    receipt = channel(slack, uploads=True).send(LOW)
    assert receipt.repaired == "a picture could not be uploaded: missing_scope files:write"
