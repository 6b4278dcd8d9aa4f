"""Mails as people see them: on a telephone and on a desk, in light and dark.

The pictures beside this file are what a reviewer looks at. BOT_SCREENSHOTS=write takes them anew; what a test
saw instead of them is left in the folder that it names. Letters are those that the bot's own drawings have,
the same everywhere; what is left of differences between machines is the smoothing of edges.
"""

import base64
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from bot.pictures import png
from bot.pictures.font import FILES
from bot.render import Renderer, in_dark
from bot.specimens.ordinary import PLAIN
from bot.writing.formats import Formats

KEPT = Path(__file__).parent / "screenshots"
FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
RENDERER = Renderer([], FORMATS)
SHOWN = ("digest", "measured", "collected", "frequency-resolved", "held")

pytestmark = pytest.mark.browser

# Both pictures, shrunk to an eighth: how far a spot of eight by eight differs at most, and the whole on
# average, of 255; or how the sizes differ.
COMPARE = """async ([one, other]) => {
  const pixels = async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const wide = Math.ceil(image.width / 8), high = Math.ceil(image.height / 8);
    const canvas = new OffscreenCanvas(wide, high).getContext("2d");
    canvas.imageSmoothingQuality = "high";
    canvas.drawImage(image, 0, 0, wide, high);
    return [`${image.width}x${image.height}`, canvas.getImageData(0, 0, wide, high).data];
  };
  const [sizeA, a] = await pixels(one), [sizeB, b] = await pixels(other);
  if (sizeA !== sizeB) return `${sizeA} instead of ${sizeB}`;
  const apart = a.map((value, index) => Math.abs(value - b[index]));
  const farthest = apart.reduce((most, value) => Math.max(most, value), 0);
  return [farthest, apart.reduce((sum, value) => sum + value, 0) / apart.length];
}"""
FARTHEST, ON_AVERAGE = 48, 1.0


def address(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def mail(name: str) -> str:
    """A mail as a mail program shows it: with its pictures, and in letters that every machine has."""
    notice = PLAIN[name]
    cids = {f"picture-{n}": picture for n, picture in enumerate(notice.pictures, 1)}
    html = RENDERER.mail(notice, unsubscribe="https://bot.example.com/unsubscribe/x", drawn=tuple(cids)).html
    for cid, picture in cids.items():
        for name, dark in ((in_dark(cid), True), (cid, False)):
            html = html.replace(f'"cid:{name}"', f'"{address(png(picture, FORMATS, dark=dark))}"')
    faces = "".join(
        f"@font-face {{ font-family: Ours; font-weight: {weight};"
        f" src: url({address(path.read_bytes(), 'font/ttf')}) }}"
        for path, weight in zip(sorted(FILES), (400, 600), strict=True)
    )
    return html.replace("</head>", f"<style>{faces} * {{ font-family: Ours !important }}</style></head>")


@pytest.mark.parametrize("width", [360, 800])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_a_mail_looks_as_agreed(browser: Browser, tmp_path: Path, name: str, scheme: str, width: int) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 200}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.set_content(mail(name))
    page.evaluate("document.fonts.ready")
    seen = page.screenshot(full_page=True)
    file = f"{name}-{scheme}-{width}.png"
    if os.environ.get("BOT_SCREENSHOTS") == "write":
        KEPT.mkdir(exist_ok=True)
        (KEPT / file).write_bytes(seen)
    (tmp_path / file).write_bytes(seen)
    found = page.evaluate(COMPARE, [address(seen), address((KEPT / file).read_bytes())])
    page.close()
    assert not isinstance(found, str), f"{file}: {found}; see {tmp_path}"
    farthest, average = found
    assert farthest <= FARTHEST, f"a spot of {file} is another; see {tmp_path}"
    assert average <= ON_AVERAGE, f"{file} is another; see {tmp_path}"


def test_another_look_would_be_noticed(browser: Browser) -> None:
    """Two mails that differ in one colour, one word, or their length are told apart."""
    page = browser.new_page(viewport={"width": 360, "height": 200})

    def shot(html: str) -> str:
        page.set_content(html)
        return address(page.screenshot(full_page=True))

    whole = mail("collected")
    for other in (whole.replace("#2f6fb3", "#c0392b"), whole.replace("612.40", "612.4"), mail("held")):
        assert other != whole
        found = page.evaluate(COMPARE, [shot(whole), shot(other)])
        assert isinstance(found, str) or found[0] > FARTHEST
    assert page.evaluate(COMPARE, [shot(whole), shot(whole)]) == [0, 0]
    page.close()


def test_no_screenshot_is_left_over() -> None:
    wanted = {
        f"{name}-{scheme}-{width}.png"
        for name in SHOWN
        for scheme in ("light", "dark")
        for width in (360, 800)
    }
    assert {path.name for path in KEPT.iterdir()} == wanted
