"""On which line of a TOML file a value stands. The standard reader keeps no positions."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]

DEEPEST = 8
"""Nothing that is known lies deeper; what does has the line of what is around it."""

# What can hide a line's end, or open and close a value. One or two quotes more may stand before the three
# that end a text of several lines.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


def locate(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and nested key of a TOML text that parses.

    A key belongs to the table header above it, and items of `[[arrays]]` are counted. What stands in a value
    of several lines has the line on which that value's key stands.
    """
    places: dict[Path, int] = {}
    header: Path = ()
    counts: dict[Path, int] = {}
    for line, statement in _statements(text.replace("\r\n", "\n")):
        parsed = tomllib.loads(statement)
        if statement.startswith("["):
            header = _resolve(parsed, counts, is_array=statement.startswith("[["))
            for end in range(1, len(header) + 1):
                places.setdefault(header[:end], line)
        else:
            for path in _paths(parsed, header):
                places.setdefault(path, line)
    return places


def line_of(places: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of `path`, or of the nearest table around it."""
    while path not in places and path:
        path = path[:-1]
    return places.get(path)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Give each header and each `key = value` with its line, in one pass over the text."""
    line = begun_on = 1
    begun_at = depth = 0
    for token in _TOKEN.finditer(f"{text}\n"):
        word = token[0]
        if word in "[{":
            depth += 1
        elif word in "]}":
            depth -= 1
        elif word == "\n" and depth == 0:
            statement = text[begun_at : token.start()].strip(" \t")
            if statement and not statement.startswith("#"):
                yield begun_on, statement
            begun_at, begun_on = token.end(), line + 1
        line += word.count("\n")


def _resolve(parsed: dict[str, Any], counts: dict[Path, int], *, is_array: bool) -> Path:
    """Turn the header `[[a.b]]` or `[a.b]` into a path with the index of the array's newest item."""
    names: list[str] = []
    inside: Any = parsed
    while isinstance(inside, dict) and inside:
        (name,) = inside
        names.append(name)
        inside = inside[name]
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if is_array and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _paths(value: object, path: Path) -> Iterator[Path]:
    if len(path) > DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index)
            yield from _paths(inner, (*path, index))
