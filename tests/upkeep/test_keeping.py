"""A source that goes wrong never empties a filter, and one that goes right is followed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.upkeep.keeping import (
    LINGER,
    Known,
    Verdict,
    accepted,
    failed,
    judge_list,
    judge_name,
    read_list,
)
from bot.upkeep.networks import Unfit

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def ranges(count: int, start: int = 0) -> str:
    return "\n".join(f"93.{number // 250}.{number % 250}.0/24" for number in range(start, start + count))


def known(text: str) -> Known:
    return judge_list(Known(), read_list(text.encode()), NOON).known


def test_a_list_is_read_with_its_comments_columns_and_blank_lines() -> None:
    body = b"\xef\xbb\xbf# ranges\n\n93.184.216.0/24 ; spam\n93.184.217.1, 2026, DE\r\n2a00:1450::/48 x\n;\n"
    listed = read_list(body)
    assert [str(one) for one in listed.networks] == ["93.184.216.0/24", "93.184.217.1/32", "2a00:1450::/48"]
    assert (listed.lines, listed.unreadable, listed.refused) == (3, 0, ())


def test_private_and_too_wide_entries_are_left_out_and_named() -> None:
    looked = judge_list(Known(), read_list(b"93.184.216.0/24\n0.0.0.0/0\n10.0.0.0/8\n192.168.0.1"), NOON)
    assert looked.verdict is Verdict.TAKEN
    assert looked.known.networks == ("93.184.216.0/24",)
    assert [one.why for one in looked.refused] == [Unfit.TOO_WIDE, Unfit.TOO_WIDE, Unfit.NOT_PUBLIC]


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param(b"", Verdict.EMPTY, id="an empty file"),
        pytest.param(b"# nothing today\n", Verdict.EMPTY, id="only comments"),
        pytest.param(b"0.0.0.0/0\n::/0\n10.0.0.0/8\n", Verdict.EMPTY, id="only what is refused"),
        pytest.param(
            b"<html><body>\nnot found\n</body></html>", Verdict.UNREADABLE, id="a page in its place"
        ),
        pytest.param(b"\xff\xfe\x00" * 100, Verdict.UNREADABLE, id="bytes"),
        pytest.param(ranges(5).encode(), Verdict.SHRUNK, id="half of it is gone"),
        pytest.param(ranges(10, start=100).encode(), Verdict.SHRUNK, id="another list altogether"),
        pytest.param(ranges(501).encode(), Verdict.TOO_MANY, id="one more than is taken"),
    ],
)
def test_what_is_no_good_list_changes_nothing(body: bytes, verdict: Verdict) -> None:
    before = known(ranges(10))
    looked = judge_list(before, read_list(body), NOON + SECOND)
    assert looked.verdict is verdict
    assert not looked.verdict.good
    assert looked.why
    assert looked.known == before


@pytest.mark.parametrize(
    ("left", "verdict"), [(4, Verdict.SHRUNK), (5, Verdict.SHRUNK), (6, Verdict.TAKEN), (10, Verdict.SAME)]
)
def test_a_list_may_lose_less_than_half(left: int, verdict: Verdict) -> None:
    assert judge_list(known(ranges(10)), read_list(ranges(left).encode()), NOON).verdict is verdict


def test_a_list_of_a_few_may_change_as_it_likes() -> None:
    assert judge_list(known(ranges(4)), read_list(ranges(1).encode()), NOON).verdict is Verdict.TAKEN
    assert judge_list(known(ranges(5)), read_list(ranges(1).encode()), NOON).verdict is Verdict.SHRUNK


def test_exactly_as_many_as_are_taken_are_taken() -> None:
    assert judge_list(Known(), read_list(ranges(500).encode()), NOON).verdict is Verdict.TAKEN


def test_unreadable_lines_are_tolerated_up_to_a_fifth() -> None:
    four = ranges(4)
    assert judge_list(Known(), read_list(f"{four}\n?".encode()), NOON).verdict is Verdict.TAKEN
    assert judge_list(Known(), read_list(f"{four}\n?\n?".encode()), NOON).verdict is Verdict.UNREADABLE


def test_a_person_may_accept_what_was_not_taken() -> None:
    looked = judge_list(known(ranges(10)), read_list(ranges(2).encode()), NOON)
    assert accepted(looked.offered, NOON).networks == ("93.0.0.0/24", "93.0.1.0/24")


def test_a_failed_look_keeps_everything() -> None:
    before = known(ranges(3))
    assert failed(before, "timed out").known == before


def test_an_office_that_moves_keeps_its_old_address_for_a_day() -> None:
    before = judge_name(Known(), ["93.184.216.1"], NOON).known
    moved_at = NOON + timedelta(days=3)
    moved = judge_name(before, ["93.184.216.2"], moved_at)
    assert (moved.verdict, moved.known.networks) == (Verdict.TAKEN, ("93.184.216.1", "93.184.216.2"))
    almost = judge_name(moved.known, ["93.184.216.2"], moved_at + LINGER - SECOND)
    assert (almost.verdict, almost.known.networks) == (Verdict.SAME, ("93.184.216.1", "93.184.216.2"))
    gone = judge_name(almost.known, ["93.184.216.2"], moved_at + LINGER)
    assert (gone.verdict, gone.known.networks) == (Verdict.TAKEN, ("93.184.216.2",))


def test_addresses_that_take_turns_all_stay() -> None:
    now, found = NOON, Known()
    for number in range(40):
        now += timedelta(hours=1)
        found = judge_name(found, [f"93.184.216.{number % 4}"], now).known
    assert len(found.networks) == 4


def test_one_family_that_does_not_answer_for_an_hour_loses_nothing() -> None:
    both = judge_name(Known(), ["93.184.216.1", "2a00:1450::1"], NOON).known
    only_v4 = judge_name(both, ["93.184.216.1"], NOON + timedelta(hours=1)).known
    back = judge_name(only_v4, ["93.184.216.1", "2a00:1450::1"], NOON + timedelta(hours=2)).known
    assert only_v4.networks == back.networks == both.networks
    assert set(back.missed_at.values()) == {None}


@pytest.mark.parametrize("addresses", [[], ["10.0.0.1"], ["127.0.0.1", "::1"], ["fe80::1%eth0"]])
def test_a_name_without_a_public_address_changes_nothing(addresses: list[str]) -> None:
    before = judge_name(Known(), ["93.184.216.1"], NOON).known
    looked = judge_name(before, addresses, NOON + timedelta(days=9))
    assert (looked.verdict, looked.known) == (Verdict.EMPTY, before)
    assert looked.why


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_whatever_a_list_says_a_filter_that_was_full_is_not_empty(bodies: list[bytes]) -> None:
    now, found = NOON, known(ranges(10))
    for body in bodies:
        now += timedelta(days=2)
        found = judge_list(found, read_list(body), now).known
        assert found.networks


@given(st.lists(st.lists(st.ip_addresses().map(str), max_size=5), max_size=6))
def test_whatever_a_name_says_a_filter_that_was_full_is_not_empty(answers: list[list[str]]) -> None:
    now, found = NOON, judge_name(Known(), ["93.184.216.1"], NOON).known
    for answer in answers:
        now += timedelta(days=2)
        found = judge_name(found, answer, now).known
        assert found.networks
