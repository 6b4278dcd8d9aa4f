"""Whatever a digest says, a terminal shows it: in its width, and obeying nothing that strangers wrote."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.digest_view import WIDEST, View
from bot.digests import write
from bot.facts import Digest, Notice
from bot.render import shipped
from bot.render.environments import environments
from bot.specimens import digests
from bot.specimens.contents import LONG, NASTY
from bot.writing.formats import Formats
from tests.render.test_any_digest import TEXT, WITHOUT_SHRINKING
from tests.render.test_any_digest import digests as any_digest

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
WORDS = environments([shipped()], FORMATS)
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown(digest: Digest, width: int = 80) -> list[str]:
    notice = write.notice(digest, "digest/Monday", datetime(2026, 11, 16, 7, tzinfo=UTC))
    assert isinstance(notice, Notice)
    return [STYLE.sub("", line) for line in View(WORDS, FORMATS, notice, digest, width).lines()]


@settings(max_examples=60, suppress_health_check=list(HealthCheck), phases=WITHOUT_SHRINKING)
@given(digest=any_digest(TEXT), width=st.integers(0, 300))
def test_any_digest_can_be_shown(digest: Digest, width: int) -> None:
    for line in shown(digest, width):
        assert "\x1b" not in line
        assert "\n" not in line
        assert line.isprintable()


@pytest.mark.parametrize("digest", [digests.RICH, digests.SEVERAL, digests.QUIET, digests.FULL])
def test_lines_are_no_longer_than_the_window(digest: Digest) -> None:
    for width in (60, 80, 100, 200):
        assert max(map(len, shown(digest, width))) <= min(width, WIDEST) + 4


def test_everything_is_said() -> None:
    text = "\n".join(shown(digests.RICH))
    for words in (
        "65% fewer visitors on shop",
        "▼ −65%",
        "google.com 21 instead of 391",
        "it will be missed",
        "step Payment 9%",
        "Visitors on shop, still open",
        "proposed: create filter /wp-login.php",
        "2 × quiet hours",
        "88 visitors are left out",
        "… and 3 more",
    ):
        assert words in text


def test_quiet_is_short_and_failures_are_named() -> None:
    assert len(shown(digests.QUIET)) == 2
    assert any("summary, chart, pages of docs" in line for line in shown(digests.SEVERAL))


def test_what_strangers_wrote_does_nothing_to_the_terminal() -> None:
    for line in shown(digests.nasty(NASTY, LONG)):
        assert line.isprintable()
