"""Writes docs/commands.md from the commands' own words: `python -m bot.cli.document`."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli import main

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "commands.md"
APART = {"pirsch": "[pirsch-calls.md](pirsch-calls.md) lists every call."}
"""Commands whose own commands have a page of their own."""

HEAD = """\
# Commands

<!-- Made by `python -m bot.cli.document` from the commands' own help; a test compares. -->

Every command says the same with `--help`. The settings are `config.toml` in the present folder, or the file
that `--config` (`-c`) or the environment variable `BOT_CONFIG` names.
"""


def page() -> str:
    """Return the whole page."""
    # click makes a command's help option for the first context that asks, and keeps it.
    context = click.Context(main, info_name="pirsch-bot", **main.context_settings)
    names = main.list_commands(context)
    contents = "\n".join(f"- [`pirsch-bot {name}`](#pirsch-bot-{name})" for name in names)
    sections = [
        line
        for name in names
        if (command := main.get_command(context, name)) is not None
        for line in _section(command, click.Context(command, info_name=name, parent=context))
    ]
    return "\n".join([HEAD, contents, *sections, ""])


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    """Give the lines about a command, and about those below it."""
    path = context.command_path
    depth = "##" if context.parent is not None and context.parent.parent is None else "###"
    yield from ("", f"{depth} {path}", "", inspect.cleandoc(command.help or ""), "")
    yield from (f"    {' '.join([path, *command.collect_usage_pieces(context)])}", "")
    yield from _options(command, context)
    yield from _examples(command.epilog or "")
    if context.info_name in APART:
        yield from ("", APART[context.info_name])
    elif isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (inner := command.get_command(context, name)) is not None:
                yield from _section(inner, click.Context(inner, info_name=name, parent=context))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    shown = [one for one in command.params if isinstance(one, click.Option) and one.name != "config"]
    records = [record for one in shown if (record := one.get_help_record(context)) is not None]
    if records:
        yield from ("| option | |", "|---|---|")
        yield from (f"| `{_cell(flag)}` | {_cell(words)} |" for flag, words in records)
        yield ""


def _examples(epilog: str) -> Iterator[str]:
    """Give the examples as one would type them, one below the other."""
    title, _, text = inspect.cleandoc(epilog.replace("\b", "")).partition(":")
    lines = [line for part in text.splitlines() for line in re.split(r"   (?:\||or)   ", part)]
    yield from (f"{title}:", "")
    yield from (
        f"    {line.strip() if line == line.lstrip(' ') else line[1:]}" for line in lines if line.strip()
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
