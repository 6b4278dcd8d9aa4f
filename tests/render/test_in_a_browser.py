"""Mails as a real browser lays them out: readable in light and dark, on a telephone and on a desk."""

from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from bot.render import Renderer
from bot.specimens.ordinary import PLAIN
from bot.specimens.worst import NASTIES
from bot.writing.formats import Formats

RENDERER = Renderer([], Formats(zone=ZoneInfo("Europe/Berlin")))

pytestmark = pytest.mark.browser

# The lowest contrast of text to what is behind it, WCAG 2.1 1.4.3, and the text that has it.
LOWEST_CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let lowest = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const a = light(parse(getComputedStyle(element).color)), b = light(behind(element));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < lowest[0]) lowest = [contrast, walker.currentNode.data];
  }
  return lowest;
}"""
SMALLEST_LETTERS = """() => Math.min(...[...document.querySelectorAll("td, p, div, h1, h2, span")]
  .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize)))"""


@pytest.mark.parametrize("width", [360, 800])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mails_are_readable(browser: Browser, scheme: str, width: int) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=True,
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for notice in (*PLAIN.values(), *NASTIES.values()):
        page.set_content(RENDERER.mail(notice).html)
        contrast, text = page.evaluate(LOWEST_CONTRAST)
        assert contrast >= 4.5, (notice.kind, text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.card').offsetWidth") <= 600
        assert page.evaluate(SMALLEST_LETTERS) >= 14
    assert asked == []
    page.close()
