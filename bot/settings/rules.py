"""[[rule]] as written -> a rule that can judge, or what is wrong with it."""

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.rules.expression import ExpressionError, compile_condition, compile_key, compile_value
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule
from bot.settings import tables

T = TypeVar("T")


def built(table: tables.Rule, zone: ZoneInfo) -> tuple[Rule | None, list[tuple[str, str]]]:
    """Return the rule, and what is wrong as (key, sentence) pairs; no rule when anything is."""
    wrong: list[tuple[str, str]] = []

    def compiled(key: str, text: str | None, compile_: Callable[..., T]) -> T | None:
        if text is None:
            return None
        try:
            return compile_(text, timezone=zone)
        except ExpressionError as error:
            wrong.append((key, _in_place(error)))
            return None

    rule = Rule(
        name=table.name,
        event=table.event,
        site=table.site,
        condition=compiled("if", table.condition, compile_condition),
        value=compiled("value", table.value, compile_value),
        at_least=table.at_least,
        within=table.within,
        none_within=table.none_within,
        collect=table.collect,
        once_per=compiled("once_per", table.once_per, compile_key),
        severity=table.severity,
        notify=table.notify,
    )
    wrong += mistakes(rule)
    return (None if wrong else rule), wrong


def _in_place(error: ExpressionError) -> str:
    """The sentence, and below it the expression with a caret under the place."""
    pointer = "\n".join(f"    {line}" for line in error.pointer.splitlines())
    return f"{error.sentence}\n{pointer}"
