"""The owner's `if`, `value` and `once_per`: a small, safe part of Python's syntax, compiled once.

Everything that can be wrong is said when the text is compiled. What was compiled never raises: every
part of an expression has a type that is known beforehand, and a missing value has a meaning.
"""

from bot.rules.expression.compiled import (
    Amount,
    Condition,
    Key,
    compile_condition,
    compile_key,
    compile_value,
)
from bot.rules.expression.syntax import ExpressionError

__all__ = [
    "Amount",
    "Condition",
    "ExpressionError",
    "Key",
    "compile_condition",
    "compile_key",
    "compile_value",
]
