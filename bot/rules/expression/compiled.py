"""The three things an owner writes as an expression, ready to be asked about events."""

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal

from bot.facts import Event
from bot.rules.amounts import bounded
from bot.rules.expression.grammar import Grammar
from bot.rules.expression.syntax import Source
from bot.rules.expression.terms import Kind, Read, Term

LONGEST_KEY = 200
_BETWEEN = "\x1f"  # can be in no part: events hold no control characters


@dataclass(frozen=True, slots=True)
class Amount:
    """What a rule adds up. Two are equal when their texts are."""

    text: str
    read: Read = field(repr=False, compare=False)

    def of(self, event: Event) -> Decimal | None:
        """Return the event's number within the bounds of `amounts`, or None when it has none."""
        value = self.read(event)
        return bounded(value) if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True)
class Condition:
    """Which events a rule means. `amount` is the first number(...) or money(...) in it, if any."""

    text: str
    test: Callable[[Event], object] = field(repr=False, compare=False)
    amount: Amount | None = field(default=None, repr=False, compare=False)

    def holds(self, event: Event) -> bool:
        """Tell whether the event is meant. Never raises."""
        return bool(self.test(event))


@dataclass(frozen=True, slots=True)
class Key:
    """What a rule tells only once."""

    text: str
    parts: tuple[Read, ...] = field(repr=False, compare=False)

    def of(self, event: Event) -> str | None:
        """Return the event's key, at most 200 characters. None when one of its parts is missing.

        A longer key is replaced by its SHA-256, so that strangers do not decide how much is kept.
        """
        values = [part(event) for part in self.parts]
        if any(value is None or value == "" for value in values):
            return None
        key = _BETWEEN.join(map(str, values))
        if len(key) <= LONGEST_KEY:
            return key
        return "sha256:" + hashlib.sha256(key.encode(errors="replace")).hexdigest()


def compile_condition(text: str, *, timezone: tzinfo = UTC) -> Condition:
    """Compile an `if`. Raise ExpressionError when it is not true or false for every event."""
    source = Source(text)
    grammar = Grammar(source, timezone)
    term = grammar.truth(source.tree)
    first = _first_amount(source.tree)
    amount = Amount(source.segment(first), grammar.term(first).read) if first else None
    return Condition(text, term.read, amount)


def compile_value(text: str, *, timezone: tzinfo = UTC) -> Amount:
    """Compile a `value`. Raise ExpressionError when it is not a number."""
    source = Source(text)
    term = Grammar(source, timezone).term(source.tree)
    if term.kind is not Kind.NUMBER:
        raise source.error(source.tree, f"a number is needed, this is {term.kind}{_as_number(source, term)}")
    return Amount(text, term.read)


def compile_key(text: str, *, timezone: tzinfo = UTC) -> Key:
    """Compile a `once_per`: a text or a number, or several with commas between them."""
    source = Source(text)
    grammar = Grammar(source, timezone)
    nodes = source.tree.elts if isinstance(source.tree, ast.Tuple) else [source.tree]
    parts = []
    for node in nodes:
        term = grammar.term(node)
        if term.kind is Kind.TRUTH:
            raise source.error(node, "a key is a text or a number, such as meta.order_id")
        parts.append(term.read)
    if not parts:
        raise source.error(source.tree, "a key is missing")
    return Key(text, tuple(parts))


def _first_amount(tree: ast.expr) -> ast.Call | None:
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("number", "money")
    ]
    return min(calls, key=lambda call: call.col_offset, default=None)


def _as_number(source: Source, term: Term) -> str:
    return f": write number({source.segment(source.tree)})" if term.kind is Kind.TEXT else ""
