"""Slack: refusals and their remedies, layouts that are taken back, mentions, and odd answers."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug import Request, Response

from bot.deliver.channel import Closed, Message, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.slack import Slack, SlackHook
from bot.deliver.slack.refusals import HOOK_REMEDIES, REMEDIES, judge, judge_hook, pause
from bot.sandbox.serving import Serving
from bot.sandbox.slack import Slack as Workspace
from bot.sandbox.slack.faults import Fault
from bot.specimens.ordinary import PLAIN
from tests.deliver.far_sides import RENDERER

ORDER = Message(id="17", notice=PLAIN["event"])
URGENT = Message(id="18", notice=PLAIN["frequency"])
CALM = Message(id="19", notice=PLAIN["frequency-over"])


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace(["sales"]) as running:
        yield running


def channel(slack: Workspace, **kwargs: Any) -> Slack:
    given = {"to": "#sales", "token": slack.token, **kwargs}
    return Slack("sales", renderer=RENDERER, base_url=slack.api_url, **given)


@pytest.mark.parametrize("code", sorted(REMEDIES))
def test_every_lasting_refusal_closes_the_channel_with_its_remedy(slack: Workspace, code: str) -> None:
    slack.faults.add(Fault(error=code), calls="chat.postMessage")
    with pytest.raises(Closed, match=code) as caught:
        channel(slack).send(ORDER)
    assert caught.value.remedy.endswith(".")
    assert not set("{}") & set(caught.value.remedy)


def test_the_remedy_names_the_bot_as_this_workspace_does(slack: Workspace) -> None:
    slack.workspace.add("private", member=False)
    with pytest.raises(Closed) as caught:
        channel(slack, to="#private").send(ORDER)
    assert caught.value.remedy.startswith("In Slack, type /invite @")
    assert caught.value.remedy.endswith(" in #private.")


def test_a_remedy_needs_no_second_answer(slack: Workspace) -> None:
    slack.faults.add(Fault(error="not_in_channel"), calls="chat.postMessage")
    slack.faults.add(Fault(cut="before"), calls="auth.test")
    with pytest.raises(Closed) as caught:
        channel(slack).send(ORDER)
    assert caught.value.remedy == "In Slack, type /invite @pirsch-bot in #sales."


def test_the_message_is_as_slack_likes_it(slack: Workspace) -> None:
    receipt = channel(slack).send(ORDER)
    (message,) = slack.messages("sales")
    assert receipt == Receipt(ref=message.ts, place="C00000001")
    assert message.text == "249.00 · Big order on shop."
    assert message.metadata == {"event_type": "pirsch_bot_notice", "event_payload": {"id": "17"}}
    (call,) = slack.calls.latest("chat.postMessage")
    asked = {name: call.arguments[name] for name in ("unfurl_links", "unfurl_media", "link_names", "parse")}
    assert {name: str(value).lower() for name, value in asked.items()} == {
        "unfurl_links": "false",
        "unfurl_media": "false",
        "link_names": "false",
        "parse": "none",
    }


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
def test_a_refused_layout_is_simplified(slack: Workspace, code: str) -> None:
    slack.faults.add(Fault(error=code), calls="chat.postMessage")
    receipt = channel(slack).send(ORDER)
    assert receipt.repaired == f"Slack refuses the layout: {code}"
    (message,) = slack.messages("sales")
    assert [block["type"] for block in message.blocks] == ["header", "section"]


def test_the_last_resort_is_text_that_says_everything(slack: Workspace) -> None:
    slack.faults.add(Fault(error="invalid_blocks"), calls="chat.postMessage", times=2)
    channel(slack, mention="<!here>").send(URGENT)
    (message,) = slack.messages("sales")
    assert list(message.blocks) == []
    assert message.text.startswith("<!here> Urgent: 26 × Broken links on shop")
    assert "/old-catalogue" in message.text


def test_a_layout_that_is_never_taken_is_given_up(slack: Workspace) -> None:
    slack.faults.add(Fault(error="invalid_blocks"), calls="chat.postMessage", times=3)
    with pytest.raises(Permanent, match="invalid_blocks"):
        channel(slack).send(ORDER)


def test_only_what_is_urgent_mentions_people(slack: Workspace) -> None:
    speaker = channel(slack, mention="<!here>")
    for message in (ORDER, URGENT, CALM):
        speaker.send(message)
    shown = ["<!here>" in json.dumps([one.text, list(one.blocks)]) for one in slack.messages("sales")]
    assert shown == [False, True, False]


@pytest.mark.parametrize(
    ("code", "ambiguous"), [("internal_error", True), ("fatal_error", True), ("service_unavailable", False)]
)
def test_what_may_have_been_done_is_marked(slack: Workspace, code: str, ambiguous: bool) -> None:
    slack.faults.add(Fault(error=code), calls="chat.postMessage")
    with pytest.raises(Temporary, match=code) as caught:
        channel(slack).send(ORDER)
    assert caught.value.ambiguous is ambiguous


Answer = Callable[[Request], Response]


def scripted(answer: Answer) -> Callable[..., Iterable[bytes]]:
    @Request.application
    def application(request: Request) -> Response:
        return answer(request)

    return application


ODD = [
    pytest.param(b"", 200, "application/json", id="empty"),
    pytest.param(b"[1]", 200, "application/json", id="a list"),
    pytest.param(b"null", 200, "application/json", id="null"),
    pytest.param(b"<html>Sign in to this network</html>", 200, "text/html", id="a page"),
    pytest.param(b"\xff\xfe", 200, "application/json", id="no text"),
    pytest.param(b"{}", 200, "application/json; charset=klingon", id="unknown charset"),
    pytest.param(b"Bad Gateway", 502, "text/html", id="502"),
    pytest.param(b'{"ok": false}', 200, "application/json", id="no error named"),
    pytest.param(b"{" * 100_000, 200, "application/json", id="deep"),
]


@pytest.mark.parametrize(("body", "status", "kind"), ODD)
def test_any_answer_is_an_answer(body: bytes, status: int, kind: str) -> None:
    token = "xoxb-very-secret"
    with Serving(scripted(lambda _: Response(body, status, content_type=kind))) as server:
        both = (
            Slack("a", to="#a", token=token, renderer=RENDERER, base_url=f"{server.url}/api/"),
            SlackHook("b", url=f"{server.url}/services/secret", renderer=RENDERER),
        )
        for one in both:
            with pytest.raises(Temporary) as caught:
                one.send(ORDER)
            assert "secret" not in f"{caught.value!r} {one!r}"


def test_the_webhook_sends_our_id_along() -> None:
    heard: list[Any] = []

    def answer(request: Request) -> Response:
        heard.append(request.get_json())
        return Response("ok")

    with Serving(scripted(answer)) as server:
        receipt = SlackHook("b", url=f"{server.url}/x", renderer=RENDERER, mention="<!here>").send(URGENT)
    assert receipt == Receipt(ref="18")
    assert heard[0]["metadata"]["event_payload"] == {"id": "18"}
    assert heard[0]["text"].startswith("<!here> Urgent")
    assert not heard[0]["unfurl_links"]


@pytest.mark.parametrize("token", ["", "xoxb-a b", "xoxb-a\n", "xoxb-ä"])
def test_a_token_that_cannot_be_one_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ValueError, match="one word of printable ASCII") as caught:
        Slack("sales", to="#sales", token=token, renderer=RENDERER)
    assert "xoxb-a" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "hooks.slack.com/services/T/B/secret", "https://a/secret\n", "file:///secret"]
)
def test_an_address_that_cannot_be_one_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValueError, match="https://") as caught:
        SlackHook("sales", url=url, renderer=RENDERER)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", 0), ("30", 30), ("999999999999", 3600), ("", None), ("-1", None), ("soon", None), ("²", None)],
)
def test_the_pause_is_read_or_left(value: str, expected: int | None) -> None:
    wanted = None if expected is None else timedelta(seconds=expected)
    assert pause({"retry-after": value}) == wanted


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (judge(429, "ratelimited", {}), Temporary),
        (judge(200, "no_text", {}), Permanent),
        (judge(200, "a_code_of_next_year", {}), Temporary),
        (judge(503, "HTTP 503", {}), Temporary),
        *((judge_hook(status, "", {}), Closed) for status in HOOK_REMEDIES),
        (judge_hook(400, "no_text", {}), Permanent),
        (judge_hook(500, "rollup_error", {}), Temporary),
        (judge_hook(200, "not ok", {}), Temporary),
    ],
)
def test_refusals_are_named_for_what_can_be_done(refusal: Undelivered, kind: type[Undelivered]) -> None:
    assert isinstance(refusal, kind)
