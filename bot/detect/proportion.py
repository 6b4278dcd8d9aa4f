"""Shares: conversion, bounce, the steps of a funnel, against what is usual. Never a bare percentage.

A share has left the usual when the Newcombe interval of the difference excludes no change, or, where fewer
than five of a kind are expected, when Fisher's test says so. Both need enough visitors and a difference
that matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.detect import rates
from bot.detect.rates import Part
from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread

_FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """Trouble when a share differs from the usual by at least `share` of it; `side` None: either way.

    `confidence` is that of the interval, for one look; of several steps each gets its part of the doubt.
    """

    side: Side | None = None
    share: float = 0.25
    least_trials: int = 30
    confidence: float = 0.99
    pace: Pace = AT_ONCE

    def __post_init__(self) -> None:
        if not (0 < self.confidence < 1 and self.share > 0 and self.least_trials > 0):
            raise ValueError("a share, trials above zero and a confidence between zero and one are needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One share beside the usual one: what its difference is, and whether chance explains it."""

    subject: str | None
    now: Part
    usual: Part
    chance: float
    significant: bool

    @property
    def difference(self) -> float:
        """Return by how much the share is higher than usual."""
        return self.now.share - self.usual.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a funnel: how many of those who reached the one before went on, now and usually."""

    name: str
    now: Part
    usual: Part


def look(rule: Proportion, now: Part | None, usual: Part | None, at: datetime, spell: Spell) -> Judged:
    """Judge one share of a completed period."""
    if now is None or usual is None:
        return unread(Why.NOT_COMPLETE, at, spell)
    if min(now.trials, usual.trials) < rule.least_trials:
        return unread(Why.TOO_FEW, at, spell)
    return _judge(rule, compare(now, usual, rule.confidence), at, spell)


def funnel(rule: Proportion, steps: Sequence[Step], at: datetime, spell: Spell) -> Judged:
    """Judge each step of a funnel, and answer for the one that chance explains least.

    Steps too small to judge are left out: the end of a funnel may be, when its beginning is not.
    """
    if not steps:
        return unread(Why.NOT_COMPLETE, at, spell)
    large = [each for each in steps if min(each.now.trials, each.usual.trials) >= rule.least_trials]
    if not large:
        return unread(Why.TOO_FEW, at, spell)
    confidence = 1 - (1 - rule.confidence) / len(large)
    compared = [compare(each.now, each.usual, confidence, each.name) for each in large]
    worst = min(compared, key=lambda each: (_sign(rule, each) is not Sign.BAD, each.chance))
    return _judge(rule, worst, at, spell)


def compare(now: Part, usual: Part, confidence: float, subject: str | None = None) -> Compared:
    """Compare two shares: Fisher on few, Newcombe otherwise."""
    if _few(now, usual):
        chance = min(1.0, 2 * min(rates.fisher(now, usual)))
        significant = chance < 1 - confidence
    else:
        chance = rates.score(now, usual)
        interval = rates.newcombe(now, usual, confidence)
        significant = not interval.low <= 0 <= interval.high
    return Compared(subject=subject, now=now, usual=usual, chance=chance, significant=significant)


def _few(now: Part, usual: Part) -> bool:
    hits, trials = now.hits + usual.hits, now.trials + usual.trials
    rarer = min(hits, trials - hits) * min(now.trials, usual.trials)
    return rarer < _FEW * trials


def _sign(rule: Proportion, compared: Compared) -> Sign:
    side = Side.UP if compared.difference > 0 else Side.DOWN
    large = abs(compared.difference) >= rule.share * compared.usual.share and compared.difference != 0
    if rule.side not in (None, side) or not large:
        return Sign.BACK
    return Sign.BAD if compared.significant else Sign.BETWEEN


def _judge(rule: Proportion, compared: Compared, at: datetime, spell: Spell) -> Judged:
    usual = rates.wilson(compared.usual, rule.confidence)
    evidence = Evidence(
        value=compared.now.share,
        expected=compared.usual.share,
        plausible_low=usual.low,
        plausible_high=usual.high,
        chance=compared.chance,
        trials=compared.now.trials,
        subject=compared.subject,
    )
    up = compared.difference > 0
    bad = Why.ROSE if up else Why.FELL
    spell = step(spell, _sign(rule, compared), at, rule.pace)
    side = Side.UP if up else Side.DOWN
    return judged(spell, at, bad=bad, fine=Why.USUAL, side=side, evidence=evidence)
