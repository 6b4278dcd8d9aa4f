"""Many values at once, what a source still adds, and chance in words."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.traffic import poisson
from bot.detect import breakdown, completeness
from bot.detect.breakdown import Breakdown, Kind, Value
from bot.detect.chance import YEAR, Budget, in_words, once_in
from bot.detect.completeness import Reread
from bot.detect.verdict import Side

MINUTE = timedelta(minutes=1)


def value(now: int, before: int, name: str = "/") -> Value:
    return Value(name=name, now=now, before=before)


@pytest.mark.parametrize(
    ("one", "kind", "side"),
    [
        (value(60, 80), Kind.MORE, Side.UP),
        (value(15, 400), Kind.LESS, Side.DOWN),
        (value(0, 400), Kind.GONE, Side.DOWN),
        (value(9, 0), Kind.NEW, Side.UP),
    ],
)
def test_what_stands_out(one: Value, kind: Kind, side: Side) -> None:
    (odd,) = breakdown.odd_values(Breakdown(), [one])
    assert (odd.kind, odd.side) == (kind, side)
    assert (odd.evidence.subject, odd.evidence.value, odd.evidence.expected) == ("/", one.now, one.before / 4)


@pytest.mark.parametrize(
    "one", [value(4, 0), value(7, 0), value(0, 19), value(30, 80), value(130, 400), value(0, 0)]
)
def test_what_does_not(one: Value) -> None:
    assert breakdown.odd_values(Breakdown(), [one]) == ()


def test_the_most_surprising_comes_first() -> None:
    found = breakdown.odd_values(Breakdown(), [value(60, 80, "a"), value(300, 80, "b"), value(20, 80, "c")])
    assert [odd.evidence.subject for odd in found] == ["b", "a"]


def test_five_hundred_pages_are_not_five_hundred_lotteries() -> None:
    rng = random.Random(5)
    means = [rng.paretovariate(0.8) for _ in range(500)]
    pages = [value(poisson(rng, mean), poisson(rng, 4 * mean), str(n)) for n, mean in enumerate(means)]
    assert breakdown.odd_values(Breakdown(spread=0.0), pages) == ()
    pages[250] = value(90, 80, "the one")
    assert [odd.evidence.subject for odd in breakdown.odd_values(Breakdown(), pages)] == ["the one"]


def test_a_mix_that_shifts_under_the_same_total() -> None:
    assert breakdown.mix([500, 300, 200], [2000, 1200, 800]).shifted is False
    assert breakdown.mix([300, 500, 200], [2000, 1200, 800]).shifted is True
    tiny = breakdown.mix([51_000, 49_000], [200_000, 200_000])
    assert tiny.chance < 1e-6
    assert not tiny.shifted, "sure, and too small to see"


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=20))
def test_any_values_are_judged(pairs: list[tuple[int, int]]) -> None:
    values = [value(now, before, str(number)) for number, (now, before) in enumerate(pairs)]
    assert len(breakdown.odd_values(Breakdown(), values)) <= len(values)


def test_what_cannot_be_asked_of_a_breakdown() -> None:
    with pytest.raises(ValueError, match="periods above zero"):
        Breakdown(periods=0)


# ---------------------------------------------------------------- completeness


def reread(minutes: int, count: int, final: int) -> Reread:
    return Reread(age=minutes * MINUTE, count=count, final=final)


def test_the_grace_is_the_first_age_from_which_periods_stay_as_they_are() -> None:
    rereads = [reread(5, 80, 100), reread(15, 97, 100), reread(30, 99, 100), reread(60, 100, 100)] * 10
    learnt = completeness.learn(rereads)
    assert learnt.grace == 30 * MINUTE
    assert learnt.missing == pytest.approx(0.005)
    assert learnt.learnt


def test_a_lucky_early_age_does_not_count() -> None:
    rereads = [reread(5, 100, 100), reread(15, 50, 100), reread(30, 100, 100)] * 10
    assert completeness.learn(rereads).grace == 30 * MINUTE


def test_one_late_visitor_is_no_reason_to_wait() -> None:
    assert completeness.learn([reread(10, 2, 3), reread(20, 3, 3)] * 10).grace == 10 * MINUTE


def test_graces_have_bounds_and_few_rereads_teach_nothing() -> None:
    assert completeness.learn([reread(1, 9, 9)] * 20).grace == completeness.LEAST_GRACE
    assert completeness.learn([reread(600, 9, 99)] * 20).grace == completeness.MOST_GRACE
    assert completeness.learn([reread(20, 9, 99)] * 20).grace == 20 * MINUTE
    first = completeness.learn([reread(1, 9, 9)] * 11)
    assert (first.grace, first.missing, first.learnt) == (completeness.USUAL_GRACE, 0, False)
    assert completeness.learn([reread(10, 0, 0)] * 20).missing == 0


# ---------------------------------------------------------------- chance in words


def test_budgets() -> None:
    assert Budget.read("1 per quarter").per_month == pytest.approx(1 / 3)
    assert Budget.read(" 2  per year ").per_month == pytest.approx(1 / 6)
    assert Budget.read("1 per week").per_month == pytest.approx(4.35, abs=0.01)
    for wrong in (
        "",
        "0 per year",
        "1 per day",
        "one per year",
        "-1 per year",
        "1 per quarter!",
        "1000 per year",
    ):
        with pytest.raises(ValueError, match="a budget is written like"):
            Budget.read(wrong)
    with pytest.raises(ValueError, match="at least one"):
        Budget(alarms=0, within=YEAR)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.5, "several times a day"),
        (1 / 24, "about once a day"),
        (1 / (24 * 3), "about once in 3 days"),
        (1 / (24 * 7), "about once a week"),
        (1 / (24 * 100), "about once in 3 months"),
        (1 / (24 * 365), "about once a year"),
        (1 / (24 * 365 * 3), "about once in 3 years"),
        (1e-9, "less than once in a thousand years"),
        (0.0, "less than once in a thousand years"),
    ],
)
def test_how_seldom(chance: float, words: str) -> None:
    assert in_words(once_in(chance, looks_per_day=24)) == words
