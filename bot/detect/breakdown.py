"""Many values at once: pages, referrers, countries. Five hundred pages must not be five hundred lotteries.

Only values with enough visitors are tested, each against its expectation; of those that hold, at most a
twentieth may be chance (Benjamini and Hochberg); then the difference has to matter. A value that was never
seen, or that is gone, is judged by the chance of such a count under what was known of it before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.detect import rates
from bot.detect.swings import swinging
from bot.detect.tails import plausible, tails
from bot.detect.verdict import Evidence, Side


class Kind(StrEnum):
    """How a value stands out."""

    MORE = "more"
    LESS = "less"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One page, referrer or country: how many now, and how many in all periods before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """What it takes to be told. `spread` is that of one value's count; `periods` is how many lie before."""

    periods: float = 4.0
    spread: float = 0.1
    doubt: float = 0.05
    least_count: int = 5
    ratio: float = 1.5
    least_difference: int = 8

    def __post_init__(self) -> None:
        if self.periods <= 0 or self.ratio <= 1 or not 0 < self.doubt < 1:
            raise ValueError(
                "periods above zero, a ratio above one and a doubt between zero and one are needed"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A value that stands out, and its numbers."""

    kind: Kind
    side: Side
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Whether the parts of a total shifted. `divergence` is Jensen-Shannon's, in bits."""

    chance: float
    divergence: float
    shifted: bool


def odd_values(rule: Breakdown, values: Sequence[Value]) -> tuple[Odd, ...]:
    """Return the values that stand out, the most surprising first."""
    tested = [each for each in values if max(each.now, each.before / rule.periods) >= rule.least_count]
    chances = [chance_of(rule, each) for each in tested]
    # both sides are looked at, so each chance counts twice
    held = rates.discoveries([min(1.0, 2 * chance) for chance in chances], rule.doubt)
    found = sorted(
        (chance, each.name, each)
        for each, chance, holds in zip(tested, chances, held, strict=True)
        if holds and _matters(rule, each)
    )
    return tuple(_odd(rule, each, chance) for chance, _, each in found)


def chance_of(rule: Breakdown, value: Value) -> float:
    """Return the mid-p chance of a count this far from what came before.

    The count before is itself uncertain: it widens the spread by one over itself. A value never seen before
    has the predictive law of a Gamma(1/2) prior: a negative binomial of size 1/2.
    """
    if value.before == 0:
        mean = 0.5 / rule.periods
        return tails(value.now, mean, spread=2.0).high
    mean = value.before / rule.periods
    both = swinging(value.now, mean, rule.spread + 1 / value.before)
    return min(both)


def mix(now: Sequence[int], before: Sequence[int], alpha: float = 0.001, least: float = 0.02) -> Mix:
    """Judge whether the parts changed, whatever the total did: significantly, and by enough to see."""
    chance, divergence = rates.mix_changed(now, before), rates.divergence(now, before)
    shifted = chance < alpha and divergence > least
    return Mix(chance=chance, divergence=divergence, shifted=shifted)


def _matters(rule: Breakdown, value: Value) -> bool:
    mean = value.before / rule.periods
    if abs(value.now - mean) < rule.least_difference:
        return False
    return value.now >= mean * rule.ratio or value.now <= mean / rule.ratio


def _odd(rule: Breakdown, value: Value, chance: float) -> Odd:
    mean = value.before / rule.periods
    side = Side.UP if value.now > mean else Side.DOWN
    low, high = plausible(mean, rule.spread + 1 / max(1, value.before))
    evidence = Evidence(
        value=value.now,
        expected=mean,
        plausible_low=low,
        plausible_high=high,
        chance=chance,
        subject=value.name,
    )
    return Odd(kind=_kind(value, side), side=side, evidence=evidence)


def _kind(value: Value, side: Side) -> Kind:
    if value.before == 0:
        return Kind.NEW
    if value.now == 0:
        return Kind.GONE
    return Kind.MORE if side is Side.UP else Kind.LESS
