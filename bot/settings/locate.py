"""On which line of a TOML file a value stands. The standard reader keeps no positions."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]


def locate(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and nested key of a TOML text that parses.

    A statement is the shortest run of lines that parses by itself; its keys belong to the table header
    above it, and items of `[[arrays]]` are counted.
    """
    places: dict[Path, int] = {}
    header: Path = ()
    counts: dict[Path, int] = {}
    for line, statement in _statements(text.splitlines()):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            header = _resolve(parsed, counts, is_array=statement.lstrip().startswith("[["))
            places.setdefault(header, line)
        else:
            for path in _paths(parsed, header):
                places.setdefault(path, line)
    return places


def line_of(places: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of `path`, or of the nearest table around it."""
    while path not in places and path:
        path = path[:-1]
    return places.get(path)


def _statements(lines: list[str]) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(lines):
        end = start + 1
        while not _parses("\n".join(lines[start:end])):
            end += 1
            if end > len(lines):
                return
        statement = "\n".join(lines[start:end])
        if statement.strip() and not statement.lstrip().startswith("#"):
            yield start + 1, statement
        start = end


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


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
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index)
            yield from _paths(inner, (*path, index))
