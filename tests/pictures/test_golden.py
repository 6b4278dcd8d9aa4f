"""Every picture as people will see it, byte by byte. BOT_GOLDEN=write rewrites the files; look at each."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.pictures import png, sentence
from bot.writing.formats import Formats
from tests.pictures.examples import EXAMPLES

GOLDEN = Path(__file__).parent / "golden"
FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_picture_looks_as_it_did(name: str, dark: bool) -> None:
    path = GOLDEN / f"{name}{'.dark' if dark else ''}.png"
    drawn = png(EXAMPLES[name], FORMATS, dark=dark, scale=1)
    if os.environ.get("BOT_GOLDEN") == "write":
        path.write_bytes(drawn)
    assert path.read_bytes() == drawn, f"{path.name} looks different"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_picture_says_what_it_said(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    said = sentence(EXAMPLES[name], FORMATS) + "\n"
    if os.environ.get("BOT_GOLDEN") == "write":
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said
