"""Sorts, searches and cuts rows."""

from collections.abc import Sequence

from bot.sandbox.pirsch.calls.call import Call
from bot.sandbox.pirsch.statistics.tally import Row

MOST = 100


def page(
    call: Call, rows: Sequence[Row], *, by: str = "visitors", search_in: Sequence[str] = ()
) -> list[Row]:
    """Return one page of rows, at most 100. `offset` counts only beside a `limit`; no total is told.

    Sorted by `sort` when the rows have such a field, else by `by`, descending unless asked; equals by text.
    """
    wanted = call.query.get("search", "").lower()
    found = [row for row in rows if not wanted or any(wanted in str(row[name]).lower() for name in search_in)]
    asked = call.query.get("sort", "")
    field = asked if found and asked in found[0] else by
    found.sort(key=_text)
    found.sort(key=lambda row: _order(row.get(field)), reverse=call.query.get("direction", "desc") != "asc")
    limit = _whole(call.query.get("limit"))
    if limit <= 0:
        return found[:MOST]
    offset = max(0, _whole(call.query.get("offset")))
    return found[offset : offset + min(limit, MOST)]


def _text(row: Row) -> str:
    return "\0".join(value for value in row.values() if isinstance(value, str))


def _order(value: object) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 0, value, ""
    return 1, 0, str(value)


def _whole(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        return 0
