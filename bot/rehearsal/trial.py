"""One event that never came: which rules would mean it, and why the others would not."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from decimal import Decimal

from bot.facts import Event
from bot.rules.book import RuleBook
from bot.rules.expression.grammar import Grammar
from bot.rules.expression.names import NAMES
from bot.rules.expression.syntax import Source
from bot.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one rule makes of one event.

    `why_not` is empty when the rule means it. `key` and `value` are what once_per and value read from it,
    None when the rule has none or the event gives none.
    """

    rule: Rule
    why_not: tuple[str, ...] = ()
    key: str | None = None
    value: Decimal | None = None

    @property
    def matches(self) -> bool:
        """Whether the rule means the event."""
        return not self.why_not


def try_one(book: RuleBook, event: Event, zone: tzinfo) -> list[Trial]:
    """Try an event on every rule that asks for its name, on its site or elsewhere, in the file's order."""
    asked = {rule.name for rule in book.asking_for(event)}
    elsewhere = RuleBook([rule for rule in book.rules if rule.name not in asked])
    sites = {rule.site for rule in elsewhere.rules if rule.site is not None}
    other = {rule.name for site in sites for rule in elsewhere.asking_for(replace(event, site=site))}
    return [
        _tried(rule, event, zone) if rule.name in asked else _on_another_site(rule)
        for rule in book.rules
        if rule.name in asked or rule.name in other
    ]


def _on_another_site(rule: Rule) -> Trial:
    return Trial(rule=rule, why_not=(f"it is for the site {rule.site} only",))


def _tried(rule: Rule, event: Event, zone: tzinfo) -> Trial:
    if rule.condition is not None and not rule.condition.holds(event):
        return Trial(rule=rule, why_not=tuple(_why_not(rule.condition.text, event, zone)))
    return Trial(
        rule=rule,
        key=None if rule.once_per is None else rule.once_per.of(event),
        value=None if rule.amount is None else rule.amount.of(event),
    )


def _why_not(text: str, event: Event, zone: tzinfo) -> Iterator[str]:
    """Name each part of an `if` that does not hold, with what its own parts are."""
    source = Source(text)
    grammar = Grammar(source, zone)
    tree = source.tree
    both = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
    for part in tree.values if isinstance(tree, ast.BoolOp) and both else [tree]:
        if grammar.truth(part).read(event):
            continue
        values = [f"{source.segment(node)} is {_shown(grammar, node, event)}" for node in _read_in(part)]
        because = f": {', '.join(dict.fromkeys(values))}" if values else ""
        yield f"`{' '.join(source.segment(part).split())}` does not hold{because}"


def _read_in(node: ast.AST) -> Iterator[ast.expr]:
    """Give the outermost parts that are read from an event: meta keys, names, and helpers on them."""
    match node:
        case ast.Call(func=ast.Name(id="number" | "money" | "lower" | "upper" | "strip" | "length")):
            yield node
        case ast.Call(args=args):
            for argument in args:
                yield from _read_in(argument)
        case ast.Attribute() | ast.Subscript():
            yield node
        case ast.Name(id=name):
            if name in NAMES and name not in ("true", "false"):
                yield node
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _read_in(child)


def _shown(grammar: Grammar, node: ast.expr, event: Event) -> str:
    value = grammar.term(node).read(event)
    if value is None:
        return "missing" if isinstance(node, ast.Attribute | ast.Subscript) else "no number"
    return f'"{value}"' if isinstance(value, str) else str(value)
