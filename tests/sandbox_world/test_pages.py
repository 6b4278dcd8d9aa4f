"""The pages over HTTP: what they hold, whom they let in, and what they allow a browser to do."""

import smtplib
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import urllib3
from slack_sdk import WebClient

from bot.sandbox.pages.slack import days
from bot.sandbox.slack.workspace import Message
from bot.sandbox.world import World


@pytest.fixture
def http(world: World) -> Iterator[urllib3.PoolManager]:
    """A client that follows no redirect."""
    with urllib3.PoolManager(retries=False) as client:
        yield client


def text(http: urllib3.PoolManager, url: str) -> str:
    """Return a page."""
    answer = http.request("GET", url, redirect=False)
    assert answer.status == 200
    return answer.data.decode()


def say(world: World, **arguments: object) -> None:
    """Post a message."""
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    client.api_call("chat.postMessage", json={"channel": "sales", "text": "hello", **arguments})


def mail(world: World, html: str = "<p>hi</p>") -> None:
    """Send a mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bot@example.com", "owner@example.com", "<b>Hi</b>"
    message["Message-ID"] = "<1@example.com>"
    message.set_content("plain </pre><script>alert(1)</script>")
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP(world.mailbox.host, world.mailbox.port, timeout=3) as smtp:
        smtp.send_message(message)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/figures",
        "/shop/log",
        "/slack/sales",
        "/slack/sales/messages",
        "/slack/sales/channels",
        "/mail/",
    ],
)
def test_every_page_forbids_what_it_does_not_need(world: World, http: urllib3.PoolManager, path: str) -> None:
    answer = http.request("GET", world.url + path)
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_part_is_sent_again_only_when_it_changed(world: World, http: urllib3.PoolManager) -> None:
    url = f"{world.url}/slack/sales/messages"
    say(world)
    tag = http.request("GET", url).headers["ETag"]
    assert http.request("GET", url, headers={"If-None-Match": tag}).status == 304
    say(world)
    again = http.request("GET", url, headers={"If-None-Match": tag})
    assert again.status == 200
    assert again.headers["ETag"] != tag


def test_other_sites_press_no_buttons_and_read_nothing(world: World, http: urllib3.PoolManager) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert http.request("POST", f"{world.url}/shop/sign_up", headers=foreign).status == 403
    assert http.request("GET", world.url, headers={"Host": "evil.example"}).status == 403
    assert world.shop.figures.sent == world.shop.figures.waiting == 0


def test_buttons_work_without_a_script(world: World, http: urllib3.PoolManager) -> None:
    answer = http.request("POST", f"{world.url}/shop/purchase", fields={"amount": "1"}, redirect=False)
    assert answer.status == 302
    assert http.request("POST", f"{world.url}/shop/nothing").status == 404
    wait(world.shop.submit([]))
    world.shop.stop()
    assert [
        delivery.item.event.meta["amount"] for delivery in world.shop.deliveries() if delivery.item.event
    ] == ["1"]


@pytest.mark.parametrize(
    "path", ["/slack/nowhere", "/mail/1", "/mail/1/html/read", "/mail/1/as-html", "/mail/0", "/nothing"]
)
def test_what_is_not_there_is_not_found(world: World, http: urllib3.PoolManager, path: str) -> None:
    assert http.request("GET", world.url + path).status == 404


def test_unread_messages_are_counted_until_the_channel_is_looked_at(
    world: World, http: urllib3.PoolManager
) -> None:
    say(world, channel="website")
    say(world, channel="website")
    assert '<span class="count">2' in text(http, f"{world.url}/slack/sales/channels")
    text(http, f"{world.url}/slack/website/messages")
    assert '<span class="count">' not in text(http, f"{world.url}/slack/sales/channels")


def test_each_kind_of_block_is_shown(world: World, http: urllib3.PoolManager) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Press"}}
    say(
        world,
        attachments=[
            {"color": "danger", "title": "Old", "text": "*way*", "fields": [{"title": "A", "value": "1"}]}
        ],
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": "Head <b>"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*bold*"}, "accessory": button},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "field <!channel>"}]},
            {"type": "context", "elements": [{"type": "plain_text", "text": "context"}]},
            {"type": "divider"},
            {
                "type": "actions",
                "elements": [
                    {**button, "url": "javascript:alert(1)"},
                    {**button, "url": "https://x.example/"},
                ],
            },
            {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a <chart>"},
            {"type": "image", "image_url": f"{world.url}/static/icon.svg", "alt_text": "own"},
            {"type": "markdown", "text": "# mark <i>"},
        ],
    )
    page = text(http, f"{world.url}/slack/sales/messages")
    for shown in (
        "<h2>Head &lt;b&gt;</h2>",
        "<b>bold</b>",
        '<span class="mention loud">@channel</span>',
        "<hr>",
        'href="https://x.example/"',
        'role="img" aria-label="a &lt;chart&gt;"',
        f'<img src="{world.url}/static/icon.svg" alt="own">',
        "# mark &lt;i&gt;",
        'fill="#a30200"',
        "<b>way</b>",
    ):
        assert shown in page
    assert "javascript:" not in page
    assert "https://x.example/a.png" not in page


def test_a_mail_is_shown_in_a_frame_of_its_own_in_which_nothing_runs(
    world: World, http: urllib3.PoolManager
) -> None:
    mail(world)
    page = text(http, f"{world.url}/mail/1/html/read")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "&lt;1@example.com&gt;" in page
    policy = http.request("GET", f"{world.url}/mail/1/as-html").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    for view in ("plain", "source"):
        shown = text(http, f"{world.url}/mail/1/{view}/read")
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown


def message(minute: int, **more: object) -> Message:
    """A message of that minute."""
    at = datetime(2026, 11, 21, 23, tzinfo=UTC) + timedelta(minutes=minute)
    fields: dict[str, object] = {"ts": f"{minute}", "channel": "C1", "text": "a", "at": at, **more}
    return Message(**fields)  # type: ignore[arg-type]


def test_messages_are_sorted_into_days_and_threads() -> None:
    found = days(
        [message(0), message(1, thread_ts="0"), message(2, thread_ts="0", broadcast=True), message(61)]
    )
    assert [[line.message.ts for line in day.lines] for day in found] == [["0", "2"], ["61"]]
    assert [reply.ts for reply in found[0].lines[0].replies] == ["1", "2"]


def test_who_goes_on_talking_needs_no_name_for_five_minutes() -> None:
    (day,) = days(
        [message(0), message(5), message(11), message(12, username="other"), message(13, blocks=[{}])]
    )
    assert [line.first for line in day.lines] == [True, False, True, True, True]
