"""The nightly job that sees what others changed of what is ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from bot import outbox
from bot.alerts import once
from bot.facts import Notice
from bot.jobs.job import Job, Ran, Turn
from bot.jobs.timing import OnWall
from bot.manage.drift import Drift, state_of_drift
from bot.manage.telling import drift_found
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError

AT = time(4, 10)
RULE = "bot/drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLook:
    """Looks at one site; what has drifted is told once, and again when something else has."""

    site: str
    zone: ZoneInfo
    channels: tuple[str, ...]
    drift: Callable[[], Sequence[Drift]]

    @property
    def job(self) -> Job:
        """Return it for the agenda."""
        return Job(
            name=f"drift/{self.site}",
            about=f"Sees whether others changed at Pirsch what the bot keeps for {self.site}",
            timing=OnWall(at=AT, zone=self.zone),
            run=self.run,
        )

    def run(self, turn: Turn) -> Ran:
        """Read, compare with what was written last, and tell what is news."""
        try:
            found = self.drift()
        except SourceError as error:
            return Ran(said=error.why, failed=True)
        except PirschError as error:
            return Ran(said=str(error), failed=True)
        with turn.transaction() as tx:
            if not found:
                once.forget(tx, RULE, self.site)
                return Ran(said="Everything is as the bot wrote it.")
            said = f"{len(found)} changed by others, such as {found[0].title}."
            if not once.first_time(tx, RULE, self.site, state_of_drift(found), turn.now):
                return Ran(said=f"{said} It was told before.")
            notice = Notice(key=f"{self.site}/drift", content=drift_found(found), at=turn.now, site=self.site)
            outbox.put(tx, self.channels, notice, turn.now)
        return Ran(said=said, channels=frozenset(self.channels))
