"""Channels are judged by what is seen of them, and by how their last messages went."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.deliver.channel import Closed, Lack, Looked, Temporary, Undelivered
from bot.doctor import house
from bot.doctor.judgement import Group, Judgement, Level
from bot.doctor.look import SeenChannel
from bot.outbox import Lane

AT = datetime(2026, 5, 1, tzinfo=UTC)
WELL = Lane(channel="sales", open_at=AT, failures=0, closed_why=None, remedy=None, waiting=0, oldest_at=None)
CLOSED = replace(WELL, closed_why="Slack refuses #sales: not_in_channel", remedy="Type /invite @bot.")


THERE = Looked(said="is in #sales of Sandbox as @pirsch-bot")


def seen(lane: Lane | None, found: Looked | Undelivered = THERE) -> SeenChannel:
    return SeenChannel(name="sales", found=found, lane=lane)


@pytest.mark.parametrize(
    ("lane", "level", "part"),
    [
        (CLOSED, Level.WRONG, "not_in_channel"),
        (replace(WELL, failures=3, waiting=2, oldest_at=AT), Level.ADVICE, "failed 3 times"),
        (None, Level.ADVICE, "was not used yet"),
    ],
)
def test_a_channel_by_its_last_messages(lane: Lane | None, level: Level, part: str) -> None:
    there, found = house.channels([seen(lane)])
    assert there.level is Level.OK
    assert found.level is level
    assert part in found.what


def test_a_channel_that_is_well_is_said_once() -> None:
    (found,) = house.channels([seen(WELL)])
    assert found.what == "sales is in #sales of Sandbox as @pirsch-bot"


def test_a_channel_that_would_take_nothing() -> None:
    (found,) = house.channels([seen(WELL, Closed("Slack refuses #sales: not_in_channel", "Type /invite."))])
    assert (found.level, found.remedy) == (Level.WRONG, "Type /invite.")


def test_a_channel_that_cannot_be_reached_now() -> None:
    (found,) = house.channels([seen(WELL, Temporary("Slack cannot be reached: URLError"))])
    assert found.level is Level.WRONG
    assert "cannot be reached" in found.what


def test_what_a_channel_lacks_is_advice() -> None:
    lack = Lack(what="#sales is called #shop now", remedy='Write to = "#shop".')
    there, found = house.channels([seen(WELL, replace(THERE, lacks=(lack,)))])
    assert there.level is Level.OK
    assert (found.level, found.what) == (Level.ADVICE, "sales: #sales is called #shop now")


def test_a_closed_channel_is_opened_again_by_a_person() -> None:
    *_, found = house.channels([seen(CLOSED)])
    assert found.remedy == "Type /invite @bot. Then: pirsch-bot outbox reopen sales"


def test_nobody_to_tell() -> None:
    (found,) = house.channels([])
    assert found.level is Level.WRONG


def test_what_is_well_needs_no_remedy_and_everything_else_does() -> None:
    with pytest.raises(ValueError, match="remedy"):
        Judgement(group="g", level=Level.WRONG, what="broken")
    with pytest.raises(ValueError, match="remedy"):
        Judgement(group="g", level=Level.OK, what="well", remedy="do something")
    assert Group("g").ok("well").remedy == ""
