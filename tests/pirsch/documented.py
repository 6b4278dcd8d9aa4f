"""What the vendor documents: every call, with its example answers."""

import json
from pathlib import Path
from typing import Any

_PAGE = json.loads((Path(__file__).parent / "data" / "documented_calls.json").read_text())

CALLS: frozenset[tuple[str, str]] = frozenset((one["method"], one["path"]) for one in _PAGE["calls"])


def examples() -> dict[tuple[str, str], list[Any]]:
    """Return the example answers of each call that has any."""
    found: dict[tuple[str, str], list[Any]] = {}
    for one in _PAGE["calls"]:
        if one["response_example"] is not None:
            found.setdefault((one["method"], one["path"]), []).append(one["response_example"])
    return found
