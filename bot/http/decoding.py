"""JSON of a far side becomes a frozen value, tolerantly, or a sentence that says where it does not.

What a field accepts follows from its type, so that a value class is all there is to write. Generations of
the documents differ, and Go writes what Python does not expect, hence:

- unknown keys are passed over, or collected by a field of type `Rest`, to be sent back unchanged;
- a missing key or `null` gives the field's default; an empty tuple, mapping or None if the type allows it;
- a whole number stands for a float, a whole float for an int; NaN and infinity count as `null`;
- one thing stands for a list of one, a text for a truth or a number, a number for a text;
- `Annotated[int, Keys("new", "old")]` names the spellings of a key, first come first served.

A number that a caller decides upon has no default: a missing `visitors` is an error and never a zero.
"""

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from math import isfinite
from typing import Annotated, Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[object, str], Any]

BEYOND = 2**64  # no integer of Go is as great, and no column of ours takes it


class Unfit(ValueError):
    """The JSON is not what the type asks for; the text says where and why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The spellings of a field's key on the wire; the first that is there and not null counts."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


Rest = Annotated[Mapping[str, object], "rest"]  # the field that collects the keys which no other one knows


def decode(kind: type[T], data: object, place: str = "") -> T:
    """Return `data`, as json.loads gives it, as a `kind`. Raise Unfit with the place of the trouble."""
    value: T = _reader(cast(Hashable, kind))(data, place)
    return value


@cache
def _reader(hint: Hashable) -> Reader:
    if isinstance(hint, NewType):
        return partial(_id, _reader(hint.__supertype__))
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _reader(arguments[0])
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in arguments if one is not type(None))
        return partial(_optional, _reader(inner))
    if origin is tuple:
        return partial(_several, _reader(arguments[0]))
    if origin is Mapping:
        return partial(_mapping, _reader(arguments[1]))
    if is_dataclass(hint):
        return partial(_record, _plan(hint))
    raise TypeError(f"no reader for {hint!r}")


# ---------------------------------------------------------------- single values


def _unfit(place: str, wanted: str, data: object) -> Unfit:
    return Unfit(
        f"{place or 'the answer'}: {wanted} expected, {_KINDS.get(type(data), 'something else')} found"
    )


_KINDS = {
    type(None): "null",
    bool: "a truth",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}


def _text(data: object, place: str) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, int) and not isinstance(data, bool):
        return str(data)
    raise _unfit(place, "a text", data)


def _whole(data: object, place: str) -> int:
    number = _as_whole(data)
    if number is None or abs(number) >= BEYOND:
        raise _unfit(place, "a whole number", data)
    return number


def _as_whole(data: object) -> int | None:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    if isinstance(data, float) and isfinite(data) and data.is_integer():
        return int(data)
    if isinstance(data, str) and len(data) <= 20 and data.isascii() and data.removeprefix("-").isdigit():
        return int(data)
    return None


def _number(data: object, place: str) -> float:
    if isinstance(data, str) and len(data) <= 40:
        try:
            data = float(data)
        except ValueError:
            raise _unfit(place, "a number", data) from None
    if isinstance(data, int | float) and not isinstance(data, bool):
        try:
            number = float(data)
        except OverflowError:
            raise _unfit(place, "a number", data) from None
        if isfinite(number):
            return number
    raise _unfit(place, "a number", data)


def _decimal(data: object, place: str) -> Decimal:
    """Read an amount as it is written: a float, or the text that a database makes of its own decimals."""
    if isinstance(data, str | int | float) and not isinstance(data, bool) and len(str(data)) <= 40:
        try:
            amount = Decimal(str(data))
        except InvalidOperation:
            raise _unfit(place, "an amount", data) from None
        if amount.is_finite():
            return amount
    raise _unfit(place, "an amount", data)


def _truth(data: object, place: str) -> bool:
    if isinstance(data, bool):
        return data
    if data in ("true", "1", 1):
        return True
    if data in ("false", "0", "", 0):
        return False
    raise _unfit(place, "a truth", data)


def _instant(data: object, place: str) -> datetime:
    """Read RFC 3339 with any number of fractional digits; Pirsch sends 6, and 9 with a token."""
    try:
        at = datetime.fromisoformat(_text(data, place))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _unfit(place, "a time", data) from None


def _day(data: object, place: str) -> date:
    """Read a calendar day. `2024-05-01T00:00:00Z` means that local day; it is no instant to be converted."""
    try:
        return date.fromisoformat(_text(data, place)[:10])
    except ValueError:
        raise _unfit(place, "a day", data) from None


def _anything(data: object, place: str) -> object:
    return data


_PLAIN: dict[Any, Reader] = {
    str: _text,
    int: _whole,
    float: _number,
    Decimal: _decimal,
    bool: _truth,
    datetime: _instant,
    date: _day,
    object: _anything,
}


# ---------------------------------------------------------------- values made of others


def _id(inner: Reader, data: object, place: str) -> Any:
    value = inner(data, place)
    if value == "":
        raise Unfit(f"{place or 'the answer'}: an id expected, an empty text found")
    return value


def _is_nothing(data: object) -> bool:
    return data is None or (isinstance(data, float) and not isfinite(data))


def _optional(inner: Reader, data: object, place: str) -> Any:
    if _is_nothing(data) or (data in ("", {}) and inner is not _text):
        return None  # Go writes what is not there as an empty text or an empty object
    return inner(data, place)


def _several(inner: Reader, data: object, place: str) -> tuple[Any, ...]:
    if data is None:
        return ()
    things = data if isinstance(data, list) else [data]
    return tuple(inner(thing, f"{place}[{number}]") for number, thing in enumerate(things))


def _mapping(inner: Reader, data: object, place: str) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise _unfit(place, "an object", data)
    return {name: inner(value, f"{place}.{name}") for name, value in data.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """How one field of a value is found in an object and read."""

    name: str
    keys: tuple[str, ...]
    read: Reader
    has_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How an object becomes a value."""

    kind: Any
    slots: tuple[_Slot, ...]
    known: frozenset[str]
    collects: str | None


def _plan(kind: Any) -> _Plan:
    hints = get_type_hints(kind, include_extras=True)
    collects = next((one.name for one in fields(kind) if hints[one.name] == Rest), None)
    slots = tuple(
        _Slot(
            name=one.name,
            keys=_keys(one.name, hints[one.name]),
            read=_reader(hints[one.name]),
            has_default=one.default is not MISSING or one.default_factory is not MISSING,
        )
        for one in fields(kind)
        if one.name != collects
    )
    known = frozenset(key for slot in slots for key in slot.keys)
    return _Plan(kind=kind, slots=slots, known=known, collects=collects)


def _keys(name: str, hint: object) -> tuple[str, ...]:
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((note.names for note in notes if isinstance(note, Keys)), (name,))


def _record(plan: _Plan, data: object, place: str) -> Any:
    if not isinstance(data, dict):
        raise _unfit(place, "an object", data)
    values: dict[str, Any] = {}
    for slot in plan.slots:
        found = next((data[key] for key in slot.keys if not _is_nothing(data.get(key))), None)
        if found is None and slot.has_default:
            continue
        values[slot.name] = slot.read(found, f"{place}.{slot.keys[0]}".lstrip("."))
    if plan.collects:
        values[plan.collects] = {key: value for key, value in data.items() if key not in plan.known}
    return plan.kind(**values)
