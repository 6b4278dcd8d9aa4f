"""What an expression is made of: typed terms, each a closure that reads its value from an event.

A value that is missing (an absent meta key, a text that is no number) is None. It travels upwards
through functions and arithmetic and makes every comparison false.
"""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.facts import Event
from bot.rules.amounts import EXACT, money, number

Value = str | Decimal | bool | None
Read = Callable[[Event], Value]
Test = Callable[[Event], bool]


class Kind(StrEnum):
    """The type of a term, known when it is compiled."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A compiled part. `constant` is set for a literal; `choices` when only some texts are possible."""

    kind: Kind
    read: Read
    constant: Value = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A helper that owners can call. `call` gets no missing value."""

    usage: str
    takes: tuple[Kind, ...]
    gives: Kind
    call: Callable[..., Value]


def _length(text: str) -> Decimal:
    return Decimal(len(text))


def _contains(text: str, part: str) -> bool:
    return part in text


_TEXT, _TWO_TEXTS = (Kind.TEXT,), (Kind.TEXT, Kind.TEXT)
FUNCTIONS = {
    "number": Function(usage="number(meta.amount)", takes=_TEXT, gives=Kind.NUMBER, call=number),
    "money": Function(usage="money(meta.amount)", takes=_TEXT, gives=Kind.NUMBER, call=money),
    "lower": Function(usage="lower(meta.plan)", takes=_TEXT, gives=Kind.TEXT, call=str.lower),
    "upper": Function(usage="upper(meta.plan)", takes=_TEXT, gives=Kind.TEXT, call=str.upper),
    "strip": Function(usage="strip(meta.plan)", takes=_TEXT, gives=Kind.TEXT, call=str.strip),
    "length": Function(usage="length(meta.query)", takes=_TEXT, gives=Kind.NUMBER, call=_length),
    "startswith": Function(
        usage="startswith(meta.path, '/blog/')", takes=_TWO_TEXTS, gives=Kind.TRUTH, call=str.startswith
    ),
    "endswith": Function(
        usage="endswith(meta.path, '.pdf')", takes=_TWO_TEXTS, gives=Kind.TRUTH, call=str.endswith
    ),
    "contains": Function(
        usage="contains(meta.path, 'checkout')", takes=_TWO_TEXTS, gives=Kind.TRUTH, call=_contains
    ),
}
# Their argument is more than a value: a meta key, a pattern.
SPECIAL = {"has": "has(meta.coupon)", "matches": "matches(meta.path, '^/blog/')"}


def meta(key: str) -> Read:
    """Read a meta value. `.get` is the mapping's own method, the key is only ever data."""
    return lambda event: event.meta.get(key)


def has(key: str) -> Test:
    """Tell whether a meta key came with the event."""
    return lambda event: key in event.meta


def constant(value: Value) -> Read:
    """Read a literal."""
    return lambda event: value


def applied(function: Function, arguments: Iterable[Term]) -> Read:
    """Call a helper. Missing in, missing out; a test on a missing value is false."""
    call = function.call
    first, *rest = arguments
    read = first.read
    if not rest:

        def one(event: Event) -> Value:
            value = read(event)
            return None if value is None else call(value)

        return one
    read_other = rest[0].read

    def two(event: Event) -> Value:
        value, other = read(event), read_other(event)
        return False if value is None or other is None else call(value, other)

    return two


def searched(read: Read, pattern: Any) -> Test:
    """Search for a compiled re2 pattern of bytes."""
    search = pattern.search

    def test(event: Event) -> bool:
        text = read(event)
        # Half a surrogate pair can come in a JSON body, and cannot be written as UTF-8.
        return isinstance(text, str) and search(text.encode(errors="replace")) is not None

    return test


def compared(compare: Callable[[Any, Any], bool], left: Term, right: Term) -> Test:
    """Compare two terms of one kind. False when either is missing."""
    read, read_other, fixed = left.read, right.read, right.constant
    if fixed is not None:

        def with_constant(event: Event) -> bool:
            value = read(event)
            return value is not None and compare(value, fixed)

        return with_constant

    def both(event: Event) -> bool:
        value, other = read(event), read_other(event)
        return value is not None and other is not None and compare(value, other)

    return both


def among(read: Read, options: Iterable[Value], *, wanted: bool) -> Test:
    """Tell whether a value is one of some literals. False when it is missing, wanted or not."""
    known = frozenset(options)

    def test(event: Event) -> bool:
        value = read(event)
        return value is not None and (value in known) is wanted

    return test


def is_part(part: str, text: str) -> bool:
    """`part in text`, as a comparison."""
    return part in text


def is_no_part(part: str, text: str) -> bool:
    """`part not in text`, as a comparison."""
    return part not in text


def negated(test: Read) -> Test:
    """Tell the opposite."""
    return lambda event: not test(event)


def all_of(tests: list[Read]) -> Test:
    """Tell whether all hold, and look no further than the first that does not."""
    if len(tests) == 2:
        first, second = tests
        return lambda event: bool(first(event) and second(event))

    def test(event: Event) -> bool:
        for each in tests:  # noqa: SIM110 - half the time of all() with a generator
            if not each(event):
                return False
        return True

    return test


def any_of(tests: list[Read]) -> Test:
    """Tell whether one holds, and look no further than the first that does."""

    def test(event: Event) -> bool:
        for each in tests:  # noqa: SIM110 - half the time of any() with a generator
            if each(event):
                return True
        return False

    return test


def calculated(calculate: Callable[[Any, Any], Decimal], left: Read, right: Read) -> Read:
    """Calculate with 60 digits. What cannot be calculated (x / 0) is missing."""

    def read(event: Event) -> Value:
        value, other = left(event), right(event)
        if value is None or other is None:
            return None
        result = calculate(value, other)
        return result if result.is_finite() else None

    return read


COMPARE = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
CALCULATE = {"Add": EXACT.add, "Sub": EXACT.subtract, "Mult": EXACT.multiply, "Div": EXACT.divide}
