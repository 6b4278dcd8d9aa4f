"""Rules with numbers that the owner chose: thresholds, changes, shares, gaps, flapping."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect import change, gaps, proportion, threshold
from bot.detect.change import Change, Total
from bot.detect.flapping import Flapping, remembered, unstable
from bot.detect.gaps import Gaps, Heard
from bot.detect.hours import HOUR
from bot.detect.proportion import Proportion, Step
from bot.detect.rates import Part
from bot.detect.spell import Pace, Spell, State
from bot.detect.threshold import Threshold
from bot.detect.verdict import Side, Why, unread
from tests.detect.building import MONDAY, usual

DAY = timedelta(days=1)
TROUBLE = Spell(state=State.TROUBLE, since_at=MONDAY - HOUR, bad_at=MONDAY - HOUR)


def total(count: int, hours: float = 24) -> Total:
    return Total(count=count, within=timedelta(hours=hours))


# ---------------------------------------------------------------- thresholds


@pytest.mark.parametrize(
    ("side", "value", "spell", "state", "why"),
    [
        pytest.param(Side.UP, 100, Spell(), State.OK, Why.INSIDE_THE_LIMIT, id="the limit is not beyond it"),
        pytest.param(Side.UP, 100.1, Spell(), State.TROUBLE, Why.OVER_THE_LIMIT, id="over"),
        pytest.param(Side.UP, 90, TROUBLE, State.TROUBLE, Why.STILL_THERE, id="below, not yet recovered"),
        pytest.param(Side.UP, 80, TROUBLE, State.OK, Why.INSIDE_THE_LIMIT, id="recovered"),
        pytest.param(Side.DOWN, 100, Spell(), State.OK, Why.INSIDE_THE_LIMIT, id="at the limit from above"),
        pytest.param(Side.DOWN, 99, Spell(), State.TROUBLE, Why.UNDER_THE_LIMIT, id="under"),
    ],
)
def test_thresholds(side: Side, value: float, spell: Spell, state: State, why: Why) -> None:
    rule = Threshold(side=side, limit=100, recovery=80 if side is Side.UP else 120)
    judged = threshold.look(rule, value, MONDAY, spell)
    assert (judged.verdict.state, judged.verdict.why) == (state, why)
    assert judged.verdict.evidence is not None
    assert judged.verdict.evidence.value == value


def test_without_a_recovery_value_the_limit_ends_it() -> None:
    rule = Threshold(side=Side.UP, limit=100)
    assert threshold.look(rule, 100, MONDAY, TROUBLE).verdict.state is State.OK


def test_a_threshold_waits_and_recovers_in_time() -> None:
    rule = Threshold(side=Side.UP, limit=1, pace=Pace(hold=HOUR, calm=HOUR))
    first = threshold.look(rule, 2, MONDAY, Spell())
    assert first.verdict.why is Why.NOT_YET_LONG_ENOUGH
    second = threshold.look(rule, 2, MONDAY + HOUR, first.spell)
    assert second.verdict.holds
    third = threshold.look(rule, 0, MONDAY + 2 * HOUR, second.spell)
    assert (third.verdict.state, third.verdict.why) == (State.RECOVERING, Why.COMING_BACK)
    assert third.verdict.holds


@pytest.mark.parametrize(("side", "recovery"), [(Side.UP, 101), (Side.DOWN, 99)])
def test_a_recovery_value_beyond_the_limit_is_a_mistake(side: Side, recovery: float) -> None:
    with pytest.raises(ValueError, match="beyond the limit"):
        Threshold(side=side, limit=100, recovery=recovery)


@pytest.mark.parametrize(
    ("why", "state"),
    [(Why.UNREADABLE, State.ERROR), (Why.NOT_COMPLETE, State.NO_DATA),
     (Why.HISTORY_TOO_SHORT, State.LEARNING),
     (Why.TOO_FEW, State.TOO_SMALL), (Why.SITE_TOO_SMALL, State.TOO_SMALL)],
)  # fmt: skip
def test_without_a_number_trouble_neither_begins_nor_ends(why: Why, state: State) -> None:
    judged = unread(why, MONDAY, TROUBLE)
    assert judged.verdict.state is state
    assert not judged.verdict.holds
    assert judged.spell == TROUBLE
    assert threshold.look(Threshold(side=Side.UP, limit=1), None, MONDAY, TROUBLE).spell == TROUBLE


# ---------------------------------------------------------------- changes


@pytest.mark.parametrize(
    ("now", "before", "state", "why"),
    [
        pytest.param(15, 10, State.TOO_SMALL, Why.TOO_FEW, id="50 % of ten is nothing"),
        pytest.param(20, 13, State.OK, Why.USUAL, id="too small a difference"),
        pytest.param(33, 22, State.OK, Why.USUAL, id="50 %, and every tenth day does it"),
        pytest.param(150, 100, State.TROUBLE, Why.ROSE, id="exactly 50 % more"),
        pytest.param(149, 100, State.OK, Why.USUAL, id="not quite"),
        pytest.param(50, 100, State.TROUBLE, Why.FELL, id="exactly 50 % less"),
        pytest.param(60, 0, State.TROUBLE, Why.ROSE, id="from nothing to something"),
        pytest.param(0, 60, State.TROUBLE, Why.FELL, id="from something to nothing"),
        pytest.param(0, 0, State.TOO_SMALL, Why.TOO_FEW, id="nothing at all"),
    ],
)
def test_changes(now: int, before: int, state: State, why: Why) -> None:
    judged = change.look(Change(share=0.5), total(now), total(before), MONDAY, Spell())
    assert (judged.verdict.state, judged.verdict.why) == (state, why)


def test_only_the_side_that_was_asked_for() -> None:
    falls = Change(share=0.5, side=Side.DOWN)
    assert change.look(falls, total(400), total(100), MONDAY, Spell()).verdict.state is State.OK
    assert change.look(falls, total(20), total(100), MONDAY, Spell()).verdict.side is Side.DOWN


def test_a_short_day_is_compared_by_its_length() -> None:
    judged = change.look(Change(share=0.1, alpha=0.4), total(2300, 23), total(2400, 24), MONDAY, Spell())
    assert judged.verdict.evidence is not None
    assert judged.verdict.evidence.expected == pytest.approx(2300)
    assert judged.verdict.state is State.OK


def test_a_site_that_swings_is_believed_less() -> None:
    assert change.look(Change(share=0.5), total(160), total(100), MONDAY, Spell(), 0.0).verdict.holds
    assert not change.look(Change(share=0.5), total(160), total(100), MONDAY, Spell(), 0.2).verdict.holds


def test_what_cannot_be_asked_of_a_change() -> None:
    with pytest.raises(ValueError, match="nothing falls by more"):
        Change(share=1.0)
    with pytest.raises(ValueError, match="above zero"):
        Change(share=0.0, side=Side.UP)
    assert Change(share=3.0, side=Side.UP).share == 3
    with pytest.raises(ValueError, match="within some time"):
        total(-1)
    with pytest.raises(ValueError, match="within some time"):
        total(1, 0)
    assert change.look(Change(share=0.5), None, total(1), MONDAY, TROUBLE).verdict.state is State.NO_DATA


# ---------------------------------------------------------------- shares


def part(hits: int, trials: int) -> Part:
    return Part(hits=hits, trials=trials)


@pytest.mark.parametrize(
    ("now", "usual_part", "state", "why"),
    [
        pytest.param(part(1, 29), part(300, 1000), State.TOO_SMALL, Why.TOO_FEW, id="one visitor too few"),
        pytest.param(part(2, 40), part(120, 1000), State.OK, Why.USUAL, id="half, by chance"),
        pytest.param(part(0, 200), part(40, 1000), State.TROUBLE, Why.FELL, id="checkout broken"),
        pytest.param(part(0, 60), part(2, 100), State.OK, Why.USUAL, id="too rare to say"),
        pytest.param(part(200, 1000), part(1000, 10_000), State.TROUBLE, Why.ROSE, id="doubled"),
        pytest.param(part(1200, 10_000), part(10_000, 100_000), State.OK, Why.USUAL, id="sure, and small"),
        pytest.param(part(30, 100), part(0, 100), State.TROUBLE, Why.ROSE, id="never before"),
        pytest.param(part(0, 100), part(0, 100), State.OK, Why.USUAL, id="never at all"),
    ],
)
def test_shares(now: Part, usual_part: Part, state: State, why: Why) -> None:
    judged = proportion.look(Proportion(), now, usual_part, MONDAY, Spell())
    assert (judged.verdict.state, judged.verdict.why) == (state, why)


def test_the_worst_step_of_a_funnel_is_named() -> None:
    steps = [
        Step(name="cart", now=part(300, 1000), usual=part(3000, 10_000)),
        Step(name="address", now=part(60, 300), usual=part(1500, 3000)),
        Step(name="paid", now=part(20, 25), usual=part(1200, 1500)),
    ]
    verdict = proportion.funnel(Proportion(), steps, MONDAY, Spell()).verdict
    assert verdict.why is Why.FELL
    assert verdict.evidence is not None
    assert (verdict.evidence.subject, verdict.evidence.trials) == ("address", 300)
    assert verdict.evidence.ratio == pytest.approx(0.4)


def test_many_steps_share_the_doubt() -> None:
    odd = Step(name="odd", now=part(20, 100), usual=part(320, 1000))
    plain = [Step(name=str(each), now=part(500, 1000), usual=part(500, 1000)) for each in range(9)]
    alone = proportion.funnel(Proportion(confidence=0.98), [odd], MONDAY, Spell())
    among = proportion.funnel(Proportion(confidence=0.98), [odd, *plain], MONDAY, Spell())
    assert alone.verdict.holds
    assert not among.verdict.holds


def test_funnels_without_numbers() -> None:
    small = Step(name="cart", now=part(1, 2), usual=part(1, 2))
    assert proportion.funnel(Proportion(), [], MONDAY, Spell()).verdict.state is State.NO_DATA
    assert proportion.funnel(Proportion(), [small], MONDAY, Spell()).verdict.state is State.TOO_SMALL
    assert proportion.look(Proportion(), None, part(1, 2), MONDAY, Spell()).verdict.state is State.NO_DATA


def test_a_rise_is_no_trouble_to_who_asks_for_falls() -> None:
    rule = Proportion(side=Side.DOWN)
    assert not proportion.look(rule, part(90, 100), part(100, 1000), MONDAY, Spell()).verdict.holds


@pytest.mark.parametrize("wrong", [{"confidence": 1.0}, {"share": 0.0}, {"least_trials": 0}])
def test_what_cannot_be_asked_of_a_share(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="needed"):
        Proportion(**wrong)  # type: ignore[arg-type]


# ---------------------------------------------------------------- gaps


def heard(quiet: float, events: int = 60, time: float = 30 * 24) -> Heard:
    return Heard(events=events, time=time, quiet=quiet, lasted=timedelta(hours=quiet))


def test_two_orders_a_day_and_then_none() -> None:
    """exp(-g / 12 h), a little heavier, since the rate is only known from sixty orders."""
    assert gaps.gap_chance(heard(12)) == pytest.approx(0.37, abs=0.01)
    assert not gaps.look(Gaps(), heard(48), MONDAY, Spell(), days=30).verdict.holds
    verdict = gaps.look(Gaps(), heard(80), MONDAY, Spell(), days=30).verdict
    assert verdict.why is Why.SILENT
    assert verdict.evidence is not None
    assert verdict.evidence.expected == pytest.approx(6.67, abs=0.01)
    assert verdict.evidence.once_in is not None
    assert timedelta(days=150) < verdict.evidence.once_in < timedelta(days=450)


def test_a_new_event_ends_it_and_few_events_say_nothing() -> None:
    assert gaps.look(Gaps(), heard(0), MONDAY, TROUBLE, days=30).verdict.state is State.OK
    assert gaps.look(Gaps(), heard(999, events=4), MONDAY, Spell(), days=30).verdict.state is State.TOO_SMALL
    with pytest.raises(ValueError, match="not negative"):
        heard(-1)


@given(st.integers(5, 10_000), st.floats(1, 1e6), st.floats(0, 1e6))
def test_a_longer_gap_is_rarer(events: int, time: float, quiet: float) -> None:
    shorter, longer = heard(quiet, events, time), heard(quiet + 1, events, time)
    assert 0 <= gaps.gap_chance(longer) <= gaps.gap_chance(shorter) <= 1


def test_a_night_is_less_time_than_a_noon() -> None:
    baseline = usual(scale=10)
    night = gaps.busy(baseline, MONDAY + HOUR, MONDAY + 4 * HOUR)
    noon = gaps.busy(baseline, MONDAY + 12 * HOUR, MONDAY + 15 * HOUR)
    assert noon == pytest.approx(360, rel=0.03)
    assert night < 20
    assert gaps.busy(baseline, MONDAY + 12 * HOUR, MONDAY + 12 * HOUR + HOUR / 2) == pytest.approx(
        60, rel=0.03
    )
    assert gaps.busy(baseline, MONDAY, MONDAY) == 0


# ---------------------------------------------------------------- flapping


def test_flapping_begins_at_so_many_changes_and_ends_with_none() -> None:
    rule = Flapping(changes=3, within=timedelta(hours=6))
    changed = [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR]
    assert not unstable(rule, changed[:2], MONDAY + 2 * HOUR, was_unstable=False)
    assert unstable(rule, changed, MONDAY + 2 * HOUR, was_unstable=False)
    assert not unstable(rule, changed, MONDAY + 6 * HOUR, was_unstable=False), "the first one is too old"
    assert unstable(rule, changed, MONDAY + 7 * HOUR, was_unstable=True)
    assert not unstable(rule, changed, MONDAY + 8 * HOUR, was_unstable=True)


def test_only_what_matters_is_remembered() -> None:
    rule = Flapping(changes=2, within=timedelta(hours=6))
    changed = [MONDAY + 3 * HOUR, MONDAY, MONDAY + 2 * HOUR, MONDAY + 99 * HOUR]
    assert remembered(rule, changed, MONDAY + 5 * HOUR) == (MONDAY + 2 * HOUR, MONDAY + 3 * HOUR)
    assert remembered(rule, changed, MONDAY + 9 * HOUR) == ()


def test_what_cannot_be_asked_of_flapping() -> None:
    with pytest.raises(ValueError, match="two changes"):
        Flapping(changes=1)
