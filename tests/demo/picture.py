"""Takes the README's picture of the running demo: python -m tests.demo.picture docs/demo.png"""

import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from bot.cli.demo import VISITORS_PER_DAY
from bot.demo import day, scene
from bot.demo.check import CHANNELS
from bot.demo.stage import Stage, Tempo
from bot.sandbox.shop import NAMES
from tests.browser import CHROMIUM, FLAGS

WIDTH, HEIGHT = 1400, 900
WITHIN = 120_000  # milliseconds


def take(path: Path) -> None:
    """Let the demo's first two minutes play, and save the page as PNG when the dead tracker was told."""
    with ExitStack() as opened:
        world = opened.enter_context(day.begin(CHANNELS, visitors_per_day=VISITORS_PER_DAY))
        stage = opened.enter_context(Stage(world, Tempo(), NAMES))
        chromium = opened.enter_context(sync_playwright()).chromium
        browser = opened.enter_context(chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)))
        size = ViewportSize(width=WIDTH, height=HEIGHT)
        page = browser.new_page(viewport=size, color_scheme="light", timezone_id="Europe/Berlin")
        page.goto(world.url)
        _watch(page, stage)
        page.screenshot(path=path)


def _watch(page: Page, stage: Stage) -> None:
    ended = threading.Event()
    playing = threading.Thread(target=scene.play, args=(stage.world.shop, stage.move, ended))
    playing.start()
    try:
        _wait_for_the_moment(page)
    finally:
        ended.set()
        playing.join()


def _wait_for_the_moment(page: Page) -> None:
    slack, mail = (page.frame_locator(f"iframe[title={title}]") for title in ("Slack", "Mailbox"))
    slack.get_by_role("link", name="numbers").click()
    expect(slack.get_by_text("visitors on blog within").first).to_be_visible(timeout=WITHIN)
    expect(slack.get_by_text("No page views of wiki").first).to_be_visible(timeout=WITHIN)
    expect(mail.frame_locator("iframe").get_by_role("heading").first).to_be_visible()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
