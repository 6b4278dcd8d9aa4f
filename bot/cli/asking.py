"""Answers from the command line, by asking, or by default; each is checked at once."""

from collections.abc import Callable, Sequence
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from bot.cli.ground import stop
from bot.settings.explain import first_word

Check = Callable[[str], str]
"""Returns an answer that is right, and raises ValueError with words about one that is not."""


class Questions:
    """What is `given` on the command line is not asked; with `silent` nothing is."""

    def __init__(self, given: dict[str, Any], *, silent: bool) -> None:
        self._given = given
        self._silent = silent

    def has(self, *options: str) -> bool:
        """Tell whether one of these was given."""
        return any(self._given[option] is not None for option in options)

    def text(self, option: str, question: str, right: Check, default: str | None = None) -> str:
        """Return a checked text. Ends with words when it is not right, or is needed and must not be asked."""
        flag = f"--{option.replace('_', '-')}"
        given = self._given[option]
        if given is None and self._silent and default is None:
            stop(f"{flag} is needed: nothing is asked with --yes.", code=2)
        if given is None and not self._silent:
            return self._prompted(question, right, default)
        try:
            return right(default or "" if given is None else str(given))
        except ValueError as error:
            stop(f"{flag}: {error}", code=2)

    def choice(self, option: str, question: str, choices: Sequence[str], default: str) -> str:
        """Return one of some words."""
        given = self._given[option]
        if given is not None or self._silent:
            return str(given or default)
        answer: str = click.prompt(question, type=click.Choice(choices), default=default)
        return answer

    def yes(self, option: str, question: str, *, default: bool) -> bool:
        """Return a decision."""
        given = self._given[option]
        if given is not None or self._silent:
            return default if given is None else bool(given)
        return click.confirm(question, default=default)

    def _prompted(self, question: str, right: Check, default: str | None) -> str:
        def process(answer: str) -> str:
            try:
                return right(answer.strip())
            except ValueError as error:  # click says it and asks again
                raise click.UsageError(str(error)) from None

        shown = bool(default)
        answer: str = click.prompt(question, default=default, value_proc=process, show_default=shown)
        return answer


def like(kind: Any) -> Check:
    """Check an answer as the table of the settings would that it goes into."""
    adapter = TypeAdapter(kind)

    def right(answer: str) -> str:
        try:
            adapter.validate_python(answer)
        except ValidationError as error:
            raise ValueError(first_word(error)) from None
        return answer

    return right


def or_nothing(right: Check) -> Check:
    """Take an empty answer, too."""
    return lambda answer: right(answer) if answer else ""
