"""Reads the bodies of calls as a Go server does: absent fields are zero, wrong types are refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.sandbox.pirsch.refusal import Refused

Json = object


class Kind(Enum):
    """The JSON types a field can have, with the value that stands for its absence."""

    TEXT = ("a string", str, "")
    FLAG = ("a boolean", bool, False)
    WHOLE = ("an integer", int, 0)
    NUMBER = ("a number", (int, float), 0)
    TEXTS = ("a list of strings", list, None)
    OBJECT = ("an object", dict, None)
    OBJECTS = ("a list of objects", list, None)
    NULLABLE = ("a string or null", str, None)
    ANY = ("anything", object, None)

    def __init__(self, words: str, type_: type | tuple[type, ...], zero: Json) -> None:
        self.words, self.type, self.zero = words, type_, zero

    def accepts(self, value: Json) -> bool:
        """Say whether a value is of this kind."""
        if isinstance(value, bool):
            return self in (Kind.FLAG, Kind.ANY)
        if not isinstance(value, self.type):
            return False
        if isinstance(value, list) and self in (Kind.TEXTS, Kind.OBJECTS):
            return all(isinstance(one, str if self is Kind.TEXTS else dict) for one in value)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    longest: int = 2000


def text(name: str, *, required: bool = False, longest: int = 2000) -> Field:
    """Describe a string."""
    return Field(name=name, required=required, longest=longest)


def flag(name: str) -> Field:
    """Describe a boolean."""
    return Field(name=name, kind=Kind.FLAG)


def of(kind: Kind, *names: str) -> tuple[Field, ...]:
    """Describe several optional fields of one kind."""
    return tuple(Field(name=name, kind=kind) for name in names)


def read(body: Mapping[str, Json], wanted: Sequence[Field]) -> dict[str, Json]:
    """Return every wanted field and ignore others. Raises Refused (400) with a text per wrong field."""
    problems: dict[str, str] = {}
    found: dict[str, Json] = {}
    for field in wanted:
        value = body.get(field.name)
        if value is None:
            value = field.kind.zero
        elif not field.kind.accepts(value):
            problems[field.name] = f"The field must be {field.kind.words}."
        elif isinstance(value, str) and len(value) > field.longest:
            problems[field.name] = f"The field is longer than {field.longest} characters."
        if field.required and value in ("", None, []):
            problems[field.name] = "The field is required."
        found[field.name] = value
    if problems:
        raise Refused(400, fields=problems)
    return found
