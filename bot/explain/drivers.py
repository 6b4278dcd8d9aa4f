"""Which values made the difference: explanatory power and surprise, with honest doubt. Pure.

After Adtributor (Bhagwan et al., NSDI '14). Of each dimension, a value's explanatory power is its part of the
whole change, and its surprise how much its share of the traffic moved (a half of the Jensen-Shannon
divergence). Values are taken by surprise while each explains a tenth, until two thirds are explained, three
at most; the dimension with the most surprise speaks first.

Three gates stand before that. A value has to differ from its own expectation by more than chance, with all
values of all dimensions as one family (Benjamini and Hochberg), and by more than the whole does. The mix of
its dimension has to have shifted: when everybody stays away alike, the largest source explains most of it and
is the cause of nothing. And a dimension speaks only if its values explain two thirds; less is said with a
doubt, or not at all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.detect import rates
from bot.detect.breakdown import Breakdown, Value, chance_of, mix
from bot.facts import Cause, Doubt, Driver, Explanation

ENOUGH = 2 / 3
"""The part of the whole change that has to be explained."""

WORTH_SAYING = 1 / 3
"""From this part on, an incomplete explanation is told, with a doubt."""

MOST_DRIVERS = 3
MOST_CAUSES = 3
LEAST_CHANGE = 8
_EACH = 0.1
_MIX_ALPHA = 0.01
_AS_SPECIFIC = 0.8  # a finer dimension speaks in place of a coarser one of nearly as much surprise
_REST_ALPHA = 0.05
_REST_RANGE = (0.8, 1.25)
_COUNTS_FROM = 5


class Family(StrEnum):
    """Dimensions that tell one story: of each family one speaks."""

    SOURCE = "source"
    PAGE = "page"
    PLACE = "place"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The traffic by one dimension: each value now, and over all the periods before.

    `nameless` is whether "no value" is a value too (a visitor without a referrer came directly; one without a
    campaign came in a hundred ways). Finer dimensions of a family come before coarser ones.
    """

    dimension: str
    family: Family
    values: tuple[Value, ...]
    nameless: bool = True


class _Tested(NamedTuple):
    value: Value
    power: float  # its part of the whole change
    surprise: float
    leads: bool  # it differs by more than chance, and by more than the whole does


class _Found(NamedTuple):
    cut: Cut
    cause: Cause
    power: float
    surprise: float


def explain(got: int, before: int, periods: int, cuts: Sequence[Cut]) -> Explanation:
    """Say what made `got` visitors of what `before` in so many comparable periods lets expect."""
    whole = Explanation(got=got, expected=before / periods)
    if abs(whole.change) < LEAST_CHANGE or not cuts:
        return _doubted(whole, Doubt.TOO_FEW if cuts else Doubt.UNKNOWN)
    rule = Breakdown(periods=periods)
    held = _held(rule, cuts)
    shifted = [cut for cut in cuts if _shifted(cut)]
    found = [
        one
        for cut in shifted
        if (one := _spoken(rule, cut, whole, _tested(cut, whole, periods, held))) is not None
    ]
    causes = _strongest([one for one in found if one.power >= ENOUGH])
    if causes:
        return Explanation(
            got=got, expected=whole.expected, causes=causes, alike=_alike(cuts, shifted, causes)
        )
    partly = max(found, key=lambda one: one.power, default=None)
    if partly is not None and partly.power >= WORTH_SAYING:
        return Explanation(got=got, expected=whole.expected, causes=(partly.cause,), doubt=Doubt.PARTLY)
    alike = _alike(cuts, shifted, ())
    return _doubted(whole, Doubt.NO_SINGLE_SOURCE if shifted or not alike else Doubt.ALIKE, alike)


def _doubted(whole: Explanation, doubt: Doubt, alike: tuple[str, ...] = ()) -> Explanation:
    return Explanation(got=whole.got, expected=whole.expected, alike=alike, doubt=doubt)


def _held(rule: Breakdown, cuts: Sequence[Cut]) -> set[tuple[str, str]]:
    """Return which values differ by more than chance, all values of all dimensions taken together."""
    tested = [
        (cut.dimension, value)
        for cut in cuts
        for value in cut.values
        if max(value.now, value.before / rule.periods) >= _COUNTS_FROM
    ]
    chances = [min(1.0, 2 * chance_of(rule, value)) for _, value in tested]
    held = rates.discoveries(chances, rule.doubt)
    return {(name, value.name) for (name, value), holds in zip(tested, held, strict=True) if holds}


def _shifted(cut: Cut) -> bool:
    now, before = [one.now for one in cut.values], [one.before for one in cut.values]
    return mix(now, before, alpha=_MIX_ALPHA).shifted


def _tested(cut: Cut, whole: Explanation, periods: int, held: set[tuple[str, str]]) -> list[_Tested]:
    now, before = sum(one.now for one in cut.values), sum(one.before for one in cut.values)
    tested = []
    for value in cut.values:
        expected, got = _share(value.before, before), _share(value.now, now)
        real = (cut.dimension, value.name) in held and (cut.nameless or value.name != "")
        tested.append(
            _Tested(
                value=value,
                power=(value.now - value.before / periods) / whole.change,
                surprise=surprise(expected, got),
                leads=real and (got - expected) * whole.change > 0,
            )
        )
    return tested


def _share(count: int, total: int) -> float:
    return count / total if total else 0.0


def surprise(expected: float, got: float) -> float:
    """Return how much a share of the traffic moved: its term of the Jensen-Shannon divergence, in nats."""
    middle = expected + got
    return sum(one * math.log(2 * one / middle) for one in (expected, got) if one > 0) / 2


def _spoken(rule: Breakdown, cut: Cut, whole: Explanation, tested: Sequence[_Tested]) -> _Found | None:
    """Return the values of a dimension that made the difference, None when there are none."""
    taken: list[_Tested] = []
    for one in sorted(tested, key=lambda each: (-each.surprise, each.value.name)):
        if len(taken) == MOST_DRIVERS or sum(each.power for each in taken) >= ENOUGH:
            break
        if one.leads and one.power >= _EACH:
            taken.append(one)
    if not taken:
        return None
    drivers = tuple(
        Driver(value=one.value.name, got=one.value.now, expected=one.value.before / rule.periods)
        for one in sorted(taken, key=lambda each: -each.power)
    )
    rest = [one.value for one in tested if one not in taken]
    return _Found(
        cut=cut,
        cause=Cause(dimension=cut.dimension, drivers=drivers, rest_usual=_usual(rule, rest)),
        power=sum(one.power for one in taken),
        surprise=sum(one.surprise for one in taken),
    )


def _usual(rule: Breakdown, rest: Sequence[Value]) -> bool:
    """Whether the other values, taken together, are as usual."""
    together = Value(name="", now=sum(one.now for one in rest), before=sum(one.before for one in rest))
    if together.before == 0:
        return together.now < _COUNTS_FROM
    low, high = _REST_RANGE
    ratio = together.now * rule.periods / together.before
    return low <= ratio <= high or 2 * chance_of(rule, together) >= _REST_ALPHA


def _strongest(found: Sequence[_Found]) -> tuple[Cause, ...]:
    """Return one cause of each family, the most surprising first."""
    best: dict[Family, _Found] = {}
    for family in Family:
        told = [one for one in found if one.cut.family is family]
        if told:
            most = max(one.surprise for one in told)
            best[family] = next(one for one in told if one.surprise >= _AS_SPECIFIC * most)
    ranked = sorted(best.values(), key=lambda one: -one.surprise)
    return tuple(one.cause for one in ranked[:MOST_CAUSES])


def _alike(cuts: Sequence[Cut], shifted: Sequence[Cut], causes: Sequence[Cause]) -> tuple[str, ...]:
    """Return the dimensions that had a choice and whose values all moved alike; none of a family that speaks.

    They are one statement, so there are none when three have been made.
    """
    if len(causes) >= MOST_CAUSES:
        return ()
    speaks = {cut.family for cut in cuts if any(cause.dimension == cut.dimension for cause in causes)}
    moved = {cut.dimension for cut in shifted}
    return tuple(
        cut.dimension
        for cut in cuts
        if cut.family not in speaks and cut.dimension not in moved and _has_a_choice(cut)
    )


def _has_a_choice(cut: Cut) -> bool:
    return sum(max(one.now, one.before) >= _COUNTS_FROM for one in cut.values) >= 2
