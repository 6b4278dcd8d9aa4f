"""The job that compares the events of whole days with the vendor's own counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import leases, pipeline
from bot.deliveries import book
from bot.deliveries.compare import days_to_compare
from bot.deliveries.gather import sent
from bot.jobs.job import Job, Ran, Turn
from bot.jobs.timing import OnWall
from bot.pipeline import Judges
from bot.sources.errors import SourceError
from bot.sources.periods import bounds
from bot.sources.source import Hook, Source

AT = time(5, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Compares one site. `hooks` are the webhooks that lead here, `kept_for` how long events are kept."""

    site: str
    source: Callable[[], Source]
    hooks: Callable[[], Sequence[Hook]]
    judges: Judges
    zone: ZoneInfo
    kept_for: timedelta

    @property
    def job(self) -> Job:
        """Return it for the agenda."""
        return Job(
            name=f"losses/{self.site}",
            about=f"Compares the events that came from {self.site} with Pirsch's own counts, day by day",
            timing=OnWall(at=AT, zone=self.zone),
            run=self.run,
        )

    def run(self, turn: Turn) -> Ran:
        """Compare every day that is due, each in a transaction of its own."""
        try:
            return self._compared(turn)
        except SourceError as error:
            return Ran(said=error.why, failed=True)

    def _compared(self, turn: Turn) -> Ran:
        source, hooks = self.source(), self.hooks()
        days = self._days(turn, source)
        lost, channels, compared = 0, set[str](), 0
        for day in days:
            found = sent(source, hooks, day, turn.now)
            if found is None or not found.counts:
                continue
            with turn.transaction() as tx:
                progress = pipeline.compare_day(tx, self.judges, self.site, found, turn.now)
            lost, channels, compared = lost + progress.taken, channels | progress.channels, compared + 1
        if not compared:
            return Ran(said="Nothing to compare: no webhook led here on a whole day that is over.")
        what = "nothing is missing" if not lost else f"{lost} events are missing"
        return Ran(said=f"{compared} days compared, {what}.", channels=frozenset(channels))

    def _days(self, turn: Turn, source: Source) -> list[date]:
        """Return the days of which all events must be here: neither forgotten, nor from before our time."""
        with turn.database.reading() as tx:
            last, born_at = book.last_day(tx, self.site), leases.born_at(tx)
        oldest = turn.now - self.kept_for if born_at is None else max(born_at, turn.now - self.kept_for)
        due = days_to_compare(last, source.today())
        return [day for day in due if _start(day, source) >= oldest]


def _start(day: date, source: Source) -> datetime:
    return bounds(day, source.zone)[0]
