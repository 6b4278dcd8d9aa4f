"""From a method's signature to options and arguments of a command, and back to the method's values."""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import click
from pydantic import TypeAdapter, ValidationError

from bot.cli.ground import Length
from bot.cli.pirsch import questions
from bot.pirsch.answers.account import Domain
from bot.pirsch.ids import DomainId
from bot.pirsch.query import Query, Scale, Slice

Values = Mapping[str, Any]

_DAYS = {"first": "--from", "last": "--to", "start": "--start"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a method: what stands for it on the command line, and how its value is made."""

    name: str
    options: Sequence[click.Parameter]
    value: Callable[[Domain | None, Values], Any]


def parameters(method: Callable[..., object]) -> list[Parameter]:
    """Return what a method takes, without `self`."""
    hints = get_type_hints(method)
    signature = inspect.signature(method).parameters
    return [
        _parameter(name, hints[name], one.default)
        for name, one in signature.items()
        if name not in ("self", "rows")
    ]


def pages(method: Callable[..., object]) -> Slice | None:
    """Return how a method that gives its rows in pages sorts them, or None when it has no pages."""
    one = inspect.signature(method).parameters.get("rows")
    return one.default if one is not None and isinstance(one.default, Slice) else None


def needs_domain(method: Callable[..., object]) -> bool:
    """Whether a method is about a dashboard."""
    return bool({DomainId, Query} & set(get_type_hints(method).values()))


def _parameter(name: str, hint: Any, default: object) -> Parameter:
    if hint is Query:
        return Parameter(name=name, options=questions.query_options(), value=_query)
    if hint is DomainId:
        return Parameter(name=name, options=(), value=lambda domain, values: domain and domain.id)
    option = _option(name, _inner(hint), default)
    read = _reader(_inner(hint))
    return Parameter(name=name, options=(option,), value=lambda domain, values: read(values[name]))


def _query(domain: Domain | None, values: Values) -> Query:
    if domain is None:
        raise click.UsageError("Which site? Say --site.")
    return questions.query(domain, values)


def _inner(hint: Any) -> Any:
    """Return the type behind an id and behind "or None"."""
    if isinstance(hint, NewType):
        return hint.__supertype__
    if get_origin(hint) in (Union, UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _option(name: str, hint: Any, default: object) -> click.Parameter:
    """Return what stands for a plain value: an option when it has a default, or else an argument."""
    flag = f"--{name.replace('_', '-')}"
    required = default is inspect.Parameter.empty
    if hint is timedelta:
        within = name == "within"
        return click.Option(
            [flag, name],
            type=Length(),
            required=not within,
            default=questions.WITHIN if within else None,
            help="A length of time: 10m, 1h.",
        )
    if hint is bool:
        no = f"{flag}/--no-{name}" if name != "on" else "--on/--off"
        return click.Option([no if required else flag, name], is_flag=True, required=required, default=None)
    if isinstance(hint, type) and issubclass(hint, Scale):
        words = [one.value for one in hint]
        return click.Option([flag, name], type=click.Choice(words), default=str(default), show_default=True)
    if hint is date or hint is datetime:
        kind = questions.DAY if hint is date else click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
        words_for = "A day." if hint is date else "A day, or an instant in UTC."
        return click.Option([_DAYS.get(name, flag), name], type=kind, required=False, help=words_for)
    if hint == Sequence[str]:
        return click.Argument([name], nargs=-1, required=True, metavar=f"{name.upper()}...")
    if hint in (str, int):
        if required:
            return click.Argument([name], type=hint, metavar=name.upper())
        return click.Option([flag, name], type=hint, default=default, help="A text.")
    return click.Argument([name], type=Json(hint), metavar="JSON")


def _reader(hint: Any) -> Callable[[Any], Any]:
    if hint is date:
        return lambda at: at and at.date()
    if hint is datetime:
        return lambda at: at and at.replace(tzinfo=UTC)
    if hint is bool:
        return bool
    return Scale if hint is Scale else lambda value: value


# ---------------------------------------------------------------- objects as JSON


class Json(click.ParamType[object]):
    """An object as JSON, or @FILE with it. Unknown keys are mistakes."""

    name = "JSON"

    def __init__(self, hint: Any) -> None:
        self._hint = hint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Read it, or say every mistake."""
        try:
            text = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value
            data = json.loads(text)
            _check_known(self._hint, data)
            found: object = TypeAdapter(self._hint).validate_python(data)
        except ValidationError as wrong:
            places = [(".".join(map(str, one["loc"])), one["msg"]) for one in wrong.errors()]
            self.fail("; ".join(f"{place}: {said}" if place else said for place, said in places), param, ctx)
        except OSError as error:
            self.fail(f"cannot read the file: {error.strerror}", param, ctx)
        except (ValueError, RecursionError) as error:
            self.fail(f"this is not the JSON that is needed: {error}", param, ctx)
        return found


def _check_known(hint: Any, data: object) -> None:
    """Raise ValueError for a key that the object does not have: it would be lost without a word."""
    if isinstance(data, list):
        for one in data:
            _check_known(get_args(hint)[0] if get_args(hint) else hint, one)
    elif is_dataclass(hint) and isinstance(data, dict):
        known = keys(hint)
        for name, value in data.items():
            if name not in known:
                raise ValueError(f"there is no {name!r}; there are {', '.join(known)}")
            _check_known(_inner(known[name]), value)


def keys(hint: Any) -> dict[str, Any]:
    """Return the keys of an object that is written as JSON, with their types."""
    if not is_dataclass(hint):
        return {}
    hints = get_type_hints(hint)
    return {one.name: hints[one.name] for one in fields(hint) if one.name != "rest"}


def explained(method: Callable[..., object]) -> str:
    """Return a paragraph on the objects that a method takes; empty when it takes none."""
    hints = get_type_hints(method)
    objects = [hint for name, hint in hints.items() if name != "return" and keys(hint) and hint not in _MADE]
    return " ".join(
        f"The JSON has {', '.join(_key(name, kind) for name, kind in keys(one).items())}." for one in objects
    )


def _key(name: str, kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"{name} ({', '.join(f'{one.value}: {one.name.lower()}' for one in kind)})"
    return name


_MADE = (Query, Slice)
