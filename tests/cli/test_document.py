"""docs/commands.md says what the commands say."""

import re

import pytest

from bot.cli import COMMANDS
from bot.cli.document import PAGE, page


def test_the_page_is_what_the_commands_say_now() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m bot.cli.document"


def test_every_command_has_its_section_and_the_contents_lead_there() -> None:
    text = page()
    for name in COMMANDS:
        assert f"\n## pirsch-bot {name}\n" in text
        assert f"(#pirsch-bot-{name})" in text


def test_every_link_leads_to_a_page_that_is_there() -> None:
    for link in re.findall(r"\]\((?!#)([^)]+)\)", page()):
        assert (PAGE.parent / link).is_file()


def test_the_page_does_not_depend_on_who_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page()
    for name, value in {"COLUMNS": "40", "PORT": "9", "BOT_CONFIG": "mine.toml", "HOME": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    assert page() == before
    assert str(PAGE.parent.parent) not in before
