"""Channels are judged by how their last messages went."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.doctor import house
from bot.doctor.judgement import Group, Judgement, Level
from bot.outbox import Lane

AT = datetime(2026, 5, 1, tzinfo=UTC)
WELL = Lane(channel="sales", open_at=AT, failures=0, closed_why=None, remedy=None, waiting=0, oldest_at=None)
CLOSED = replace(WELL, closed_why="Slack refuses #sales: not_in_channel", remedy="Type /invite @bot.")


@pytest.mark.parametrize(
    ("lane", "level", "part"),
    [
        (WELL, Level.OK, "took its last message"),
        (CLOSED, Level.WRONG, "not_in_channel"),
        (replace(WELL, failures=3, waiting=2, oldest_at=AT), Level.ADVICE, "failed 3 times"),
    ],
)
def test_a_channel(lane: Lane, level: Level, part: str) -> None:
    (found,) = house.channels(["sales"], [lane])
    assert found.level is level
    assert part in found.what


def test_a_closed_channel_is_opened_again_by_a_person() -> None:
    (found,) = house.channels(["sales"], [CLOSED])
    assert found.remedy == "Type /invite @bot. Then: pirsch-bot outbox reopen sales"


def test_a_lane_without_a_channel_is_history() -> None:
    (found,) = house.channels(["owner"], [CLOSED])
    assert found.level is Level.ADVICE
    assert "send-test owner" in found.remedy


def test_nobody_to_tell() -> None:
    (found,) = house.channels([], [])
    assert found.level is Level.WRONG


def test_what_is_well_needs_no_remedy_and_everything_else_does() -> None:
    with pytest.raises(ValueError, match="remedy"):
        Judgement(group="g", level=Level.WRONG, what="broken")
    with pytest.raises(ValueError, match="remedy"):
        Judgement(group="g", level=Level.OK, what="well", remedy="do something")
    assert Group("g").ok("well").remedy == ""
