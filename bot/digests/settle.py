"""Which numbers of a digest are loud: all of them are one family of tests. Pure.

Of what is called unusual, at most a twentieth may be chance (Benjamini and Hochberg over every number of
every site), and it has to be enough to matter. Fifty sites with five hundred pages are one lottery then, and
not five hundred.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.detect.rates import discoveries
from bot.facts import (
    Bar,
    Bars,
    Chart,
    Figure,
    FunnelLine,
    FunnelList,
    GoalLine,
    GoalList,
    Numbers,
    Picture,
    Says,
    Section,
    SiteReport,
    Unusual,
)

DOUBT = 0.05
MOST_DRAWN = 6
"""How many values a comparison shows."""

MOST_LOUD, MOST_EDGE, MOST_USUAL = 8, 3, 5
"""How many values of one section are told at most; how many more there are is said."""

_Each = Callable[[Figure], Figure]


def settle(reports: Sequence[SiteReport]) -> tuple[SiteReport, ...]:
    """Return the reports with every number's last word. Loud ones come first, and long lists are cut."""
    tested: list[Figure] = []
    for report in reports:
        for section in report.sections:
            tested += [one for one in figures(section) if one.chance is not None]
    held = discoveries([one.chance or 0.0 for one in tested], DOUBT)
    unusual = {id(one) for one, holds in zip(tested, held, strict=True) if holds and one.says is Says.EDGE}

    def settled(figure: Figure) -> Figure:
        return replace(figure, says=Says.UNUSUAL) if id(figure) in unusual else figure

    return tuple(
        replace(report, sections=tuple(filter(_says, (_mapped(one, settled) for one in report.sections))))
        for report in reports
    )


def _says(section: Section) -> bool:
    """Whether there is anything in it: nothing that left its usual is no section."""
    return not isinstance(section, Unusual) or bool(section.oddities)


def figures(section: Section) -> Iterator[Figure]:
    """Give the figures of a section."""
    match section:
        case Numbers():
            yield from section.figures
        case Unusual():
            yield from (one.figure for one in section.oddities)
        case GoalList():
            yield from (one.figure for one in section.goals)
        case FunnelList():
            for one in section.funnels:
                yield one.figure
                if one.step is not None:
                    yield one.step
        case Chart():
            pass


def _mapped(section: Section, each: _Each) -> Section:
    match section:
        case Numbers(of="summary"):  # its order is its meaning
            return replace(section, figures=tuple(each(one) for one in section.figures))
        case Numbers():
            return _shortened(replace(section, figures=tuple(each(one) for one in section.figures)))
        case Unusual():
            held = [replace(one, figure=each(one.figure)) for one in section.oddities]
            return _only_loud(replace(section, oddities=tuple(one for one in held if one.figure.loud)))
        case GoalList():
            return _few_goals(replace(section, goals=tuple(_goal(one, each) for one in section.goals)))
        case FunnelList():
            return replace(section, funnels=tuple(_funnel(one, each) for one in section.funnels))
        case Chart():
            return section


def _shortened(section: Numbers) -> Numbers:
    loud = sorted(section.told, key=lambda one: one.chance or 0.0)[:MOST_LOUD]
    edge = sorted(section.edge, key=lambda one: one.chance or 0.0)[:MOST_EDGE]
    usual = section.usual[:MOST_USUAL]
    told = (*loud, *edge, *usual)
    more = section.more + len(section.figures) - len(told)
    return replace(section, figures=told, more=more, picture=_drawn(section.picture, (*loud, *usual)))


def _drawn(picture: Picture | None, told: Sequence[Figure]) -> Picture | None:
    """Draw what is told, the largest first; what is loud is always there."""
    if not isinstance(picture, Bars):
        return picture
    largest = sorted(told[:MOST_DRAWN], key=lambda one: -max(one.now, one.before or 0))
    bars = (
        Bar(label=one.name, value=float(one.now), before=None if one.before is None else float(one.before))
        for one in largest
    )
    return replace(picture, bars=tuple(bars))


def _only_loud(section: Unusual) -> Unusual:
    told = section.oddities[:MOST_LOUD]
    return replace(section, oddities=told, more=len(section.oddities) - len(told))


def _few_goals(section: GoalList) -> GoalList:
    told = (*section.told[:MOST_LOUD], *section.usual[:MOST_USUAL])
    return replace(section, goals=told, more=section.more + len(section.goals) - len(told))


def _goal(line: GoalLine, each: _Each) -> GoalLine:
    return replace(line, figure=each(line.figure))


def _funnel(line: FunnelLine, each: _Each) -> FunnelLine:
    return replace(line, figure=each(line.figure), step=None if line.step is None else each(line.step))
