"""Each file in `mistakes/` has the mistakes that the text file beside it says: place, line, words.

`BOT_GOLDEN=write` writes the expected lines anew; the difference is the review.
"""

import os
import re
from pathlib import Path

import pytest

from tests.settings.building import HERE, mistakes_in

FILES = sorted((HERE / "mistakes").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_is_said(path: Path) -> None:
    said = "".join(f"{line}\n" for line in mistakes_in(path.read_text(), folder=path.parent))
    expected = path.with_suffix(".txt")
    if os.environ.get("BOT_GOLDEN") == "write":
        expected.write_text(said)
    assert _ours(said) == _ours(expected.read_text())


def _ours(said: str) -> str:
    """Without the parser's own words, which differ between the versions of Python."""
    return re.sub(r"(?<=this is not TOML: ).*", "…", said)


def test_no_expected_lines_are_left_over() -> None:
    assert {path.stem for path in (HERE / "mistakes").glob("*.txt")} == {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_secret_is_repeated(path: Path) -> None:
    lines = "\n".join(mistakes_in(path.read_text(), folder=path.parent))
    assert "MARKER" not in lines
    assert "SECRET" not in lines.replace("PIRSCH_CLIENT_SECRET", "")
