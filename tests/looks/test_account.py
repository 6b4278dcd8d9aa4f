"""Webhooks that were given up, what is billed, and events that come seldom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.detect.hours import Hours
from bot.detect.spell import State
from bot.detect.verdict import Side, Why
from bot.facts import Trouble
from bot.sources.source import Hook
from bot.watches.account import HooksSeen, UsageSeen
from bot.watches.memory import Memory
from bot.watches.rare import Rare, RareSeen, heard
from bot.watches.watch import Beyond
from tests.looks.making import BERLIN, NOW, judge, watch

HOOKS, RARE = watch("webhooks"), watch("gap", event="purchase")


def hooks(*pairs: tuple[str, bool | None]) -> HooksSeen:
    return HooksSeen(
        hooks=tuple(Hook(event=event, address="https://bot.example.com/h", active=on) for event, on in pairs)
    )


def test_a_webhook_that_was_given_up_is_a_trouble_until_it_is_on_again() -> None:
    memory, opinions = judge(HOOKS, hooks(("purchase", True), ("signup", None)))
    assert opinions == ()
    memory, opinions = judge(HOOKS, hooks(("purchase", False), ("signup", True)), memory)
    assert [(one.subject, one.judged.verdict.state) for one in opinions] == [("purchase", State.TROUBLE)]
    content = opinions[0].content
    assert isinstance(content, Trouble)
    assert "“purchase” is switched off" in content.what
    memory, opinions = judge(HOOKS, hooks(("purchase", True), ("signup", True)), memory)
    assert [(one.subject, one.judged.verdict.state) for one in opinions] == [("purchase", State.OK)]
    assert memory == Memory()


def test_one_of_two_webhooks_is_enough() -> None:
    assert judge(HOOKS, hooks(("purchase", False), ("purchase", True)))[1] == ()


def test_a_webhook_that_was_deleted_is_no_trouble_any_more() -> None:
    memory, _ = judge(HOOKS, hooks(("purchase", False)))
    _, opinions = judge(HOOKS, hooks(), memory)
    assert [one.judged.verdict.state for one in opinions] == [State.OK]


@pytest.mark.parametrize(("views", "state"), [(10_000, State.OK), (10_001, State.TROUBLE)])
def test_what_is_billed_is_held_against_a_limit(views: int, state: State) -> None:
    asked = watch("usage", condition=Beyond(side=Side.UP, limit=10_000))
    [opinion] = judge(asked, UsageSeen(views=views))[1]
    assert opinion.judged.verdict.state is state


def every_other_day(days: int, quiet_hours: int, unknown: int = 0) -> Hours:
    """Return hours in which one came every 48, and none in the last ones."""
    counts: list[int | None] = [1 if hour % 48 == 0 else 0 for hour in range(days * 24 + 1)]
    counts += [0] * quiet_hours
    for place in range(unknown):
        counts[place + 1] = None
    return Hours(first_at=NOW - len(counts) * timedelta(hours=1), counts=tuple(counts), zone=BERLIN)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        pytest.param(every_other_day(56, 47), State.OK, id="as always"),
        pytest.param(every_other_day(56, 200), State.OK, id="long, but chance does that"),
        pytest.param(every_other_day(56, 400), State.TROUBLE, id="too long"),
        pytest.param(every_other_day(6, 400), State.TOO_SMALL, id="it came four times"),
    ],
)
def test_a_gap_is_long_by_the_gaps_before(hours: Hours, state: State) -> None:
    verdict = judge(RARE, RareSeen(), hours=hours)[1][0].judged.verdict
    assert verdict.state is state
    if state is State.TROUBLE:
        assert (verdict.why, verdict.evidence and verdict.evidence.window) == (
            Why.SILENT,
            timedelta(hours=400),
        )


def test_hours_that_nobody_knows_are_no_time() -> None:
    all_known, some = every_other_day(56, 100), every_other_day(56, 100, unknown=20)
    assert heard(some) == replace(heard(all_known), time=heard(all_known).time - 20)


def test_without_the_last_hour_nothing_is_said() -> None:
    cut = every_other_day(56, 400)
    cut = Hours(first_at=cut.first_at, counts=(*cut.counts[:-1], None), zone=BERLIN)
    assert judge(RARE, RareSeen(), hours=cut)[1][0].judged.verdict.state is State.NO_DATA
    assert judge(RARE, RareSeen())[1][0].judged.verdict.state is State.NO_DATA


def test_it_keeps_the_hours_of_its_event_for_eight_weeks() -> None:
    part = Rare().part(RARE)
    assert [one.value for one in part.where] == ["purchase"]
    assert part.days == 57
