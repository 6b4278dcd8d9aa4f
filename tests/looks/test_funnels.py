"""A funnel against its usual."""

from datetime import date, timedelta

import pytest

from bot.detect.spell import State
from bot.detect.verdict import Side
from bot.sources.periods import Days
from bot.sources.source import FunnelState, FunnelStep
from bot.watches.funnels import Funnel, FunnelSeen, steps
from bot.watches.opinion import Opinion, Stretch
from bot.watches.watch import Changed, Watch
from tests.looks.making import NOW, judge, watch

WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
CHECKOUT = watch("funnel", funnel="Checkout")


def funnel(*visitors: int) -> FunnelState:
    names = ("Cart", "Address", "Paid")
    found = tuple(
        FunnelStep(number=number, name=names[number - 1], visitors=count, conversion=None, share=None)
        for number, count in enumerate(visitors, start=1)
    )
    return FunnelState(id="f", name="Checkout", period=WEEK, steps=found, complete=True)


def only(now: FunnelState, usual: FunnelState, asked: Watch = CHECKOUT) -> Opinion:
    over = Stretch(since_at=NOW - timedelta(days=7), until_at=NOW)
    [opinion] = judge(asked, FunnelSeen(now=now, usual=usual, over=over))[1]
    return opinion


@pytest.mark.parametrize(
    ("now", "state", "subject"),
    [
        pytest.param((200, 120, 60), State.OK, "Paid", id="as usual"),
        pytest.param((200, 118, 4), State.TROUBLE, "Paid", id="nobody can pay"),
        pytest.param((200, 40, 20), State.TROUBLE, "Address", id="the form broke"),
        pytest.param((12, 7, 0), State.TOO_SMALL, None, id="too few"),
    ],
)
def test_the_step_that_broke_is_named(now: tuple[int, ...], state: State, subject: str | None) -> None:
    verdict = only(funnel(*now), funnel(820, 490, 245)).judged.verdict
    assert verdict.state is state
    if state is State.TROUBLE:
        assert verdict.evidence is not None
        assert verdict.evidence.subject == subject


def test_one_may_ask_for_falls_only_and_for_how_much() -> None:
    falls = watch("funnel", funnel="Checkout", condition=Changed(share=0.5, side=Side.DOWN, least=30))
    better = only(funnel(200, 180, 150), funnel(820, 490, 245), falls)
    a_little = only(funnel(200, 80, 40), funnel(820, 490, 245), falls)
    much = only(funnel(200, 50, 25), funnel(820, 490, 245), falls)
    assert [one.judged.verdict.state for one in (better, a_little, much)] == [
        State.OK,
        State.OK,
        State.TROUBLE,
    ]


def test_a_funnel_with_other_steps_is_not_compared() -> None:
    assert steps(funnel(200, 120), funnel(820, 490, 245)) == ()
    assert only(funnel(200, 120), funnel(820, 490, 245)).judged.verdict.state is State.NO_DATA


def test_a_step_may_have_more_visitors_than_the_one_before() -> None:
    """Steps need not have happened in their order."""
    [one, two] = steps(funnel(100, 120, 60), funnel(800, 900, 450))
    assert (one.now.hits, one.now.trials, two.now.hits) == (100, 100, 60)


def test_a_month_is_no_period_of_a_funnel() -> None:
    assert Funnel().mistakes(watch("funnel", period="month"))
