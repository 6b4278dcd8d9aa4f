"""Whether what a watch sees is news on such a day: holidays and campaigns are expected to differ. Pure.

On a day that is not like others no trouble begins on the side on which it is expected to differ. What is on
already goes on, and ends as ever. Limits, goals and webhooks hold on every day, and silence too: nobody is
fewer than less.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.detect.expected import Baseline
from bot.detect.spell import Spell, State
from bot.detect.verdict import Judged, Side, Verdict, Why
from bot.watches.calendar import EITHER, Occasion
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Thought
from bot.watches.watch import Changed, Unusual, Watch

LONGEST = timedelta(days=8)
"""A longer stretch, such as a month, has some such days in it always, and is judged as it is."""

OWN = frozenset({"funnel", "vanished", "breakdown", "mix"})
"""The looks whose own condition is beside what is usual."""

LEFT = 0.2
"""What silence is held against where less is expected: a fifth of the usual should still come."""

_OTHER = {Side.UP: Side.DOWN, Side.DOWN: Side.UP}


def considered(watch: Watch, thought: Thought, before: Memory, kept: Kept) -> Thought:
    """Return what a watch thinks, given what its days are: nothing that is expected begins."""
    if not kept.calendar.occasions or not _beside_the_usual(watch):
        return thought
    opinions = tuple(_considered(one, before.spell(one.subject), kept) for one in thought.opinions)
    return replace(thought, opinions=opinions)


def quieter(baseline: Baseline | None, occasion: Occasion | None) -> Baseline | None:
    """Return what silence is held against on such a day."""
    if baseline is None or occasion is None or Side.DOWN not in occasion.sides:
        return baseline
    return replace(baseline, level=baseline.level * LEFT)


def _beside_the_usual(watch: Watch) -> bool:
    return isinstance(watch.condition, Unusual | Changed) or watch.look in OWN


def _considered(opinion: Opinion, before: Spell, kept: Kept) -> Opinion:
    if opinion.over is None or opinion.over.until_at - opinion.over.since_at > LONGEST:
        return opinion
    here = kept.calendar.within(opinion.over, kept.zone)
    there = () if opinion.against is None else kept.calendar.within(opinion.against, kept.zone)
    if not here and not there:
        return opinion
    names = ", ".join(dict.fromkeys(one.name for one in (*here, *there)))
    expected = _sides(here) | {_OTHER[side] for side in _sides(there)}
    if opinion.unit:  # a share or a length says nothing of how many came
        expected = EITHER if expected else expected
    judged = opinion.judged
    if _begins(judged, before) and (judged.verdict.side in expected or expected == EITHER):
        judged = _held_back(judged, before)
    return replace(opinion, judged=judged, occasion=names)


def _sides(occasions: Iterable[Occasion]) -> frozenset[Side]:
    return frozenset[Side]().union(*(one.sides for one in occasions))


def _begins(judged: Judged, before: Spell) -> bool:
    return not before.open and judged.verdict.state in (State.PENDING, State.TROUBLE)


def _held_back(judged: Judged, before: Spell) -> Judged:
    verdict = Verdict(
        state=State.OK,
        why=Why.SPECIAL_DAY,
        as_of_at=judged.verdict.as_of_at,
        evidence=judged.verdict.evidence,
    )
    return replace(judged, verdict=verdict, spell=Spell(ended_at=before.ended_at))
