"""The funnels of a site: how many came through, and the step that changed most."""

from collections.abc import Sequence

from bot.detect.rates import Part
from bot.digests import weigh
from bot.digests.asking import Asking
from bot.facts import Figure, Funnel, FunnelLine, FunnelList, Step
from bot.sources.errors import Gone
from bot.sources.source import FunnelState, FunnelStep, Named

MOST = 10
"""Funnels are slow questions: more than these are counted and not asked."""


def make(asking: Asking) -> FunnelList | None:
    """Return the funnels; None where there are none."""
    known = asking.source.funnels()
    lines = [line for one in known[:MOST] if (line := _line(asking, one)) is not None]
    return FunnelList(funnels=tuple(lines), more=max(0, len(known) - MOST)) if lines else None


def _line(asking: Asking, named: Named) -> FunnelLine | None:
    """Ask for a funnel now and before; None for one that was deleted meanwhile, or that has no steps."""
    try:
        now = asking.source.funnel(named.id, asking.days)
        before = asking.source.funnel(named.id, asking.before)
    except Gone:
        return None
    return line(named.name, now, before, asking.exposure)


def line(name: str, now: FunnelState, before: FunnelState, exposure: float) -> FunnelLine | None:
    """Compare a funnel with itself. Pure; None without steps, or where they were changed in between."""
    if not now.steps:
        return None
    same = [one.name for one in now.steps] == [one.name for one in before.steps]
    earlier = before.steps if same else ()
    figure = weigh.share(name, *_ends(now.steps, earlier), good=True)
    steps = tuple(
        Step(
            name=step.name,
            visitors=step.visitors,
            usual=earlier[place].visitors * exposure if same else None,
        )
        for place, step in enumerate(now.steps)
    )
    return FunnelLine(figure=figure, picture=Funnel(title=name, steps=steps), step=_step(now.steps, earlier))


def _ends(now: Sequence[FunnelStep], before: Sequence[FunnelStep]) -> tuple[Part, Part]:
    """How many of those in the first step came to the last one."""
    return _part(now, 0, len(now) - 1), _part(before, 0, len(before) - 1)


def _step(now: Sequence[FunnelStep], before: Sequence[FunnelStep]) -> Figure | None:
    """Return the step whose conversion chance explains least; of several, chance has as many tries."""
    found = [
        weigh.share(one.name, _part(now, place - 1, place), _part(before, place - 1, place), good=True)
        for place, one in enumerate(now)
        if 0 < place < len(before)
    ]
    tested = [one for one in found if one.chance is not None]
    return weigh.of_many(min(tested, key=lambda one: one.chance or 0.0), len(tested)) if tested else None


def _part(steps: Sequence[FunnelStep], first: int, last: int) -> Part:
    """So many of a step came to a later one. Steps need not have happened in their order: at most all."""
    if not steps:
        return Part(hits=0, trials=0)
    trials = steps[first].visitors
    return Part(hits=min(steps[last].visitors, trials), trials=trials)
