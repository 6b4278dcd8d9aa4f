"""Nobody comes, nothing happens: when is that news, and from when on can this site tell?

With a mean of M and a spread d, nobody comes with chance (1 + d M) ** (-1 / d). The shortest window in
which that is below the rule's alpha is the honest time in which an outage can be seen at this hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from statistics import median_low

from bot.detect.chance import once_in
from bot.detect.expected import Baseline
from bot.detect.hours import CELLS, HOUR, Hours
from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.tails import mean_where_zero_is_news, pmf
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread

LONGEST = 14 * 24  # hours: whoever is quiet for two weeks needs another rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Trouble when nothing came for a time that chance leaves empty less than `alpha` of the times.

    `within` is the owner's own number: then it must also last so long, and a site on which even that can
    never be news is told so.
    """

    alpha: float = 5e-5
    within: timedelta | None = None
    pace: Pace = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How long an outage must last to be seen: at the best, a usual and the worst hour of the week.

    None where even two weeks of silence would not be news.
    """

    best: timedelta | None
    usual: timedelta | None
    worst: timedelta | None


def look(rule: Silence, recent: Hours, baseline: Baseline | None, spell: Spell) -> Judged:
    """Judge the silence up to the end of these hours. What came before unknown hours does not count."""
    at = recent.end_at
    if baseline is None:
        return unread(Why.HISTORY_TOO_SHORT, at, spell)
    if not recent.counts or recent.counts[-1] is None:
        return unread(Why.NOT_COMPLETE, at, spell)
    if rule.within is not None and not _can_see(rule, baseline):
        return unread(Why.SITE_TOO_SMALL, at, spell)
    quiet = _quiet(recent.counts)
    mean = sum(baseline.expectations(recent.last(quiet))) if quiet else 0.0
    chance = pmf(0, mean, baseline.spread(quiet)) / 2 if quiet else 1.0
    lasted = quiet * HOUR
    long_enough = rule.within is None or lasted >= rule.within
    sign = Sign.BACK if quiet == 0 else Sign.BAD if chance < rule.alpha and long_enough else Sign.BETWEEN
    spell = step(spell, sign, at, rule.pace)
    evidence = Evidence(
        value=recent.counts[-1] or 0,
        expected=mean,
        window=lasted,
        chance=chance,
        once_in=once_in(chance, 24),
    )
    fine = Why.HEARD if quiet == 0 else Why.USUAL
    return judged(spell, at, bad=Why.SILENT, fine=fine, side=Side.DOWN, evidence=evidence)


def shortest(baseline: Baseline, cell: int, alpha: float) -> timedelta | None:
    """Return the shortest window that ends with this hour of the week and in which silence is news."""
    mean = 0.0
    for hours in range(1, LONGEST + 1):
        mean += baseline.cells[(cell - hours + 1) % CELLS] * baseline.level
        if mean >= mean_where_zero_is_news(alpha, baseline.spread(hours)):
            return hours * HOUR
    return None


@lru_cache(maxsize=256)  # the same until tomorrow, and asked at every look
def outlook(baseline: Baseline, alpha: float) -> Outlook:
    """Return what a rule of this alpha can see on this site."""
    windows = sorted(shortest(baseline, cell, alpha) or (LONGEST + 1) * HOUR for cell in range(CELLS))
    best, usual, worst = (
        None if window > LONGEST * HOUR else window
        for window in (windows[0], median_low(windows), windows[-1])
    )
    return Outlook(best=best, usual=usual, worst=worst)


def _can_see(rule: Silence, baseline: Baseline) -> bool:
    best = outlook(baseline, rule.alpha).best
    return best is not None and rule.within is not None and best <= rule.within


def _quiet(counts: Sequence[int | None]) -> int:
    """Return how many of the last hours are known to be empty."""
    quiet = 0
    for count in reversed(counts):
        if count != 0:
            break
        quiet += 1
    return quiet
