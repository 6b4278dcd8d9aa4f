"""Event names with wildcards.

`*` stands for any number of characters, `?` for exactly one, `[abc]` and `[a-z]` for one of these,
`[!abc]` for one other than these. A glob is compared with the whole name, and letter case counts.
`[*]`, `[?]` and `[[]` stand for the character itself. Only the first 1,000 characters of a name are
looked at, so that a stranger's long name costs no more than that.
"""

import re2

LONGEST_NAME = 1000
_WILDCARDS = frozenset("*?[")


class GlobError(ValueError):
    """A glob cannot be used; the text says why."""


def is_glob(name: str) -> bool:
    """Tell whether a rule's event is a glob rather than an exact name."""
    return not _WILDCARDS.isdisjoint(name)


def pattern(glob: str) -> str:
    """Translate a glob to RE2 syntax. Raise GlobError when a bracket is wrong."""
    if any("\ud800" <= character <= "\udfff" for character in glob):
        raise GlobError("half a character (a lone surrogate) is in no event's name")
    parts: list[str] = []
    place = 0
    while place < len(glob):
        character = glob[place]
        place += 1
        if character == "*":
            if parts[-1:] != [".*"]:
                parts.append(".*")
        elif character == "?":
            parts.append(".")
        elif character == "[":
            # A closing bracket in the first place is one of the characters.
            end = glob.find("]", place + 1 + (glob[place : place + 1] == "!"))
            if end < 0:
                raise GlobError(
                    f"the bracket in {glob!r} is never closed; write [[] for the character itself"
                )
            parts.append(_one_of(glob[place:end]))
            place = end + 1
        else:
            parts.append(re2.escape(character))
    return "".join(parts)


def _one_of(inside: str) -> str:
    negated = inside.startswith("!")
    rest = inside[negated:]
    ranges = []
    while rest:
        is_range = len(rest) >= 3 and rest[1] == "-"
        low, high = rest[0], rest[2 if is_range else 0]
        if low > high:
            raise GlobError(f"[{inside}] runs backwards: {low} comes after {high}")
        ranges.append(f"\\x{{{ord(low):x}}}-\\x{{{ord(high):x}}}")
        rest = rest[3 if is_range else 1 :]
    return f"[{'^' if negated else ''}{''.join(ranges)}]"
