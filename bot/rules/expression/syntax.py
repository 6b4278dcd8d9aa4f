"""Text -> syntax tree, or an error that points at the place and says what to write instead."""

import ast
import keyword
import re
import warnings
from collections import deque

LONGEST_TEXT = 1000
DEEPEST = 50

# Stands for a backslash while Python parses, so that a backslash in a text is just a backslash and
# patterns need no second layer of escapes. One character for one: columns stay right.
_BACKSLASH = "\ue000"
_FLAT = str.maketrans({"\\": _BACKSLASH, "\n": " ", "\r": " ", "\t": " ", "\f": " "})

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_HABITS = (
    (re.compile(r"(?<![=!<>:])=(?!=)"), "a single = does not compare: write =="),
    (re.compile(r"&&"), "write 'and' for &&"),
    (re.compile(r"\|\|"), "write 'or' for ||"),
    (re.compile(r"!(?!=)"), "write 'not' for !"),
    (re.compile(r"<>"), "write != for <>"),
    (re.compile(r"\b(?:AND|OR|NOT|IN)\b"), "write 'and', 'or', 'not' and 'in' in small letters"),
    (re.compile(r"#"), "a comment is not possible here"),
    (re.compile(r"(?:[=<>]|[-+*/]|\b(?:and|or|not|in))\s*$"), "something is missing after this"),
)
_RESERVED = re.compile(rf"\bmeta\s*\.\s*({'|'.join(keyword.kwlist)})\b")


class ExpressionError(ValueError):
    """An expression cannot be used. `sentence` says why, `column` (from 1) and `pointer` where."""

    def __init__(self, text: str, column: int, sentence: str) -> None:
        super().__init__(text, column, sentence)
        self.text = text
        self.column = column
        self.sentence = sentence

    @property
    def pointer(self) -> str:
        """The line of the expression, and below it a caret under the place. No terminal obeys any of it."""
        start = self.text.rfind("\n", 0, self.column - 1) + 1
        line = self.text[start:].split("\n", 1)[0].expandtabs(1)
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
        return f"{shown}\n{' ' * (self.column - 1 - start)}^"

    def __str__(self) -> str:
        return f"{self.sentence} (column {self.column})\n{self.pointer}"


class Source:
    """The text that is compiled: knows its tree, and the column of each node."""

    def __init__(self, text: str) -> None:
        """Parse. Raise ExpressionError when it is no expression, too long or too deep."""
        if len(text) > LONGEST_TEXT:
            raise ExpressionError(text, LONGEST_TEXT + 1, f"at most {LONGEST_TEXT} characters are possible")
        self.text = text
        self._flat = text.translate(_FLAT)
        self._indent = len(self._flat) - len(self._flat.lstrip(" "))
        if not self._flat.strip():
            raise ExpressionError(text, 1, "an expression is missing")
        if hostile := re.search(
            r"[\x00-\x1f\x7f\ud800-\udfff\ue000]", text.translate(_FLAT).replace(_BACKSLASH, "\\")
        ):
            raise ExpressionError(text, hostile.start() + 1, "control characters are not possible here")
        self.tree = self._parse()

    def error(self, node: ast.AST, sentence: str) -> ExpressionError:
        """Make the error that points at a node."""
        before = self._flat[self._indent :].encode()[: getattr(node, "col_offset", 0)]
        return ExpressionError(self.text, self._indent + len(before.decode()) + 1, sentence)

    def segment(self, node: ast.expr) -> str:
        """Return the node's own characters."""
        line = self._flat[self._indent :].encode()
        return line[node.col_offset : node.end_col_offset].decode()

    def _parse(self) -> ast.expr:
        try:
            tree = _tree(self._flat)
        except SyntaxError as error:
            raise self._explained(error) from error
        except (RecursionError, MemoryError, ValueError) as error:
            raise ExpressionError(self.text, 1, "this is too deeply nested") from error
        if "#" in self._flat and self._has_comment():
            raise ExpressionError(self.text, self.text.rindex("#") + 1, "a comment is not possible here")
        if _depth(tree) > DEEPEST:
            raise ExpressionError(self.text, 1, f"this is nested more than {DEEPEST} levels deep")
        return tree

    def _has_comment(self) -> bool:
        # What stands after a comment makes no difference. Lines were joined, so a comment would
        # silently swallow all the lines below it.
        try:
            _tree(self._flat + " )")
        except SyntaxError:
            return False
        return True

    def _explained(self, error: SyntaxError) -> ExpressionError:
        if reserved := _RESERVED.search(self._flat):
            key = reserved[1]
            return ExpressionError(
                self.text, reserved.start() + 1, f"{key!r} is a reserved word: write meta[{key!r}]"
            )
        unquoted = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), self._flat)
        for habit, advice in _HABITS:
            if found := habit.search(unquoted):
                return ExpressionError(self.text, found.start() + 1, advice)
        column = min(self._indent + max(error.offset or 1, 1), len(self.text) + 1)
        why = (error.msg or "invalid syntax").split(" (detected", 1)[0].split(". Perhaps", 1)[0]
        if _BACKSLASH in why or "\\ue000" in why.lower() or "U+E000" in why:
            why = "a backslash is possible only inside quotes"
        return ExpressionError(self.text, column, why)


def _tree(line: str) -> ast.expr:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # "1and 2": the parser turns its warning into a SyntaxError
        return ast.parse(line.strip(" "), mode="eval").body


def _depth(tree: ast.AST) -> int:
    deepest = 0
    waiting = deque([(tree, 1)])
    while waiting:
        node, depth = waiting.popleft()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest


def unescaped(text: str) -> str:
    """Return a text constant of the tree as the owner wrote it."""
    return text.replace(_BACKSLASH, "\\")
