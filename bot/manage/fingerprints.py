"""Whether two objects are the same, whatever order or type of number they were written in. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence


def fingerprint(value: object) -> str:
    """Return a hash of JSON data that is the same for equal data, in whatever order it was made."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: object) -> str:
    """Write JSON data in the one form in which equal data are the same text."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """A whole float is a whole number: Pirsch writes 2 where it read 2.0."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two objects are the same in all that is told of both."""
    told = [name for name in {*one, *other} if one.get(name) is not None and other.get(name) is not None]
    return all(canonical(one[name]) == canonical(other[name]) for name in told)
