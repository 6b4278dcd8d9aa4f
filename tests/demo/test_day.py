"""What the demo's self-check says when something is missing, twice, or says too little."""

import dataclasses

import pytest

from bot.demo import day
from bot.sandbox.slack.workspace import Message

SUBJECTS = (
    "4,787 visitors on 5 sites, 23 Feb – 1 Mar 2026: nothing unusual",
    "Goal on blog",
    "98 visitors on blog within 1 h, about 10 expected",
    "Urgent: pirsch-bot needs you on wiki: No page views of wiki are counted any more",
    "0 visitors on docs within 1 h, about 16 expected",
)
LINES = (*SUBJECTS[:4], "5 h of “Visitors” on docs – over.")


def messages(*lines: str) -> list[Message]:
    """Return parents that say all that could be wanted of them."""
    said = {"text": f"{day.GOAL} {day.NEWS} tracking code"}
    return [
        Message(channel="C1", text=line, ts=str(number), blocks=[said]) for number, line in enumerate(lines)
    ]


def test_nothing_is_wrong_when_each_came_once() -> None:
    assert day.differences(messages(*LINES), SUBJECTS) == []
    reply = dataclasses.replace(messages(LINES[2])[0], ts="9", thread_ts="2")
    assert day.differences([*messages(*LINES), reply], SUBJECTS) == []


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_message_that_is_missing_or_came_twice_is_named(number: int) -> None:
    without = [line for place, line in enumerate(LINES) if place != number]
    assert day.WANTED[number].what in " ".join(day.differences(messages(*without), SUBJECTS))
    assert day.WANTED[number].what in " ".join(day.differences(messages(*LINES, LINES[number]), SUBJECTS))


@pytest.mark.parametrize("number", range(len(SUBJECTS)))
def test_a_mail_that_is_missing_is_named(number: int) -> None:
    without = [subject for place, subject in enumerate(SUBJECTS) if place != number]
    assert [one for one in day.differences(messages(*LINES), without) if "no mail" in one]


def test_a_spike_without_its_driver_is_none() -> None:
    mute = [dataclasses.replace(one, blocks=[]) for one in messages(*LINES)]
    wrong = " ".join(day.differences(mute, SUBJECTS))
    assert day.NEWS in wrong
    assert day.GOAL in wrong


def test_anything_else_is_too_many() -> None:
    assert day.differences(messages(*LINES, "Something else"), SUBJECTS) == [
        "in #numbers: 6 parents instead of 5"
    ]
