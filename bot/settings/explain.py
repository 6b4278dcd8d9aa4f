"""What is wrong with a value, in words, with what would be right."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.locate import Path, line_of

_WORDS = {
    "missing": "is missing",
    "string_type": "a text in quotes is needed",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "tuple_type": 'a list is needed, such as ["sales"]',
    "dict_type": "a table is needed",
    "model_type": "a table is needed",
    "model_attributes_type": "a table is needed",
    "path_type": "a path in quotes is needed",
    "string_pattern_mismatch": 'small letters, digits, "-" and "_" are needed, and a letter or digit first',
    "string_too_short": "must not be empty",
    "too_short": "at least one is needed",
    "union_tag_not_found": "the key type is missing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake of a file. `place` is a path as the file spells it, `line` counts from 1."""

    place: str
    what: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.what}{hint}" if self.place else f"{self.what}{hint}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` when something known is close, else what is known, else nothing."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known: {', '.join(names)}" if names and len(names) <= 12 else ""


def mistakes_of(
    error: ValidationError, model: type[BaseModel], path: Path, places: Mapping[Path, int], title: str
) -> list[Mistake]:
    """Turn a failed validation of one table into mistakes. The values themselves are never repeated."""
    found = []
    for detail in error.errors(include_url=False, include_context=True, include_input=False):
        inner = tuple(
            part for part in detail["loc"] if part not in ("slack", "mail") or part in model.model_fields
        )
        found.append(
            Mistake(
                place=_joined(title, inner),
                what=_what(detail),
                line=line_of(places, (*path, *inner)),
                hint=_hint(detail, model, inner),
            )
        )
    return found


def _joined(title: str, inner: Path) -> str:
    tail = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in inner)
    return f"{title}{tail}" if title else tail.lstrip(".")


def _what(detail: ErrorDetails) -> str:
    kind, words = detail["type"], detail["msg"]
    if kind == "extra_forbidden":
        return "unknown key"
    if kind in ("value_error", "assertion_error"):
        return words.removeprefix("Value error, ")
    if kind in ("literal_error", "enum"):
        return f"{detail['ctx']['expected']} is needed"
    if kind == "union_tag_invalid":
        return f"type must be one of {detail['ctx']['expected_tags']}"
    if kind == "greater_than_equal":
        return f"at least {detail['ctx']['ge']} is needed"
    if kind == "less_than_equal":
        return f"at most {detail['ctx']['le']} is possible"
    if kind == "string_too_long":
        return f"at most {detail['ctx']['max_length']} characters are possible"
    return _WORDS.get(kind, words[:1].lower() + words[1:])


def _hint(detail: ErrorDetails, model: type[BaseModel], inner: Path) -> str:
    if detail["type"] != "extra_forbidden" or not inner:
        return ""
    for part in inner[:-1]:
        field = model.model_fields.get(str(part))
        if field is None or not (
            isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        ):
            return ""
        model = field.annotation
    return did_you_mean(str(inner[-1]), keys_of(model))


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys of a table as the file spells them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def as_text(data: Any) -> str:
    """Return a name for a message: short, on one line."""
    return " ".join(str(data).split())[:60]
