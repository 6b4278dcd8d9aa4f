"""Which values made the difference, and when none did."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.breakdown import Value
from bot.explain.drivers import LEAST_CHANGE, Cut, Family, explain, surprise
from bot.facts import Doubt, Explanation

Counts = dict[str, tuple[int, int]]
"""Value → how many now, and how many in all three weeks before."""


def cut(dimension: str, family: Family, counts: Counts, *, nameless: bool = True) -> Cut:
    values = tuple(Value(name=name, now=now, before=before) for name, (now, before) in counts.items())
    return Cut(dimension=dimension, family=family, values=values, nameless=nameless)


def explained(*cuts: Cut) -> Explanation:
    got = sum(value.now for value in cuts[0].values)
    before = sum(value.before for value in cuts[0].values)
    return explain(got, before, 3, cuts)


REFERRERS: Counts = {"google.com": (2, 93), "": (34, 102), "bing.com": (9, 30), "partner.example": (15, 42)}
COUNTRIES: Counts = {"de": (36, 160), "at": (13, 58), "ch": (11, 49)}


def test_a_search_engine_that_no_longer_sends_anybody_is_named() -> None:
    found = explained(cut("referrer", Family.SOURCE, REFERRERS), cut("country", Family.PLACE, COUNTRIES))
    [cause] = found.causes
    assert [(one.value, one.got, one.expected) for one in cause.drivers] == [("google.com", 2, 31.0)]
    assert cause.rest_usual
    assert round(found.change) == -29
    assert found.alike == ("country",)
    assert found.doubt is None


def test_a_link_that_spreads_is_named_with_its_page() -> None:
    found = explained(
        cut("referrer", Family.SOURCE, {"news.example": (210, 0), "": (30, 90), "google.com": (33, 96)}),
        cut("entry page", Family.PAGE, {"/kites/red": (214, 12), "/": (40, 120), "/blog": (19, 54)}),
        cut("country", Family.PLACE, {"de": (130, 96), "us": (143, 90)}),
    )
    named = {cause.dimension: [one.value for one in cause.drivers] for cause in found.causes}
    assert named == {"referrer": ["news.example"], "entry page": ["/kites/red"]}


def test_when_everybody_stays_away_alike_the_largest_source_is_no_cause() -> None:
    tenth = {name: (before // 30, before) for name, (_, before) in REFERRERS.items()}
    found = explained(
        cut("referrer", Family.SOURCE, tenth),
        cut("country", Family.PLACE, {"de": (5, 160), "at": (2, 58), "ch": (1, 49)}),
    )
    assert (found.causes, found.doubt) == ((), Doubt.ALIKE)
    assert found.alike == ("referrer", "country")


def test_when_nobody_comes_at_all_everything_is_alike() -> None:
    found = explained(cut("referrer", Family.SOURCE, {"a": (0, 90), "b": (0, 60)}))
    assert (found.doubt, found.alike) == (Doubt.ALIKE, ("referrer",))


def test_many_small_changes_are_no_single_source() -> None:
    half = {f"/{number}": (1 if number < 12 else 10, 30) for number in range(24)}
    found = explained(cut("page", Family.PAGE, half))
    assert (found.causes, found.doubt) == ((), Doubt.NO_SINGLE_SOURCE)


def test_what_explains_less_than_two_thirds_is_told_with_a_doubt() -> None:
    found = explained(
        cut("referrer", Family.SOURCE, {"news.example": (45, 0), "": (80, 120), "google.com": (80, 120)})
    )
    [cause] = found.causes
    assert [one.value for one in cause.drivers] == ["news.example"]
    assert not cause.rest_usual
    assert found.doubt is Doubt.PARTLY


def test_of_one_family_the_finer_dimension_speaks() -> None:
    sale = {"summer-sale": (80, 0), "": (60, 180)}
    found = explained(
        cut("utm campaign", Family.SOURCE, sale, nameless=False),
        cut("referrer", Family.SOURCE, {"": (110, 90), "google.com": (30, 90)}),
        cut("channel", Family.SOURCE, {"Email": (82, 6), "Direct": (28, 84), "Search": (30, 90)}),
    )
    [cause] = found.causes
    assert (cause.dimension, cause.drivers[0].value) == ("utm campaign", "summer-sale")


def test_no_campaign_is_the_cause_of_nothing_but_no_referrer_is() -> None:
    counts: Counts = {"": (120, 90), "weekly": (30, 90)}
    nameless = explained(cut("referrer", Family.SOURCE, counts))
    named = explained(cut("utm campaign", Family.SOURCE, counts, nameless=False))
    assert [one.value for one in nameless.causes[0].drivers] == [""]
    assert named.causes == ()


def test_what_rose_while_the_whole_fell_is_no_cause() -> None:
    found = explained(
        cut("referrer", Family.SOURCE, {"a": (0, 120), "b": (52, 90), "c": (30, 90), "d": (31, 90)})
    )
    [cause] = found.causes
    assert [one.value for one in cause.drivers] == ["a"]  # b rose while the whole fell


@pytest.mark.parametrize(
    ("got", "doubt"),
    [
        pytest.param(30 - LEAST_CHANGE + 1, Doubt.TOO_FEW, id="one too few to speak of"),
        pytest.param(30 - LEAST_CHANGE, Doubt.ALIKE, id="just enough"),
    ],
)
def test_a_small_change_has_no_reasons(got: int, doubt: Doubt) -> None:
    one = cut("country", Family.PLACE, {"de": (got - 8, 60), "at": (8, 30)})
    assert explain(got, 90, 3, [one]).doubt is doubt


def test_without_any_dimension_nothing_is_known() -> None:
    assert explain(0, 90, 3, []).doubt is Doubt.UNKNOWN


COUNT = st.integers(0, 400)
TRAFFIC = st.dictionaries(st.text("abc", max_size=2), st.tuples(COUNT, COUNT), min_size=1, max_size=9)


@given(referrers=TRAFFIC, pages=TRAFFIC, countries=TRAFFIC)
def test_whatever_the_numbers_are(referrers: Counts, pages: Counts, countries: Counts) -> None:
    found = explained(
        cut("referrer", Family.SOURCE, referrers),
        cut("page", Family.PAGE, pages),
        cut("country", Family.PLACE, countries),
    )
    assert len(found.causes) + bool(found.alike) <= 3 or found.doubt is not None
    assert found.causes or found.doubt is not None
    for cause in found.causes:
        assert 1 <= len(cause.drivers) <= 3
        assert all(one.change * found.change > 0 for one in cause.drivers)
        assert cause.dimension not in found.alike
        if found.doubt is None:
            assert cause.change / found.change >= 2 / 3 - 1e-9


@given(expected=st.floats(0, 1), got=st.floats(0, 1))
def test_a_surprise_is_never_negative_and_at_most_half_a_bit(expected: float, got: float) -> None:
    assert -1e-12 <= surprise(expected, got) <= math.log(2) / 2 * max(expected, got) + 1e-12
    assert surprise(expected, got) == pytest.approx(surprise(got, expected))
