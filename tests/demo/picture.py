"""Takes the README's picture of the running demo: python -m tests.demo.picture docs/demo.png"""

import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from bot.cli.demo import VISITORS_PER_DAY
from bot.demo import scene
from bot.demo.check import CHANNELS
from bot.demo.stage import Stage, Tempo
from bot.sandbox.shop import NAMES
from bot.sandbox.world import World
from tests.browser import CHROMIUM, FLAGS

WIDTH, HEIGHT = 1400, 900
WITHIN = 20_000  # milliseconds


def take(path: Path) -> None:
    """Let the demo's opening play, and save the page as PNG when the first orders were told together."""
    with World(channels=CHANNELS, visitors_per_day=VISITORS_PER_DAY) as world, ExitStack() as opened:
        opened.enter_context(Stage(world, Tempo(), NAMES))
        chromium = opened.enter_context(sync_playwright()).chromium
        browser = opened.enter_context(chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)))
        size = ViewportSize(width=WIDTH, height=HEIGHT)
        page = browser.new_page(viewport=size, color_scheme="light", timezone_id="Europe/Berlin")
        page.goto(world.url)
        _watch(page, world)
        page.screenshot(path=path)


def _watch(page: Page, world: World) -> None:
    ended = threading.Event()
    playing = threading.Thread(target=scene.play, args=(world.shop, ended))
    playing.start()
    try:
        _wait_for_the_moment(page)
    finally:
        ended.set()
        playing.join()


def _wait_for_the_moment(page: Page) -> None:
    slack, mail = (page.frame_locator(f"iframe[title={title}]") for title in ("Slack", "Mailbox"))
    expect(slack.get_by_text("Orders on kites")).to_be_in_viewport(timeout=WITHIN)
    expect(slack.get_by_text("Big order on kites")).to_be_in_viewport()
    expect(mail.frame_locator("iframe").get_by_role("heading").first).to_be_visible()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
