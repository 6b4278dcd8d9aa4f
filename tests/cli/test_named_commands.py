"""A command that a message, a page or a docstring names in backticks is one that there is."""

import re
from pathlib import Path

import click

import bot
from bot.cli import main

NAMED = re.compile(r"`pirsch-bot ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)*)")


def named() -> set[str]:
    root = Path(bot.__file__).parent
    files = [*root.rglob("*.py"), *(root.parent / "templates").rglob("*.*")]
    return {found for file in files for found in NAMED.findall(file.read_text(errors="ignore"))}


def exists(words: list[str]) -> bool:
    """Whether the words lead to a command; what follows one are its arguments."""
    group: click.Command | None = main
    while isinstance(group, click.Group):
        if not words:
            return True
        group = group.get_command(click.Context(group), words.pop(0))
    return group is not None


def test_every_command_that_is_named_exists() -> None:
    found = named()
    assert len(found) > 10
    assert [one for one in sorted(found) if not exists(one.split())] == []
