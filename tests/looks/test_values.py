"""Values that are new, gone or odd, and shifts of their mix."""

from datetime import timedelta

import pytest

from bot.detect.breakdown import Kind, Value
from bot.detect.spell import State
from bot.detect.verdict import Why
from bot.sources.periods import one_day
from bot.sources.source import Breakdown, Dimension, Row, Traffic
from bot.watches.memory import Memory
from bot.watches.opinion import Stretch
from bot.watches.values import BREAKDOWN, VANISHED, MixSeen, New, NewSeen, OddSeen, Values, values
from tests.looks.making import NOW, judge, watch

DAY = timedelta(days=1)
NEW, GONE, MIX = watch("new"), watch("vanished"), watch("mix")


def seen(*found: Value, periods: float = 28, days: int = 0, of: Dimension = Dimension.REFERRER) -> Values:
    until_at = NOW + days * DAY
    return Values(
        dimension=of,
        values=found,
        periods=periods,
        over=Stretch(since_at=until_at - DAY, until_at=until_at),
        day="a day",
    )


def value(name: str, now: int, before: int) -> Value:
    return Value(name=name, now=now, before=before)


USUAL = value("google.com", 40, 1100)


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        pytest.param(40, 0, ["news.example"], id="new, and many"),
        pytest.param(3, 0, [], id="new, and few"),
        pytest.param(40, 30, [], id="it was there"),
    ],
)
def test_a_new_referrer_is_told_when_it_sends_enough(now: int, before: int, told: list[str]) -> None:
    _, opinions = judge(NEW, NewSeen(seen=seen(USUAL, value("news.example", now, before))))
    assert [one.subject for one in opinions] == told
    assert all(not one.lasting and one.judged.verdict.holds for one in opinions)


def test_each_new_one_is_told_once() -> None:
    memory = Memory()
    told = []
    for number in range(4):
        found = [value(f"news{each}.example", 40, 0) for each in range(number)]
        memory, opinions = judge(NEW, NewSeen(seen=seen(USUAL, *found, days=number)), memory)
        told.append([one.subject for one in opinions])
    assert told == [[], ["news0.example"], ["news1.example"], ["news2.example"]]
    assert memory.spells == {}
    assert Memory.from_json(memory.to_json()) == memory


def test_direct_traffic_is_nothing_new() -> None:
    assert judge(NEW, NewSeen(seen=seen(value("", 40, 0))))[1] == ()


def test_a_page_that_is_gone_is_a_trouble_until_it_comes_again() -> None:
    memory, opinions = judge(GONE, OddSeen(seen=seen(USUAL, value("/sale", 0, 1100)), kinds=VANISHED.kinds))
    assert [(one.subject, one.judged.verdict.state) for one in opinions] == [("/sale", State.TROUBLE)]
    assert opinions[0].lasting
    memory, opinions = judge(
        GONE, OddSeen(seen=seen(USUAL, value("/sale", 38, 1060), days=1), kinds=VANISHED.kinds), memory
    )
    assert [(one.subject, one.judged.verdict.state) for one in opinions] == [("/sale", State.OK)]
    assert memory == Memory()
    assert judge(GONE, OddSeen(seen=seen(USUAL, days=2), kinds=VANISHED.kinds), memory)[1] == ()


def test_what_is_gone_for_so_long_that_nobody_knows_it_is_over_too() -> None:
    memory, _ = judge(GONE, OddSeen(seen=seen(USUAL, value("/sale", 0, 1100)), kinds=VANISHED.kinds))
    _, opinions = judge(GONE, OddSeen(seen=seen(USUAL, days=40), kinds=VANISHED.kinds), memory)
    assert [(one.subject, one.judged.verdict.state) for one in opinions] == [("/sale", State.OK)]


def test_what_rose_is_not_gone_but_out_of_the_usual() -> None:
    rose = seen(USUAL, value("/sale", 300, 560), of=Dimension.PAGE)
    assert judge(GONE, OddSeen(seen=rose, kinds=VANISHED.kinds))[1] == ()
    [opinion] = judge(watch("breakdown"), OddSeen(seen=rose, kinds=BREAKDOWN.kinds))[1]
    assert (opinion.subject, opinion.judged.verdict.why) == ("/sale", Why.ROSE)
    assert opinion.where[0].value == "/sale"
    assert Kind.NEW in BREAKDOWN.kinds


def test_five_hundred_usual_pages_are_no_lottery() -> None:
    pages = [value(f"/{number}", 8 + number % 5, 280) for number in range(500)]
    assert judge(watch("breakdown"), OddSeen(seen=seen(*pages), kinds=BREAKDOWN.kinds))[1] == ()


def test_a_mix_that_shifts_at_a_steady_total_names_what_moved_most() -> None:
    usual = seen(value("Direct", 200, 800), value("Search", 200, 800), value("Email", 40, 160), periods=4)
    [opinion] = judge(MIX, MixSeen(seen=usual))[1]
    assert opinion.judged.verdict.state is State.OK
    shifted = seen(value("Direct", 320, 800), value("Search", 60, 800), value("Email", 60, 160), periods=4)
    memory, [opinion] = judge(MIX, MixSeen(seen=shifted))
    verdict = opinion.judged.verdict
    assert (verdict.state, verdict.why) == (State.TROUBLE, Why.MIX_SHIFTED)
    assert verdict.evidence is not None
    assert verdict.evidence.subject == "Search"
    _, [opinion] = judge(MIX, MixSeen(seen=seen(*usual.values, periods=4, days=1)), memory)
    assert opinion.judged.verdict.state is State.OK


def test_a_mix_of_few_says_nothing() -> None:
    few = seen(value("Direct", 9, 800), value("Search", 5, 800), periods=4)
    assert judge(MIX, MixSeen(seen=few))[1][0].judged.verdict.state is State.TOO_SMALL


def listed(whole: bool, **counts: int) -> Breakdown:
    rows = tuple(Row(value=name, traffic=Traffic(visitors=count)) for name, count in counts.items())
    day = one_day(NOW.date())
    return Breakdown(dimension=Dimension.PAGE, period=day, rows=rows, whole=whole, complete=True)


def test_what_a_cut_list_does_not_name_is_neither_new_nor_gone() -> None:
    found = values(listed(True, a=9, new=40), listed(False, a=300, b=12))
    assert {one.name: one.before for one in found} == {"a": 300, "new": 12, "b": 12}
    cut = values(listed(False, a=9), listed(True, a=300, b=120))
    assert [one.name for one in cut] == ["a"]


def test_a_dimension_has_to_be_one() -> None:
    [(key, what)] = New().mistakes(watch("new", dimension="refferer"))
    assert key == "dimension"
    assert "referrer" in what
    assert New().mistakes(watch("new", dimension="utm campaign")) == []
