"""The count-aware detector: what it sees, what it leaves alone, and that it keeps its budget."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import traffic
from benchmarks.detection import OurWatch, Task, watched
from bot.detect import silence, unusual
from bot.detect.chance import Budget
from bot.detect.expected import Baseline, learn
from bot.detect.hours import CELLS, HOUR, Hours
from bot.detect.silence import Silence
from bot.detect.spell import Pace, Spell, State
from bot.detect.unusual import Unusual
from bot.detect.verdict import Judged, Side, Why
from tests.detect.building import DAY_PROFILE, MONDAY, hours, usual, written
from tests.detect.test_hours import AUTUMN, SPRING

QUARTERLY = Unusual(budget=Budget.read("1 per quarter"))
NOON = 36  # the end of the hours that a story begins with, a day and a half


def day(scale: float, number: int = NOON) -> list[int]:
    """Return the counts of a quiet stretch."""
    return [round(scale * DAY_PROFILE[hour % 24]) for hour in range(number)]


def story(rule: Unusual, baseline: Baseline, counts: Sequence[int | None], start: int = NOON) -> list[Judged]:
    """Return what each look after the start says, hour by hour."""
    judged, spell = [], Spell()
    for number in range(start, len(counts) + 1):
        judged.append(unusual.look(rule, hours(counts[:number]), baseline, spell))
        spell = judged[-1].spell
    return judged


def test_a_usual_day_is_usual() -> None:
    verdict = story(QUARTERLY, usual(5), day(5))[0].verdict
    assert (verdict.state, verdict.why, verdict.side) == (State.OK, Why.USUAL, None)
    assert verdict.as_of_at == MONDAY + NOON * HOUR


def test_an_outage_is_seen_told_and_over() -> None:
    """Sixty visitors an hour, none for four hours, then as before."""
    counts = [*day(5), 0, 0, 0, 0, *day(5, 72)[16:30]]
    looks = story(QUARTERLY, usual(5), counts)
    states = [judged.verdict.state for judged in looks]
    assert states[:5] == [State.OK, *[State.TROUBLE] * 4]
    first = looks[1].verdict
    assert (first.why, first.side) == (Why.UNUSUALLY_LOW, Side.DOWN)
    assert first.evidence is not None
    assert (first.evidence.value, first.evidence.window) == (0, HOUR)
    assert first.evidence.expected == pytest.approx(60, rel=0.05)
    assert first.evidence.plausible_low is not None
    assert first.evidence.plausible_low > 30
    assert first.evidence.once_in is not None
    assert first.evidence.once_in > timedelta(days=365)
    # three hours that fit the usual, held for two more: the two days that were cut short do not matter
    assert State.RECOVERING in states[5:9]
    assert states[10:] == [State.OK] * len(states[10:])
    assert looks[-1].spell.ended_at is not None


def test_a_rush_is_seen_and_does_not_begin_again() -> None:
    counts = [*day(5), 240, 260, 250, *day(5, 72)[15:40]]
    looks = story(QUARTERLY, usual(5), counts)
    opened = [before.verdict.state is State.OK and after.verdict.holds for before, after in pairwise(looks)]
    assert sum(opened) == 1
    assert looks[1].verdict.why is Why.UNUSUALLY_HIGH
    assert looks[-1].verdict.state is State.OK


def test_a_slow_loss_takes_longer_but_is_seen() -> None:
    baseline = replace(usual(5), spreads=(0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.025))
    counts = [*day(5), *(count // 2 for count in day(5, 96)[12:60])]
    looks = story(QUARTERLY, baseline, counts)
    seen = next(number for number, judged in enumerate(looks) if judged.verdict.holds)
    assert 3 <= seen <= 40
    assert looks[seen].verdict.evidence is not None


def test_a_ratio_that_matters_and_a_number_that_matters_are_needed() -> None:
    large, small = usual(1000), usual(1)
    assert not story(QUARTERLY, large, [*day(1000), 16_000])[-1].verdict.holds, "33 % more, beyond any doubt"
    assert story(QUARTERLY, large, [*day(1000), 19_000])[-1].verdict.holds
    quiet = replace(small, cells=(0.01,) * CELLS)
    assert not story(QUARTERLY, quiet, [0] * 36 + [7])[-1].verdict.holds
    assert story(QUARTERLY, quiet, [0] * 36 + [9])[-1].verdict.holds


def test_only_the_side_that_was_asked_for() -> None:
    falls = replace(QUARTERLY, side=Side.DOWN)
    assert not story(falls, usual(5), [*day(5), 500])[-1].verdict.holds
    assert story(falls, usual(5), [*day(5), 0, 0])[-1].verdict.holds


def test_it_waits_as_long_as_the_rule_says() -> None:
    held = replace(QUARTERLY, pace=Pace(hold=2 * HOUR, calm=HOUR, quiet=6 * HOUR))
    whys = [judged.verdict.why for judged in story(held, usual(5), [*day(5), 0, 0, 0])]
    assert whys == [Why.USUAL, Why.NOT_YET_LONG_ENOUGH, Why.NOT_YET_LONG_ENOUGH, Why.UNUSUALLY_LOW]


def test_what_is_unknown_is_not_zero() -> None:
    baseline = usual(5)
    assert story(QUARTERLY, baseline, [*day(5), None])[-1].verdict.why is Why.NOT_COMPLETE
    assert story(QUARTERLY, baseline, [*day(5), *[None] * 6, 65])[-1].verdict.state is State.OK
    assert unusual.look(QUARTERLY, hours([]), baseline, Spell()).verdict.state is State.NO_DATA
    assert unusual.look(QUARTERLY, hours(day(5)), None, Spell()).verdict.state is State.LEARNING


def test_hours_of_a_trouble_that_is_over_are_not_counted_again() -> None:
    ended = Spell(ended_at=MONDAY + 40 * HOUR)
    broken = [*day(5), 0, 0, 0, 0]
    assert unusual.look(QUARTERLY, hours(broken), usual(5), Spell()).verdict.holds
    assert unusual.look(QUARTERLY, hours(broken), usual(5), ended).verdict.why is Why.NOT_COMPLETE
    assert not unusual.look(QUARTERLY, hours([*broken, 60]), usual(5), ended).verdict.holds


def test_a_site_too_small_for_falls_is_told_so() -> None:
    tiny = replace(usual(), cells=(0.1,) * CELLS)
    falls = replace(QUARTERLY, side=Side.DOWN)
    assert unusual.look(falls, hours([0] * 48), tiny, Spell()).verdict.why is Why.SITE_TOO_SMALL
    assert unusual.look(QUARTERLY, hours([0] * 48), tiny, Spell()).verdict.state is State.OK


def test_days_of_23_and_25_hours_are_not_unusual() -> None:
    baseline = usual(50)
    for changing in (SPRING, AUTUMN):
        known = written(72, lambda place: 50 * DAY_PROFILE[place.cell % 24], changing - 24 * HOUR)
        spell = Spell()
        for end in range(1, 73):
            judged = unusual.look(QUARTERLY, known.until(known.first_at + end * HOUR), baseline, spell)
            spell = judged.spell
            assert judged.verdict.state is State.OK


def test_a_larger_budget_doubts_sooner() -> None:
    budgets = [Unusual(budget=Budget.read(one)) for one in ("1 per year", "1 per quarter", "1 per month")]
    for side in Side:
        for length in (1, 24, 48):
            alphas = [one.alpha(side, length) for one in budgets]
            assert alphas == sorted(set(alphas))


def test_rises_are_doubted_in_short_windows_and_falls_in_long_ones() -> None:
    assert QUARTERLY.alpha(Side.UP, 1) > QUARTERLY.alpha(Side.UP, 48) > 1e-5
    assert QUARTERLY.alpha(Side.DOWN, 1) < QUARTERLY.alpha(Side.DOWN, 48) < 1e-3
    assert QUARTERLY.alpha(Side.UP, 24, days=28) == pytest.approx(QUARTERLY.alpha(Side.UP, 24) / 2**1.5)
    with pytest.raises(ValueError, match="above one"):
        Unusual(budget=Budget.read("1 per year"), ratio=1.0)


def test_a_site_that_is_half_for_good_is_told_a_few_times_and_then_is_a_small_site() -> None:
    rng = random.Random(3)
    means = list(traffic.means(traffic.Nature(visitors_per_day=150), 14 * CELLS, rng))
    half = 10 * CELLS + 12
    counts = traffic.drawn(means[:half] + [mean / 2 for mean in means[half:]], rng)
    watch, opened = OurWatch(QUARTERLY, weeks=8), []
    for number in range(8 * CELLS, len(counts)):
        if watch.hear(counts, number):
            opened.append((number - half) // 24)
    assert 1 <= len(opened) <= 4
    assert 0 <= opened[0] < 5
    assert opened[-1] < 14
    assert not watch.ringing


def test_a_budget_is_kept_on_made_up_traffic() -> None:
    """Six sites for thirteen weeks: 18 months in which one alarm a quarter allows six.

    Held to what a binomial count of months with an alarm exceeds once in ten thousand times.
    """
    alarms = months = 0.0
    for visitors in (30.0, 150.0, 1000.0):
        for site in range(2):
            task = Task(
                visitors=visitors,
                kind="usual",
                site=100 + site,
                history=8,
                weeks=13,
                budgets=("1 per quarter",),
                rivals=False,
            )
            score = watched(task)["ours, 1 per quarter, 8 weeks"]
            alarms += score.alarms
            months += score.hours / (24 * 365.25 / 12)
    allowed = next(
        most
        for most in range(99)
        if sum(comb(18, k) * (1 / 3) ** k * (2 / 3) ** (18 - k) for k in range(most + 1)) > 1 - 1e-4
    )
    assert months == pytest.approx(18, abs=0.1)
    assert alarms <= allowed


COUNTS = st.one_of(st.none(), st.integers(0, 30), st.just(0), st.just(10**9))


@settings(max_examples=40)
@given(st.lists(COUNTS, max_size=60), st.sampled_from([0, 1, 40]), st.integers(0, 10_000))
def test_any_history_gets_an_answer(counts: list[int | None], scale: int, offset: int) -> None:
    first_at = MONDAY + offset * HOUR
    baseline = usual(scale) if scale else learn(hours([0] * 8 * CELLS))
    for rule in (QUARTERLY, replace(QUARTERLY, side=Side.UP), replace(QUARTERLY, side=Side.DOWN)):
        spell = Spell()
        for number in range(len(counts) + 1):
            recent = Hours(first_at=first_at, counts=tuple(counts[:number]), zone=hours([]).zone)
            judged = unusual.look(rule, recent, baseline, spell)
            assert judged.verdict.as_of_at == recent.end_at
            silence.look(Silence(), recent, baseline, spell)
            spell = judged.spell


# ---------------------------------------------------------------- silence


def test_silence_is_news_when_it_can_be() -> None:
    baseline = usual()  # twelve an hour by day
    spell, found = Spell(), []
    for quiet in range(4):
        judged = silence.look(Silence(), hours([*day(1), *[0] * quiet]), baseline, spell)
        spell = judged.spell
        found.append(judged.verdict.why)
    assert found == [Why.HEARD, Why.SILENT, Why.SILENT, Why.SILENT]
    back = silence.look(Silence(), hours([*day(1), 0, 0, 1]), baseline, spell)
    assert (back.verdict.state, back.verdict.why) == (State.OK, Why.HEARD)


def test_a_quiet_night_is_no_news() -> None:
    verdict = silence.look(Silence(), hours([*day(1, 24), 0, 0, 0, 0]), usual(), Spell()).verdict
    assert (verdict.state, verdict.why) == (State.OK, Why.USUAL)
    assert verdict.evidence is not None
    assert verdict.evidence.window == 4 * HOUR


def test_the_shortest_window_that_can_see_an_outage_is_told() -> None:
    small = replace(usual(), cells=(1.0,) * CELLS, spreads=(0.05,) * 7)
    # ((1/2 / 1e-4) ** 0.05 - 1) / 0.05 = 10.6
    assert silence.shortest(small, 12, 1e-4) == 11 * HOUR
    outlook = silence.outlook(small, 1e-4)
    assert outlook.best == outlook.usual == outlook.worst == 11 * HOUR
    rule = Silence(alpha=1e-4, within=10 * HOUR)
    assert silence.look(rule, hours([0] * 48), small, Spell()).verdict.why is Why.SITE_TOO_SMALL
    rule = Silence(alpha=1e-4, within=11 * HOUR)
    assert silence.look(rule, hours([1, *[0] * 10]), small, Spell()).verdict.state is State.OK
    assert silence.look(rule, hours([1, *[0] * 11]), small, Spell()).verdict.state is State.TROUBLE


def test_a_site_where_silence_is_never_news() -> None:
    empty = replace(usual(), cells=(0.001,) * CELLS)
    outlook = silence.outlook(empty, 1e-4)
    assert (outlook.best, outlook.usual, outlook.worst) == (None, None, None)
    assert silence.outlook(usual(), 1e-4).best == HOUR


def test_silence_without_numbers() -> None:
    assert silence.look(Silence(), hours([0]), None, Spell()).verdict.state is State.LEARNING
    assert silence.look(Silence(), hours([]), usual(), Spell()).verdict.state is State.NO_DATA
    assert silence.look(Silence(), hours([0, None]), usual(), Spell()).verdict.state is State.NO_DATA
