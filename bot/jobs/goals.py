"""The job that looks at the goals of a site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import pipeline
from bot.goals.gather import look
from bot.jobs.job import Job, Ran, Turn
from bot.jobs.timing import Every
from bot.sources.errors import SourceError
from bot.sources.source import Source

EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """Looks at the goals of one site: what was reached since the last time becomes an event of ours."""

    site: str
    source: Callable[[], Source]

    @property
    def job(self) -> Job:
        """Return it for the agenda."""
        return Job(
            name=f"goals/{self.site}",
            about=f"Sees which goals of {self.site} were reached: events for rules about goal.reached",
            timing=Every(length=EVERY),
            run=self.run,
        )

    def run(self, turn: Turn) -> Ran:
        """Ask, and then remember what was seen together with the events that follow from it."""
        try:
            seen = look(self.source(), turn.now)
        except SourceError as error:
            return Ran(said=error.why, failed=True)
        with turn.transaction() as tx:
            reached = pipeline.learn_goals(tx, self.site, seen)
        return Ran(said=f"{len(seen.goals)} goals, {reached} reached since the last look.")
