"""What made a watch speak: the reasons for an opinion about how many came."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.explain.dashboard import Dashboard
from bot.explain.gather import drivers
from bot.facts import Explanation
from bot.sources.source import Source
from bot.watches.look import Kept
from bot.watches.opinion import Opinion
from bot.watches.watch import Watch

OF_VISITORS = frozenset({"visitors", "views", "sessions", "silence", "spike", "growth", "event"})
"""The looks whose number can be told apart by page, referrer and country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Explains opinions. `boards` are the dashboards that its links lead to, by site."""

    boards: Mapping[str, Dashboard]

    def __call__(self, watch: Watch, kept: Kept, opinion: Opinion, source: Source) -> Explanation | None:
        """Return what made the difference; None for a number that is no count of visitors."""
        if watch.look not in OF_VISITORS or opinion.over is None:
            return None
        over = opinion.over
        board = self.boards.get(watch.site)
        return drivers(source, over.since_at, over.until_at, where=opinion.where, board=board)
