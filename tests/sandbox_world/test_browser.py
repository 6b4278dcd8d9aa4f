"""The pages in a real browser: they keep up by themselves, fit, and run nothing that strangers wrote."""

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from bot.sandbox.shop.strangers import HOSTILE_TEXT
from bot.sandbox.world import World
from tests.sandbox_world.conftest import Looker, Trap

pytestmark = pytest.mark.browser


def say(world: World, text: str, **more: object) -> None:
    """Post a message, the text as its header, section and button too."""
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    shown = [
        {"type": "header", "text": {"type": "plain_text", "text": text[:150]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:3000]}]},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": {"type": "plain_text", "text": text[:75]}}],
        },
    ]
    client.api_call("chat.postMessage", json={"channel": "sales", "text": text, "blocks": shown, **more})


def mail(world: World, subject: str, html: str) -> None:
    """Send a mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bot@example.com", "owner@example.com", subject
    message["Message-ID"] = "<1@example.com>"
    message.set_content(f"plain: {subject}")
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP(world.mailbox.host, world.mailbox.port, timeout=3) as smtp:
        smtp.send_message(message)


def test_messages_appear_without_a_reload(world: World, looker: Looker) -> None:
    page = looker.page
    page.goto(f"{world.url}/slack/sales")
    expect(page.get_by_text("Messages appear here by themselves")).to_be_visible()
    page.evaluate("window.stayed = true")
    say(world, "Two orders")
    expect(page.get_by_role("heading", name="Two orders")).to_be_visible()
    say(world, "Three orders")
    expect(page.get_by_role("heading", name="Three orders")).to_be_in_viewport()
    assert page.evaluate("window.stayed") is True
    assert looker.complaints == []


def test_what_did_not_change_is_not_touched(world: World, looker: Looker) -> None:
    page = looker.page
    say(world, "first")
    page.goto(f"{world.url}/slack/sales")
    expect(page.get_by_role("heading", name="first")).to_be_visible()
    page.evaluate("document.querySelector('article').marked = true")
    say(world, "second")
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    assert page.evaluate("document.querySelector('article').marked") is True


def test_an_edited_message_shows_its_new_words_and_a_mark(world: World, looker: Looker) -> None:
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    posted = client.chat_postMessage(channel="sales", text="open")
    looker.page.goto(f"{world.url}/slack/sales")
    expect(looker.page.get_by_text("open", exact=True)).to_be_visible()
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="resolved")
    expect(looker.page.get_by_text("resolved", exact=True)).to_be_visible()
    expect(looker.page.get_by_text("(edited)")).to_be_visible()
    expect(looker.page.get_by_text("open", exact=True)).to_have_count(0)


def test_times_are_the_readers_own(world: World, looker: Looker) -> None:
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    client.chat_postMessage(channel="sales", text="since <!date^1763708400^{date_num} {time}|then>")
    looker.page.goto(f"{world.url}/slack/sales")
    expect(looker.page.get_by_text("2025-11-21 8:00 AM")).to_be_visible()


def test_mails_appear_and_can_be_read_in_three_ways(world: World, looker: Looker) -> None:
    page = looker.page
    page.goto(f"{world.url}/mail/")
    expect(page.get_by_text("No mail yet")).to_be_visible()
    mail(world, "A sign-up", "<h1>Welcome</h1>")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_role("link", name="Plain", exact=True).click()
    expect(page.locator("pre")).to_have_text("plain: A sign-up\n")
    page.get_by_role("link", name="Source", exact=True).click()
    expect(page.locator("pre")).to_contain_text("Content-Type: multipart/alternative")
    assert looker.complaints == []


def test_hostile_text_stays_text(world: World, looker: Looker) -> None:
    for text in HOSTILE_TEXT.values():
        words = {"title": text, "text": text, "fallback": text, "color": text}
        say(world, text, username=text[:80], attachments=[words])
        mail(world, as_subject(text), f"<p>{len(text)}</p>")
        world.shop.happen("purchase", text)
    assert world.pirsch.postman.settle(10)
    for what in ("hostile", "rubbish"):
        world.shop.happen(what)
    page = looker.page
    for path in ("/slack/sales", "/mail/", "/"):
        page.goto(world.url + path)
        expect(page.locator("[data-live]:empty")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "owned" not in page.title()
    page.goto(f"{world.url}/slack/sales")
    for what in ("script", "image", "link in disguise"):
        expect(page.locator("h2").get_by_text(HOSTILE_TEXT[what])).to_have_count(1)
    assert looker.complaints == []


def as_subject(text: str) -> str:
    """Cut a text to what a header can carry at all."""
    return text.splitlines()[0].encode("utf-8", "replace").decode().replace("\0", "")


def test_a_mail_runs_nothing_asks_nobody_and_reaches_nothing(
    world: World, looker: Looker, trap: Trap
) -> None:
    html = f"""<!doctype html><link rel="stylesheet" href="{trap.url}/style">
        <base href="{trap.url}/base/"><meta http-equiv="refresh" content="0; url={trap.url}/refresh">
        <script>parent.document.title = "owned"</script><script src="{trap.url}/script"></script>
        <img src="{trap.url}/image" onerror="top.document.title = 'owned'">
        <style>@import "{trap.url}/import"; p {{ background: url({trap.url}/background) }}</style>
        <iframe src="{trap.url}/frame"></iframe><object data="{trap.url}/object"></object>
        <video src="{trap.url}/video" autoplay></video>
        <form action="{trap.url}/form"><button>Send</button></form><p>the end</p>"""
    mail(world, "hostile", html)
    page = looker.page
    page.goto(f"{world.url}/mail/")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("the end")).to_be_visible()
    frame.get_by_role("button", name="Send").click()
    page.wait_for_timeout(300)
    assert page.title() == "Mailbox of the sandbox"
    assert trap.asked == []


def test_slack_asks_nobody_else_for_pictures(world: World, looker: Looker, trap: Trap) -> None:
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    image = {"type": "image", "image_url": f"{trap.url}/chart.png", "alt_text": "Visitors of the week"}
    own = {"type": "image", "image_url": f"{world.url}/static/icon.svg", "alt_text": "A bar chart"}
    client.chat_postMessage(channel="sales", text="chart", blocks=[image, own])
    looker.page.goto(f"{world.url}/slack/sales")
    expect(looker.page.get_by_role("img", name="Visitors of the week")).to_be_visible()
    expect(looker.page.get_by_role("img", name="A bar chart")).to_have_js_property("complete", True)
    assert looker.page.evaluate("document.querySelector('figure img').naturalWidth") > 0
    assert trap.asked == []
    assert looker.complaints == []


def fill(world: World) -> None:
    """Let something be seen in each pane."""
    world.shop.deliver(world.shop.visitors.sign_up())
    world.shop.send = lambda item: 204
    world.shop.deliver(world.shop.visitors.rubbish())
    say(world, "A rather long sentence about https://shop.example/" + "x" * 90)
    client = WebClient(token=world.slack.token, base_url=world.slack.api_url, retry_handlers=[])
    parent = client.chat_postMessage(channel="sales", text="Parent ```" + "x" * 200 + "```")
    client.chat_postMessage(channel="sales", text="Reply", thread_ts=parent["ts"])
    mail(world, "A rather long subject " + "x" * 90, "<p>hi</p>")


def test_pages_fit_a_telephone(world: World, looker: Looker) -> None:
    fill(world)
    page = looker.page
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/", "/slack/sales", "/mail/", "/mail/1/source"):
        page.goto(world.url + path)
        for frame in page.frames:
            if frame.url.endswith("/as-html"):
                continue  # as wide as the mail in it
            expect(frame.locator("[data-live]:empty")).to_have_count(0)
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), frame.url
    assert looker.complaints == []


def contrast(page: Page, selector: str) -> float:
    """Return the contrast of the first matching text to what it stands on (WCAG 2, relative luminance)."""
    found: float = page.locator(selector).first.evaluate(
        """(element) => {
          const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
          const light = (rgb) => rgb.slice(0, 3)
            .map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          let under = element;
          let page = [0, 0, 0, 0];
          while (under && (page.length === 4 && page[3] === 0)) {
            page = parse(getComputedStyle(under).backgroundColor);
            under = under.parentElement;
          }
          const [a, b] = [light(parse(getComputedStyle(element).color)), light(page)].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05);
        }"""
    )
    return found


TEXTS = {
    "/slack/sales": (".text", ".said time", ".badge", ".side li a", ".replies", ".tabs span", ".composer p"),
    "/mail/": (".glance", ".views a", "dt", "summary", ".bar p"),
    "/": (
        ".main",
        ".log .quiet .answer",
        ".pirsch dt",
        ".log .good .answer",
        ".log time",
        ".figures dt",
        "h2 small",
        ".buttons button",
    ),
}


@pytest.mark.parametrize("path", TEXTS)
def test_text_can_be_read_by_day_and_by_night(world: World, looker: Looker, path: str) -> None:
    fill(world)
    page = looker.page
    page.goto(world.url + path)
    expect(page.locator("[data-live]:empty")).to_have_count(0)
    page.emulate_media(color_scheme="light")
    too_weak = {("day", text): found for text in TEXTS[path] if (found := contrast(page, text)) < 4.5}
    page.emulate_media(color_scheme="dark")
    too_weak |= {("night", text): found for text in TEXTS[path] if (found := contrast(page, text)) < 4.5}
    assert too_weak == {}


def test_buttons_are_pressed_by_keyboard_and_the_page_keeps_up(
    world: World, looker: Looker, hooked: str
) -> None:
    page = looker.page
    page.goto(world.url)
    amount = page.get_by_label("Somebody buys for")
    amount.fill("$5")
    amount.press("Enter")
    expect(page.get_by_text("Pirsch sent purchase → 204")).to_be_visible()
    page.get_by_role("button", name="A rubbish body").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Somebody sent")).to_be_visible()
    expect(page.locator("#figures").get_by_text("2", exact=True)).to_have_count(2)
    events = [delivery.item.event for delivery in world.shop.deliveries()]
    assert events[0] is not None
    assert events[0].meta["amount"] == "$5"
    assert looker.complaints == []


def test_pirschs_side_is_shown(world: World, looker: Looker, hooked: str) -> None:
    page = looker.page
    page.goto(world.url)
    side = page.locator("#pirsch")
    expect(side).to_contain_text("webhooks1")
    expect(side).to_contain_text("visitors today0")
    world.shop.deliver(world.shop.visitors.purchase())
    world.shop.deliver(world.shop.visitors.sign_up())
    expect(side).to_contain_text("visitors today2")
    expect(page.get_by_text("Pirsch kept signup → no webhook has this name")).to_be_visible()
    assert looker.complaints == []


def test_the_world_shows_all_three(world: World, looker: Looker) -> None:
    fill(world)
    page = looker.page
    page.goto(world.url)
    expect(page.frame_locator("iframe[title=Slack]").get_by_role("log")).to_contain_text("Parent")
    expect(page.frame_locator("iframe[title=Mailbox]").get_by_role("main")).to_contain_text("bot@example.com")
    mailbox = next(frame for frame in page.frames if frame.url.endswith("/mail/"))
    assert mailbox.evaluate("document.querySelector('iframe').getBoundingClientRect().bottom === innerHeight")
    expect(page.get_by_role("region", name="Kite shop")).to_contain_text("no webhook has this name")
    assert looker.complaints == []
