"""What a number says: nothing where chance explains it, and no lottery where there are many."""

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.rates import Part
from bot.digests import weigh
from bot.digests.settle import MOST_EDGE, MOST_LOUD, MOST_USUAL, figures, settle
from bot.digests.weigh import Counted, Sum
from bot.facts import Figure, Numbers, Says, SiteReport
from bot.specimens.digests import BEFORE, WEEK

COUNT = st.integers(0, 10**7)


def report(*sections: Numbers) -> SiteReport:
    return SiteReport(site="shop", span=WEEK, before=BEFORE, sections=sections)


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        pytest.param(19, 5, Says.UNKNOWN, id="both below twenty"),
        pytest.param(20, 5, Says.EDGE, id="one of them twenty"),
        pytest.param(110, 100, Says.USUAL, id="a tenth more of a hundred"),
        pytest.param(150, 100, Says.EDGE, id="half as much again"),
        pytest.param(5000, 0, Says.UNKNOWN, id="it was not counted before"),
        pytest.param(0, 500, Says.EDGE, id="all are gone"),
        pytest.param(109_000, 100_000, Says.USUAL, id="less than a tenth never matters"),
    ],
)
def test_a_count_of_the_whole_site(now: int, before: int, says: Says) -> None:
    assert weigh.count("visitors", Counted(now=now, before=before, spread=0.005)).says is says


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        pytest.param(7, 0, Says.UNKNOWN, id="both below eight"),
        pytest.param(8, 0, Says.EDGE, id="eight where there were none"),
        pytest.param(12, 10, Says.USUAL, id="two more"),
        pytest.param(0, 40, Says.EDGE, id="gone"),
        pytest.param(140, 100, Says.USUAL, id="less than half as much again never matters"),
    ],
)
def test_a_count_of_a_part(now: int, before: int, says: Says) -> None:
    assert weigh.value("/", Counted(now=now, before=before)).says is says


@given(now=COUNT, before=COUNT, exposure=st.floats(0.5, 2), spread=st.floats(0.002, 1))
def test_chances_are_chances_and_the_usual_is_around_the_expectation(
    now: int, before: int, exposure: float, spread: float
) -> None:
    counted = Counted(now=now, before=before, exposure=exposure, spread=spread)
    for figure in (weigh.count("a", counted), weigh.value("a", counted)):
        assert figure.chance is None or 0 <= figure.chance <= 1
        assert figure.change is None or math.isfinite(figure.change)
        if figure.chance is not None and figure.low is not None and figure.high is not None:
            assert figure.low <= max(counted.expected, figure.low) <= max(figure.high, counted.expected)


@pytest.mark.parametrize("mean", [60, 400, 5000])
@pytest.mark.parametrize("swing", [0.05, 0.15])
def test_of_usual_weeks_few_are_called_unlikely(mean: int, swing: float) -> None:
    """Weeks that swing by chance and by the site's own ways, with nothing else the matter."""
    chance = random.Random(7)
    on_the_edge = told = 0
    for _ in range(600):
        means = [mean * math.exp(chance.gauss(0, swing)) for _ in range(9)]
        weeks = [max(0, round(chance.gauss(one, math.sqrt(one)))) for one in means]
        counted = Counted(now=weeks[-1], before=weeks[-2], spread=weigh.spread_of(weeks[:-1]))
        figure = weigh.count("visitors", counted)
        on_the_edge += figure.chance is not None and figure.chance < weigh.EDGE
        told += figure.chance is not None and figure.chance < 0.002
    assert on_the_edge <= 600 * 0.085
    assert told <= 600 * 0.012


def test_the_spread_of_a_steady_site_is_small_and_that_of_a_wild_one_large() -> None:
    steady = weigh.spread_of([1000, 1010, 995, 1003, 1001, 990, 1007, 999])
    wild = weigh.spread_of([1000, 1600, 700, 1400, 600, 1500, 800, 1300])
    assert steady < 0.01 < 0.05 < wild
    assert weigh.spread_of([]) == weigh.spread_of([0, 0, 0])
    assert weigh.spread_of([], days=1) > weigh.spread_of([], days=7)


def test_a_trend_is_no_spread() -> None:
    assert weigh.spread_of([1000 + 30 * week for week in range(8)]) < 0.01


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        pytest.param((29, 29), (200, 400), Says.UNKNOWN, id="fewer than thirty"),
        pytest.param((60, 100), (500, 1000), Says.USUAL, id="sixty of a hundred is like a half"),
        pytest.param((700, 1000), (500, 1000), Says.EDGE, id="seven tenths are not"),
        pytest.param((51_000, 100_000), (50_000, 100_000), Says.USUAL, id="a point never matters"),
        pytest.param((0, 400), (40, 400), Says.EDGE, id="nobody comes through any more"),
    ],
)
def test_a_share(now: tuple[int, int], before: tuple[int, int], says: Says) -> None:
    mine, other = (Part(hits=one[0], trials=one[1]) for one in (now, before))
    assert weigh.share("bounce rate", mine, other).says is says


def test_a_share_that_is_known_to_swing_says_less() -> None:
    now, before = Part(hits=600, trials=1000), Part(hits=500, trials=1000)
    assert weigh.share("x", now, before, swing=0.005).says is Says.EDGE
    assert weigh.share("x", now, before, swing=0.08).says is Says.USUAL
    parts = [Part(hits=hits, trials=1000) for hits in (500, 640, 420, 610, 480)]
    assert (weigh.swing_of(parts) or 0) > 0.04
    assert weigh.swing_of(parts[:2]) is None


def orders(total: float, number: int, each: float) -> Sum:
    return Sum(total=Decimal(str(total)), number=number, squares=number * each * each)


def test_money_is_as_unsure_as_its_orders_are_few() -> None:
    few = weigh.amount("revenue", orders(700, 7, 100), orders(2000, 20, 100))
    assert few.says is Says.UNKNOWN
    one_large = Sum(total=Decimal(4000), number=20, squares=19 * 100**2 + 2100**2)
    assert weigh.amount("revenue", one_large, orders(2000, 20, 100)).says is Says.USUAL
    many = weigh.amount("revenue", orders(40_000, 400, 100), orders(20_000, 200, 100), unit="EUR")
    assert (many.says, many.unit) == (Says.EDGE, "EUR")


def test_the_least_of_many_chances_is_worth_less() -> None:
    figure = weigh.count("visitors", Counted(now=150, before=100, spread=0.005))
    assert figure.chance is not None
    worth = weigh.of_many(figure, 100)
    assert worth.says is Says.USUAL
    assert worth.chance == pytest.approx(min(1.0, 100 * figure.chance))
    assert weigh.of_many(figure, 1) == figure


# ---------------------------------------------------------------- all of them together


def test_fifty_sites_are_no_fifty_lotteries() -> None:
    """Three thousand numbers of sites on which nothing happened: next to none is loud."""
    chance = random.Random(11)
    reports = []
    for _ in range(50):
        rows = [
            weigh.value(
                f"/{page}", Counted(now=_poisson(chance, 30), before=_poisson(chance, 30), spread=0.002)
            )
            for page in range(200)
        ]
        reports.append(report(Numbers(of="pages", figures=tuple(rows))))
    loud = sum(
        one.loud for settled in settle(reports) for section in settled.sections for one in figures(section)
    )
    assert loud <= 2


def test_what_did_happen_is_found_among_them() -> None:
    calm = [weigh.value(f"/{page}", Counted(now=30, before=31)) for page in range(300)]
    odd = weigh.value("/gone", Counted(now=0, before=90))
    (settled,) = settle([report(Numbers(of="pages", figures=(*calm, odd)))])
    (section,) = settled.sections
    assert isinstance(section, Numbers)
    assert [one.name for one in section.told] == ["/gone"]
    assert section.figures[0].name == "/gone"


@given(
    st.lists(
        st.builds(
            lambda now, before: weigh.value("x", Counted(now=now, before=before)),
            st.integers(0, 500),
            st.integers(0, 500),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_what_is_not_told_is_counted(rows: list[Figure]) -> None:
    (settled,) = settle([report(Numbers(of="pages", figures=tuple(rows), more=3))])
    (section,) = settled.sections
    assert isinstance(section, Numbers)
    assert len(section.figures) + section.more == len(rows) + 3
    assert len(section.told) <= MOST_LOUD
    assert len(section.edge) <= MOST_EDGE
    assert len(section.usual) <= MOST_USUAL


def test_the_order_of_a_summary_is_its_meaning() -> None:
    calm = weigh.count("visitors", Counted(now=1000, before=1000))
    loud = weigh.count("views", Counted(now=100, before=3000))
    (settled,) = settle([report(Numbers(of="summary", figures=(calm, loud)))])
    assert settled.headline is not None
    assert settled.headline.name == "visitors"
    assert settled.loud


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
