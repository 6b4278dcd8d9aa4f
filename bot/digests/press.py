"""Makes one edition of a digest: asks the sources, reads the store, decides what is loud."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.db import Database
from bot.digests import records, write
from bot.digests.asking import Explain
from bot.digests.editions import Edition
from bot.digests.gather import AT_ONCE, TOO_LONG, Gathering, Open, gather
from bot.digests.outline import Outline
from bot.digests.records import Proposals, Records
from bot.facts import Digest, SiteReport
from bot.sources.periods import stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One digest, and whom to ask for it. `zone` is that of its schedule."""

    outline: Outline
    zone: ZoneInfo
    open: Open
    clock: Clock
    explain: Explain | None = None
    proposals: Proposals | None = None

    def gather(
        self,
        edition: Edition,
        *,
        progress: Callable[[int, int], None] | None = None,
        stopping: threading.Event | None = None,
    ) -> tuple[SiteReport, ...]:
        """Ask the sources, with no transaction open. Raise Stopped."""
        return gather(
            Gathering(
                outline=self.outline,
                days=edition.days,
                open=self.open,
                clock=self.clock,
                explain=self.explain,
                at_once=AT_ONCE,
                too_long=TOO_LONG,
                progress=progress,
                stopping=stopping,
            )
        )

    def records(self, database: Database, edition: Edition, now: datetime) -> Records:
        """Read from the store what the digest asks of it."""
        since, until = stretch(edition.days, self.zone)
        with database.reading() as tx:
            return records.read(tx, self.outline, since, until, now, self.proposals)

    def digest(
        self, edition: Edition, reports: tuple[SiteReport, ...], known: Records, now: datetime
    ) -> Digest:
        """Put it together."""
        return write.write(self.outline, edition, reports, known, now)
