"""Reads a list to its end, a hundred rows at a time, and says whether it got there.

    paging.to_the_end(partial(pirsch.breakdowns.pages, query), sort="visitors", most=1000)

Pirsch gives at most 100 rows and no total. Traffic that arrives meanwhile can move a row from one page to
the next; ask for completed days where every row counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.pirsch.errors import NotReadable
from bot.pirsch.query import MOST_ROWS, Direction, Slice

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[Row]):
    """What was read; `complete` is False when the bound came before the end."""

    rows: tuple[Row, ...]
    complete: bool


def to_the_end(
    read: Callable[[Slice], Sequence[Row]],
    *,
    sort: str = "visitors",
    direction: Direction = Direction.DESCENDING,
    most: int = 10_000,
) -> Rows[Row]:
    """Read pages until one is not full, or `most` rows are there.

    Raise NotReadable when a full page comes twice: then the server ignores the offset, and asking on would
    never end.
    """
    rows: list[Row] = []
    before: Sequence[Row] | None = None
    while len(rows) < most:
        limit = min(MOST_ROWS, most - len(rows))
        page = read(Slice(sort=sort, direction=direction, limit=limit, offset=len(rows)))
        if page and page == before:
            raise NotReadable("the same rows came twice, so the offset is ignored")
        rows.extend(page[:limit])
        if len(page) < limit:
            return Rows(rows=tuple(rows), complete=True)
        before = page
    return Rows(rows=tuple(rows), complete=False)
