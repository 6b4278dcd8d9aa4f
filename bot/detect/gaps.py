"""Rare events by the time between them: "no order for 26 h, normally one in 400 such gaps".

Counts say little about what happens less than once a day; gaps do. With so many events in so much time and
a Gamma(1/2) prior for their rate, the next gap exceeds g with chance (T / (T + g)) ** (events + 1/2): the
predictive law that does not pretend to know the rate.

Time may be counted in hours, or better in `busy` time, the visitors that were expected meanwhile: then a
night weighs what a night weighs, and the sentence becomes "no order from the last 900 visitors".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect.chance import once_in
from bot.detect.expected import Baseline
from bot.detect.hours import HOUR
from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread

_FEWEST = 5  # events before a gap can be called long


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Trouble when a gap this long comes by chance in less than `alpha` of all gaps."""

    alpha: float = 1 / 400
    pace: Pace = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """So many events in `time`, and `quiet` since the last one, both in the same unit.

    `lasted` is how long it is quiet by the clock. Raises ValueError for negative numbers.
    """

    events: int
    time: float
    quiet: float
    lasted: timedelta

    def __post_init__(self) -> None:
        if min(self.events, self.time, self.quiet) < 0:
            raise ValueError("events and times are not negative")


def look(rule: Gaps, heard: Heard, at: datetime, spell: Spell, days: float) -> Judged:
    """Judge the present gap. `days` is how many days `heard.time` spans: the rhythm of chance."""
    if heard.events < _FEWEST or heard.time <= 0:
        return unread(Why.TOO_FEW, at, spell)
    chance = gap_chance(heard)
    sign = Sign.BAD if chance < rule.alpha else Sign.BACK
    evidence = Evidence(
        value=0,
        expected=heard.events * heard.quiet / heard.time,
        window=heard.lasted,
        chance=chance,
        once_in=once_in(chance, heard.events / max(days, 1.0)),
    )
    spell = step(spell, sign, at, rule.pace)
    return judged(spell, at, bad=Why.SILENT, fine=Why.HEARD, side=Side.DOWN, evidence=evidence)


def gap_chance(heard: Heard) -> float:
    """Return the chance of a gap at least this long."""
    if heard.quiet <= 0:
        return 1.0
    return float((heard.time / (heard.time + heard.quiet)) ** (heard.events + 0.5))


def busy(baseline: Baseline, since_at: datetime, until_at: datetime) -> float:
    """Return the visitors that are usual between two instants: time, weighted by the rhythm of the site."""
    total, at = 0.0, since_at
    while at < until_at:
        upto = min(until_at, at + HOUR)
        total += baseline.expected(at) * ((upto - at) / HOUR)
        at = upto
    return total
