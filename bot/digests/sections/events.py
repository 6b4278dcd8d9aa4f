"""How often each event happened."""

from dataclasses import replace

from bot.digests import weigh
from bot.digests.asking import Asking
from bot.digests.sections.ranking import bars, spread
from bot.digests.weigh import Counted
from bot.facts import Numbers
from bot.sources.periods import Days


def make(asking: Asking) -> Numbers | None:
    """Return the events of the site, the most frequent first; None where there are none."""
    mine, other = _counts(asking, asking.days), _counts(asking, asking.before)
    swings = spread(asking)
    figures = tuple(
        weigh.value(
            name,
            Counted(
                now=mine.get(name, 0),
                before=other.get(name, 0),
                exposure=asking.exposure,
                spread=swings,
            ),
        )
        for name in sorted(mine | other, key=lambda one: (-mine.get(one, 0), one))
    )
    if not figures:
        return None
    return Numbers(
        of="events", figures=figures, unit="times", picture=replace(bars("events", asking), unit="times")
    )


def _counts(asking: Asking, days: Days) -> dict[str, int]:
    return {one.name: one.times for one in asking.source.events(days)}
