"""One site, asked for one edition. What several sections need is asked once, by the first that needs it."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from bot.digests import editions, weigh
from bot.digests.outline import Outline
from bot.facts import Explanation
from bot.sources.errors import SourceError, Unavailable
from bot.sources.growth import Comparison, comparable
from bot.sources.masked import Masked
from bot.sources.periods import DAY, Days
from bot.sources.source import Breakdown, Dimension, Series, Source, Totals, Traffic

T = TypeVar("T")

SETTLED = timedelta(minutes=2)
"""How long after midnight a day is counted; by then every source says that it is complete."""

RHYTHM = 12 * 7
"""Days of history that show a site's week: four weeks in the picture, and eight before each of its days."""

Explain = Callable[[str, Source, datetime, datetime], Explanation]


class Once(Generic[T]):
    """An answer that is asked for once; whoever comes meanwhile waits for it. An error is an answer."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._found: list[T] = []
        self._error: SourceError | None = None

    def __call__(self) -> T:
        with self._lock:
            if self._error is not None:
                raise self._error
            if not self._found:
                try:
                    self._found.append(self._ask())
                except SourceError as error:
                    self._error = error
                    raise
            return self._found[0]

    def found(self) -> T | None:
        """Return the answer if it is there already."""
        return self._found[0] if self._found else None


class Asking:
    """What a section may ask. Safe for threads."""

    def __init__(
        self, site: str, source: Source, days: Days, outline: Outline, explain: Explain | None = None
    ) -> None:
        self.site, self.source, self.outline = site, source, outline
        self.comparison: Comparison = comparable(days)
        self._explain = explain
        self.series: Callable[[], Series] = Once(self._series)
        self.totals: Callable[[], tuple[Totals, Totals]] = Once(self._totals)
        self.channels: Callable[[], tuple[Breakdown, Breakdown]] = Once(self._channels)

    @property
    def days(self) -> Days:
        """The days of the edition."""
        return self.comparison.now

    @property
    def before(self) -> Days:
        """The days that they are compared with."""
        return self.comparison.before

    @property
    def masked(self) -> int | None:
        """How many visitors of these days our own numbers leave out; None where they leave out nobody."""
        if not isinstance(self.source, Masked):
            return None
        try:
            return self.source.left_out(self.days).visitors or None
        except SourceError:  # the sections have said so
            return None

    @property
    def exposure(self) -> float:
        """How much longer the days are than those before: 1 but for months."""
        return len(self.days) / len(self.before)

    def spread(self) -> float:
        """Return by how much the site's visitors swing from period to period. Raise SourceError."""
        return weigh.spread_of([one.visitors for one in self.earlier()], len(self.days))

    def earlier(self) -> list[Traffic]:
        """Return the traffic of comparable periods before, by adding up days; the oldest first.

        Those before the site was counted at all are left out. Raise SourceError.
        """
        by_day = {one.day: one.traffic for one in self.series().buckets}
        found = [_sum([by_day[day] for day in days]) for days in editions.earlier(self.comparison)]
        while found and found[0].visitors == 0:
            found.pop(0)
        return found

    def explanation(self, first: date, last: date) -> Explanation | None:
        """Ask what made these days what they were; None where nobody can say."""
        if self._explain is None:
            return None
        since = datetime.combine(first, datetime.min.time(), self.source.zone)
        until = datetime.combine(last + DAY, datetime.min.time(), self.source.zone)
        return self._explain(self.site, self.source, since, until)

    def _series(self) -> Series:
        first = min(editions.earlier(self.comparison)[0].first, self.days.last - RHYTHM * DAY)
        return self.source.days(Days(first=first, last=self.days.last))

    def _channels(self) -> tuple[Breakdown, Breakdown]:
        return self.both(Dimension.CHANNEL)

    def both(self, dimension: Dimension, most: int = 100) -> tuple[Breakdown, Breakdown]:
        """Ask for the traffic by a dimension, now and before. Raise SourceError."""
        now = self.source.breakdown(dimension, self.days, most=most)
        return now, self.source.breakdown(dimension, self.before, most=most)

    def _totals(self) -> tuple[Totals, Totals]:
        now = self.source.totals(self.days)
        if not now.complete:
            raise Unavailable(f"{self.days} is not over yet on this site")
        return now, self.source.totals(self.before)


def _sum(rows: list[Traffic]) -> Traffic:
    def added(counts: list[int | None]) -> int | None:
        known = [one for one in counts if one is not None]
        return sum(known) if len(known) == len(counts) else None

    return Traffic(
        visitors=sum(one.visitors for one in rows),
        views=added([one.views for one in rows]),
        sessions=added([one.sessions for one in rows]),
        bounces=added([one.bounces for one in rows]),
    )
