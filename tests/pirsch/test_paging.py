"""Lists are read to their end or to the bound, each row once, whatever the server does."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pirsch import paging
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import NotReadable
from bot.pirsch.query import Slice
from tests.pirsch.every_call import QUERY
from tests.pirsch.far_side import Act, FarSide, Heard, say


@settings(deadline=None)
@given(total=st.integers(0, 700), most=st.integers(1, 700))
def test_every_row_once_in_order(total: int, most: int) -> None:
    asked: list[Slice] = []

    def read(rows: Slice) -> Sequence[int]:
        asked.append(rows)
        return range(total)[rows.offset : rows.offset + rows.limit]

    got = paging.to_the_end(read, most=most)
    assert got.rows == tuple(range(min(total, most)))
    assert not got.complete or total <= most
    assert got.complete is (total <= most)
    assert len(asked) <= most // 100 + 1


@settings(deadline=None)
@given(st.integers(1, 5))
def test_a_server_that_ignores_the_offset_is_found_out(pages: int) -> None:
    def read(rows: Slice) -> Sequence[int]:
        return range(100)

    with pytest.raises(NotReadable):
        paging.to_the_end(read, most=100 * (pages + 1))


def test_a_server_that_gives_more_than_asked_for_is_cut() -> None:
    got = paging.to_the_end(lambda rows: range(500), most=50)
    assert (got.rows, got.complete) == (tuple(range(50)), False)


def test_a_server_that_knows_no_pages_has_said_all() -> None:
    asked: list[Slice] = []

    def read(rows: Slice) -> Sequence[int]:
        asked.append(rows)
        return range(250)

    got = paging.to_the_end(read, most=1_000)
    assert (got.rows, got.complete, len(asked)) == (tuple(range(250)), True, 1)


def test_a_row_that_moves_to_the_next_page_is_told_once_and_the_list_is_not_whole() -> None:
    """Traffic pushes a row from the first page to the second, and hides the one that took its place."""

    def read(rows: Slice) -> Sequence[int]:
        moved = 1 if rows.offset else 0
        return range(150)[rows.offset - moved : rows.offset + rows.limit - moved]

    got = paging.to_the_end(read)
    assert (got.rows, got.complete) == (tuple(range(150)), False)


def test_rows_over_a_socket(pirsch: Pirsch, far: FarSide) -> None:
    pages = [{"path": f"/{number}", "visitors": number} for number in range(230)]

    def answer(heard: Heard) -> Act:
        asked = dict(heard.params)
        assert asked["sort"] == "visitors"
        rows = pages[int(asked["offset"]) :][: int(asked["limit"])]
        return say(rows or None)

    far.answers["GET", "/statistics/page"] = answer
    got = paging.to_the_end(partial(pirsch.breakdowns.pages, QUERY))
    assert [page.visitors for page in got.rows] == list(range(230))
    assert got.complete
    assert len(far.calls()) == 3
    bounded = paging.to_the_end(partial(pirsch.breakdowns.pages, QUERY), most=150)
    assert (len(bounded.rows), bounded.complete) == (150, False)


def test_null_ends_a_list_of_full_pages(pirsch: Pirsch, far: FarSide) -> None:
    full = say([{"path": f"/{number}", "visitors": 1} for number in range(100)])
    far.answers["GET", "/statistics/page"] = [full, say(None)]
    assert len(paging.to_the_end(partial(pirsch.breakdowns.pages, QUERY)).rows) == 100


def test_pages_of_entry_and_exit_come_by_what_they_are_about(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/statistics/page/entry"] = far.answers["GET", "/statistics/page/exit"] = say(None)
    pirsch.breakdowns.entry_pages(QUERY)
    pirsch.breakdowns.exit_pages(QUERY)
    assert [dict(heard.params)["sort"] for heard in far.calls()] == ["entries", "exits"]
