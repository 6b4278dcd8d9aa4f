"""Writes answers as the vendor's server does."""

import json
from datetime import datetime
from typing import Any


def encode(value: object, *, null_lists: bool) -> bytes:
    """Write JSON: whole floats as integers, and empty lists as null when asked (Go's nil slices)."""
    if null_lists and value == []:
        value = None
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def nanoseconds(at: datetime) -> str:
    """Write an instant with nine fractional digits, as only `expires_at` has them."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}{at.microsecond % 1000:03d}Z"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
