"""What README and docs name is there: links lead to files, commands exist, dev.py knows its verbs."""

import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS

HERE = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([HERE / "README.md", HERE / "CHANGELOG.md", *(HERE / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
COMMAND = re.compile(r"(?:dev\.py bot|pirsch-bot|python -m bot) ([a-z][a-z-]+)")


def _pages() -> list[object]:
    return [pytest.param(page, id=str(page.relative_to(HERE))) for page in PAGES]


@pytest.mark.parametrize("page", _pages())
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", _pages())
def test_every_command_that_is_named_exists(page: Path) -> None:
    code = "\n".join(re.findall(r"`[^`\n]+`|^```.*?^```", page.read_text(), re.DOTALL | re.MULTILINE))
    assert set(COMMAND.findall(code)) <= set(COMMANDS)


def test_the_readmes_verbs_are_those_of_dev_py() -> None:
    named = set(re.findall(r"dev\.py ([a-z]+)", "\n".join(page.read_text() for page in PAGES)))
    known = set(re.findall(r'^    "([a-z]+)": \[', (HERE / "dev.py").read_text(), re.MULTILINE)) | {"check"}
    assert named <= known


def test_slack_is_asked_for_the_one_scope_that_is_needed() -> None:
    readme = (HERE / "README.md").read_text()
    (scopes,) = re.findall(r"scopes:\n\s+bot:\n((?:\s+- \S+\n)+)", readme)
    assert scopes.split() == ["-", "chat:write"]
