"""Every command explains itself, with an example that one can copy."""

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from bot.cli import COMMANDS, main


def _walk(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=names[-1])
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _walk(inner, (*names, name))


EVERY = dict(_walk(main, ("pirsch-bot",)))
# The calls of Pirsch's API are made from its catalogue, with words of the vendor's documents.
WRITTEN = [names for names in EVERY if names[1:2] != ("pirsch",) or len(names) == 2]

each_command = pytest.mark.parametrize("names", list(EVERY), ids=" ".join)
each_written_command = pytest.mark.parametrize("names", WRITTEN, ids=" ".join)


@each_command
def test_it_explains_itself(names: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        result = CliRunner().invoke(main, [*names[1:], flag])
        assert result.exit_code == 0
        assert result.output.startswith("Usage: ")
        assert result.stderr == ""


@each_written_command
def test_it_has_words_of_its_own(names: tuple[str, ...]) -> None:
    command = EVERY[names]
    assert command.help
    assert command.help.split("\n\n")[0].endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts[0]} of {' '.join(names)}"


@each_written_command
def test_it_has_an_example_that_one_can_copy(names: tuple[str, ...]) -> None:
    epilog = EVERY[names].epilog or ""
    assert epilog.startswith(("Example", "Begin"))
    examples = [part.split("   ")[0] for part in epilog.split("pirsch-bot ")[1:]]
    assert any(_is_a_command_line(example, names[1:]) for example in examples), epilog


def _is_a_command_line(example: str, names: tuple[str, ...]) -> bool:
    """Tell whether it calls this command (or one below it), with options that there are."""
    line = example.split("\n    pirsch")[0].replace("\\\n", " ").split("\n\n")[0].split("|")[0]
    words = shlex.split(line.strip().rstrip("`.)"), comments=True)
    if tuple(words[: len(names)]) != names:
        return False
    command: click.Command = EVERY["pirsch-bot", *names]
    for word in words[len(names) :]:
        inner = EVERY.get(("pirsch-bot", *words[: words.index(word) + 1]))
        command = inner or command
        if word.startswith("--") and word != "--help":
            assert word in {
                flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)
            }
    return True


def test_the_first_page_names_every_command() -> None:
    lines = CliRunner().invoke(main, ["--help"]).output.splitlines()
    named = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in COMMANDS]
    assert named == list(COMMANDS)


def test_the_version_is_said() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.startswith("pirsch-bot ")


@pytest.mark.parametrize(
    "words", [["nope"], ["events", "nope"], ["check", "--nope"], ["events", "show", "many"]]
)
def test_what_there_is_not_is_said_in_words(words: list[str]) -> None:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_bytes_that_are_no_text_are_refused_before_anything_happens() -> None:
    result = CliRunner().invoke(main, ["outbox", "show", "\udcff"])
    assert result.exit_code == 2
    assert "not UTF-8 text" in result.output
