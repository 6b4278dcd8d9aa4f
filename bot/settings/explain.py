"""What is wrong with a value, in words, with what would be right."""

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings import alert_tables, digest_tables, manage_tables, occasion_tables, tables, watch_tables
from bot.settings.locate import Path
from bot.settings.mistakes import Report, as_key, did_you_mean
from bot.settings.source_tables import Site

_WORDS = {
    "missing": "is missing",
    "string_type": "a text in quotes is needed",
    "int_type": "a whole number is needed",
    "tuple_type": 'a list is needed: ["…"]',
    "dict_type": "a table is needed",
    "model_type": "a table is needed",
    "model_attributes_type": "a table is needed",
    "string_pattern_mismatch": 'small letters, digits, "-" and "_" are needed, and a letter or digit first',
    "string_too_short": "must not be empty",
    "union_tag_not_found": "is missing",
}

_PLACES: tuple[tuple[str, type[BaseModel]], ...] = (
    *((f"[{name}]", model) for name, model in tables.TABLES.items()),
    ("[store.keep]", tables.Keep),
    ("[site.<name>]", Site),
    ("[channel.<name>]", tables.SlackChannel),
    ("[[rule]]", tables.Rule),
    ("[[digest]]", digest_tables.Digest),
    ("[alerts]", alert_tables.Alerts),
    ("[[silence]]", alert_tables.Silence),
    ("[manage.<site>]", manage_tables.Manage),
    ("[[watch]]", watch_tables.Watch),
    ("[[occasion]]", occasion_tables.Occasion),
)


def explain(error: ValidationError, model: type[BaseModel], path: Path, title: str, report: Report) -> None:
    """Turn a failed validation of one table into mistakes. The values themselves are never repeated."""
    for detail in error.errors(include_url=False, include_context=True, include_input=False):
        inner = tuple(
            part for part in detail["loc"] if part not in ("slack", "mail") or part in keys_of(model)
        )
        if detail["type"].startswith("union_tag"):
            inner = (*inner, "type")
        report.add((*path, *inner), _joined(title, inner), _what(detail), _hint(detail, model, inner))


def first_word(error: ValidationError) -> str:
    """Say what is wrong with a single value."""
    return _what(error.errors(include_url=False, include_context=True, include_input=False)[0])


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys of a table as the file spells them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def where_known(key: str) -> str:
    """Say in which tables a key would be right; nothing when there is none, or many."""
    places = [place for place, model in _PLACES if key in keys_of(model)]
    return f"it belongs into {' or '.join(places)}" if 0 < len(places) <= 2 else ""


def _joined(title: str, inner: Path) -> str:
    tail = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{as_key(part)}" for part in inner)
    return f"{title}{tail}" if title else tail.lstrip(".")


def _what(detail: ErrorDetails) -> str:
    kind, words, context = detail["type"], detail["msg"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return "unknown key"
        case "value_error":
            return words.removeprefix("Value error, ")
        case "literal_error" | "enum":
            return f"{context['expected']} is needed"
        case "union_tag_invalid":
            return f"{' or '.join(context['expected_tags'].split(', '))} is needed"
        case "greater_than_equal":
            return f"at least {context['ge']} is needed"
        case "greater_than":
            return f"more than {context['gt']:g} is needed"
        case "less_than_equal":
            return f"at most {context['le']} is possible"
        case "string_too_long":
            return f"at most {context['max_length']} characters are possible"
    return _WORDS.get(kind, words[:1].lower() + words[1:])


def _hint(detail: ErrorDetails, model: type[BaseModel], inner: Path) -> str:
    if detail["type"] == "union_tag_invalid":
        hint = did_you_mean(str(detail["ctx"]["tag"]), ("slack", "mail"))
        return hint if hint.startswith("did you mean") else ""
    if detail["type"] != "extra_forbidden" or not inner:
        return ""
    key, table = str(inner[-1]), _table_at(model, inner[:-1])
    if table is None:
        return ""
    hint = did_you_mean(key, keys_of(table))
    return (not hint.startswith("did you mean") and where_known(key)) or hint


def _table_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    for part in path:
        field = model.model_fields.get(str(part))
        inside = field.annotation if field is not None else None
        if not isinstance(inside, type) or not issubclass(inside, BaseModel):
            return None
        model = inside
    return model
