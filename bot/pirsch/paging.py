"""Reads a list to its end, a hundred rows at a time, and says whether it got there.

    paging.to_the_end(partial(pirsch.breakdowns.pages, query), sort="visitors", most=1000)

Pirsch gives at most 100 rows and no total. Traffic that arrives meanwhile can move a row from one page to
the next; ask for completed days where every row counts.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.pirsch.errors import NotReadable
from bot.pirsch.query import MOST_ROWS, Direction, Slice

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[Row]):
    """What was read, each row once.

    `complete` is False when the bound came before the end, or when rows moved meanwhile: a row that came
    twice pushed another one out of sight.
    """

    rows: tuple[Row, ...]
    complete: bool


def to_the_end(
    read: Callable[[Slice], Sequence[Row]],
    *,
    sort: str = "visitors",
    direction: Direction = Direction.DESCENDING,
    most: int = 10_000,
    key: Callable[[Row], Hashable] = repr,
) -> Rows[Row]:
    """Read pages until one is not full, or until more than `most` rows are known to be there.

    Rows with one `key` are the same row. A page longer than the limit is the whole list, from a server that
    knows no pages. Raise NotReadable when a full page comes twice: then the server ignores the offset, and
    asking on would never end.
    """
    rows: list[Row] = []
    before: Sequence[Row] | None = None
    while len(rows) <= most:
        limit = min(MOST_ROWS, most + 1 - len(rows))  # one more than wanted, to know whether it is the end
        page = read(Slice(sort=sort, direction=direction, limit=limit, offset=len(rows)))
        if page and page == before:
            raise NotReadable("the same rows came twice, so the offset is ignored")
        rows.extend(page)
        if len(page) != limit:
            return _once(rows, most, key)
        before = page
    return _once(rows, most, key)


def _once(rows: Sequence[Row], most: int, key: Callable[[Row], Hashable]) -> Rows[Row]:
    first = {key(row): row for row in reversed(rows)}  # of two, the one that came first stays
    seen = [row for row in rows if first.pop(key(row), None) is not None]
    return Rows(rows=tuple(seen[:most]), complete=len(seen) == len(rows) <= most)
