"""Syntax tree -> typed term. Everything that is not allowed by name here does not exist."""

import ast
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

import re2

from bot.rules.amounts import bounded
from bot.rules.expression import terms
from bot.rules.expression.names import NAMES
from bot.rules.expression.syntax import Source, unescaped
from bot.rules.expression.terms import CALCULATE, COMPARE, FUNCTIONS, SPECIAL, Kind, Term

_FOREIGN: dict[type[ast.expr], str] = {
    ast.IfExp: "'if … else'",
    ast.JoinedStr: "a text that begins with f",
    ast.Lambda: "a function of your own",
    ast.List: "a list without 'in' before it",
    ast.NamedExpr: "an assignment",
    ast.Tuple: "a comma",
}

# A pattern's automaton grows with what strangers send, up to this.
_PATTERN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Grammar:
    """Makes terms of nodes. `timezone` is the one in which `hour` and `weekday` are told."""

    source: Source
    timezone: tzinfo

    def term(self, node: ast.expr) -> Term:
        """Compile a node. Raise ExpressionError when it does not belong here."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute() | ast.Subscript():
                return self._meta(node)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, name)
            case ast.Call(func=ast.Attribute(attr=method)) if method in FUNCTIONS or method in SPECIAL:
                raise self.source.error(node, f"write {_usage(method)}")
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp(op=op, values=values):
                tests = [self.truth(value).read for value in values]
                join = terms.all_of if isinstance(op, ast.And) else terms.any_of
                return Term(kind=Kind.TRUTH, read=join(tests))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Term(kind=Kind.TRUTH, read=terms.negated(self.truth(operand).read))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                return self._signed(node, operand)
            case ast.BinOp():
                return self._calculation(node)
        raise self.source.error(node, f"{_FOREIGN.get(type(node), 'this')} is not possible here")

    def truth(self, node: ast.expr) -> Term:
        """Compile a node that has to be true or false."""
        term = self.term(node)
        if term.kind is not Kind.TRUTH:
            written = self.source.segment(node)
            advice = f"compare it, or ask has({written})" if _is_meta(node) else "compare it with something"
            raise self.source.error(node, f"{written} is {term.kind}, neither true nor false: {advice}")
        return term

    def _constant(self, node: ast.Constant) -> Term:
        value: terms.Value
        match node.value:
            case bool():
                kind, value = Kind.TRUTH, node.value
            case str():
                kind, value = Kind.TEXT, unescaped(node.value)
            case int() | float():
                kind, value = Kind.NUMBER, self._literal_number(node)
            case _:
                advice = ": ask has(meta.key)" if node.value is None else ""
                raise self.source.error(node, f"{self.source.segment(node)} is not possible here{advice}")
        return Term(kind=kind, read=terms.constant(value), constant=value)

    def _literal_number(self, node: ast.Constant) -> Decimal:
        try:
            value = bounded(Decimal(self.source.segment(node)))
        except InvalidOperation as error:
            advice = "write the number with digits and a decimal point"
            raise self.source.error(node, advice) from error
        if value is None:
            raise self.source.error(node, "this number is too large")
        return value

    def _name(self, node: ast.Name) -> Term:
        if node.id in NAMES:
            return NAMES[node.id](self.timezone)
        if node.id == "meta":
            raise self.source.error(node, "name one of its keys: meta.key or meta['any key']")
        if node.id in FUNCTIONS or node.id in SPECIAL:
            raise self.source.error(node, f"{node.id} is a function: {_usage(node.id)}")
        other = f": a key of the event's meta data is meta.{node.id}, a text stands in quotes"
        hint = _similar(node.id, "meta", *NAMES) or other
        raise self.source.error(node, f"unknown name {node.id!r}{hint}")

    def _meta(self, node: ast.Attribute | ast.Subscript) -> Term:
        return Term(kind=Kind.TEXT, read=terms.meta(self._meta_key(node)))

    def _meta_key(self, node: ast.expr) -> str:
        match node:
            case ast.Attribute(value=ast.Name(id="meta"), attr=key):
                return key
            case ast.Subscript(value=ast.Name(id="meta"), slice=ast.Constant(value=str() as key)):
                return unescaped(key)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="meta"), attr=first), attr=second):
                raise self.source.error(
                    node, f"a key has no parts: write meta['{first}.{second}'] if that is its name"
                )
            case ast.Subscript(value=ast.Name(id="meta")):
                raise self.source.error(node, "write the key in quotes: meta['any key']")
        raise self.source.error(node, "only meta has keys: meta.key or meta['any key']")

    def _call(self, node: ast.Call, name: str) -> Term:
        if name not in FUNCTIONS and name not in SPECIAL:
            raise self.source.error(node, f"unknown function {name!r}{_similar(name)}")
        if node.keywords:
            raise self.source.error(
                node.keywords[0], f"a single = does not compare: write ==; usage: {_usage(name)}"
            )
        match name, node.args:
            case "has", [key]:
                return Term(kind=Kind.TRUTH, read=terms.has(self._meta_key(key)))
            case "matches", [text, pattern]:
                searched = terms.searched(self._argument(text, Kind.TEXT, name).read, self._pattern(pattern))
                return Term(kind=Kind.TRUTH, read=searched)
        function = FUNCTIONS.get(name)
        if function is None or len(node.args) != len(function.takes):
            raise self.source.error(node, f"wrong number of values, usage: {_usage(name)}")
        arguments = [
            self._argument(given, kind, name) for given, kind in zip(node.args, function.takes, strict=True)
        ]
        return Term(kind=function.gives, read=terms.applied(function, arguments))

    def _argument(self, node: ast.expr, kind: Kind, name: str) -> Term:
        term = self.term(node)
        if term.kind is not kind:
            raise self.source.error(node, f"{name} needs {kind}, this is {term.kind}; usage: {_usage(name)}")
        return term

    def _pattern(self, node: ast.expr) -> object:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise self.source.error(node, f"the pattern has to stand here in quotes: {SPECIAL['matches']}")
        options = re2.Options()
        options.log_errors = False
        options.never_capture = True
        options.max_mem = _PATTERN_MEMORY
        try:
            return re2.compile(unescaped(node.value).encode(), options)
        except re2.error as error:
            why = error.args[0].decode(errors="replace") if error.args else "unknown reason"
            raise self.source.error(node, f"this pattern cannot be used (RE2 syntax): {why}") from error

    def _comparison(self, node: ast.Compare) -> Term:
        tests: list[terms.Read] = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            tests.append(self._pair(left, op, right))
            left = right
        return Term(kind=Kind.TRUTH, read=tests[0] if len(tests) == 1 else terms.all_of(tests))

    def _pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> terms.Test:
        if isinstance(op, ast.In | ast.NotIn):
            return self._membership(left, right, wanted=isinstance(op, ast.In))
        compare = COMPARE.get(type(op).__name__)
        if compare is None:
            raise self.source.error(right, "write == or != to compare")
        one, other = self.term(left), self.term(right)
        self._check_kinds(left, one, right, other)
        if isinstance(op, ast.Eq | ast.NotEq):
            self._check_choices(one, right, other)
            self._check_choices(other, left, one)
        elif one.kind is not Kind.NUMBER:
            raise self.source.error(right, f"only numbers have an order{self._as_number(left, right)}")
        if one.constant is not None and other.constant is None and isinstance(op, ast.Eq | ast.NotEq):
            one, other = other, one
        return terms.compared(compare, one, other)

    def _membership(self, left: ast.expr, right: ast.expr, *, wanted: bool) -> terms.Test:
        one = self.term(left)
        if not isinstance(right, ast.List | ast.Tuple | ast.Set):
            text = self.term(right)
            if one.kind is not Kind.TEXT or text.kind is not Kind.TEXT:
                raise self.source.error(right, "'in' needs a list such as ['a', 'b'], or a text in a text")
            return terms.compared(terms.is_part if wanted else terms.is_no_part, one, text)
        options = []
        for item in right.elts:
            option = self.term(item)
            if option.constant is None:
                raise self.source.error(item, "a list holds only texts in quotes and numbers")
            self._check_kinds(left, one, item, option)
            self._check_choices(one, item, option)
            options.append(option.constant)
        if not options:
            raise self.source.error(right, "nothing is in an empty list")
        return terms.among(one.read, options, wanted=wanted)

    def _check_kinds(self, left: ast.expr, one: Term, right: ast.expr, other: Term) -> None:
        if one.kind is not other.kind:
            advice = ""
            if {one.kind, other.kind} == {Kind.TEXT, Kind.NUMBER}:
                advice = self._as_number(left, right)
            raise self.source.error(right, f"{one.kind} is compared with {other.kind}{advice}")

    def _as_number(self, *nodes: ast.expr) -> str:
        metas = [self.source.segment(node) for node in nodes if _is_meta(node)]
        return f": write number({metas[0]})" if metas else ""

    def _check_choices(self, term: Term, node: ast.expr, other: Term) -> None:
        if term.choices and isinstance(other.constant, str) and other.constant not in term.choices:
            raise self.source.error(node, f"never equal: one of {', '.join(term.choices)} is possible")

    def _signed(self, node: ast.UnaryOp, operand: ast.expr) -> Term:
        term = self.term(operand)
        if term.kind is not Kind.NUMBER:
            raise self.source.error(
                operand, f"a sign needs a number, this is {term.kind}{self._as_number(operand)}"
            )
        if isinstance(node.op, ast.UAdd):
            return term
        if isinstance(term.constant, Decimal):
            value = term.constant.copy_negate()
            return Term(kind=Kind.NUMBER, read=terms.constant(value), constant=value)
        zero = terms.constant(Decimal(0))
        return Term(kind=Kind.NUMBER, read=terms.calculated(CALCULATE["Sub"], zero, term.read))

    def _calculation(self, node: ast.BinOp) -> Term:
        calculate = CALCULATE.get(type(node.op).__name__)
        if calculate is None:
            raise self.source.error(node, "only + - * / can be calculated")
        if isinstance(node.op, ast.Sub) and _is_meta(node.left) and isinstance(node.right, ast.Name):
            whole = f"{self._meta_key(node.left)}-{node.right.id}"
            raise self.source.error(
                node, f"minus needs numbers; if the key is called {whole}, write meta['{whole}']"
            )
        sides = []
        for side in (node.left, node.right):
            term = self.term(side)
            if term.kind is not Kind.NUMBER:
                raise self.source.error(
                    side, f"numbers are needed to calculate, this is {term.kind}{self._as_number(side)}"
                )
            sides.append(term.read)
        return Term(kind=Kind.NUMBER, read=terms.calculated(calculate, *sides))


def _is_meta(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Subscript) and (
        isinstance(node.value, ast.Name) and node.value.id == "meta"
    )


def _similar(name: str, *others: str) -> str:
    close = get_close_matches(name.lower(), [*others, *FUNCTIONS, *SPECIAL], n=1)
    return f": did you mean {close[0]!r}?" if close else ""


def _usage(name: str) -> str:
    return SPECIAL[name] if name in SPECIAL else FUNCTIONS[name].usage
