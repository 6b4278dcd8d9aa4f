"""The jobs of the second way: the watches of a site that look at one rhythm, and the hours that are missing.

Watches that look together are one job: what they ask alike is asked once, and kept in one transaction.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.jobs.job import Job, Ran, Turn
from bot.jobs.timing import Every
from bot.pipeline.history import fetch
from bot.pipeline.measured import Bench, look
from bot.watches.calendar import PLAIN, Calendar
from bot.watches.looks import LOOKS
from bot.watches.round import Round
from bot.watches.watch import Watch

Calendars = Mapping[str, Calendar]
NONE: Calendars = {}

HISTORY_EVERY = timedelta(hours=1)
_AFTER_THE_HOUR = timedelta(minutes=6)
"""An hour that is over is complete some minutes later; who looks on the hour looks too early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """The job of one round."""

    bench: Bench
    round: Round
    every: timedelta

    @property
    def name(self) -> str:
        """Its row: `watch/shop/20m`."""
        return name_of(self.round.site, self.every)

    @property
    def job(self) -> Job:
        """Return it for the agenda."""
        names = ", ".join(watch.name for watch in self.round.watches)
        return Job(
            name=self.name,
            about=f"Looks at {names}",
            timing=Every(length=self.every, shift=_shift(self.round.site, self.every)),
            run=self.run,
        )

    def run(self, turn: Turn) -> Ran:
        """Look once with every watch."""
        looked = look(self.bench, self.round, turn.transaction, turn.now)
        return Ran(said=looked.said, channels=looked.channels, failed=looked.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """The job that fetches what is missing of a site's last weeks."""

    bench: Bench
    round: Round

    @property
    def job(self) -> Job:
        """Return it for the agenda."""
        site = self.round.site
        return Job(
            name=f"history/{site}",
            about=f"Fetches the hours of {site} that are missing, back to eight weeks",
            timing=Every(length=HISTORY_EVERY, shift=_shift(site, HISTORY_EVERY)),
            run=self.run,
            soon=True,  # who has just set it up wants to know what is usual, not in an hour
        )

    def run(self, turn: Turn) -> Ran:
        """Fetch what is missing."""
        fetched = fetch(self.bench, self.round, turn.transaction, turn.clock)
        return Ran(said=fetched.said, channels=fetched.channels, failed=fetched.failed)


def jobs(bench: Bench, watches: Iterable[Watch], calendars: Calendars = NONE) -> list[Job]:
    """Return the jobs that these watches need. `calendars` has the days of sites that are not like others."""
    all_of_them = tuple(watches)
    found = [
        Watching(bench=bench, round=one, every=every).job for every, one in rounds(all_of_them, calendars)
    ]
    for site in sorted({watch.site for watch in all_of_them}):
        of_site = tuple(watch for watch in all_of_them if watch.site == site)
        whole = Round(site=site, watches=of_site, calendar=calendars.get(site, PLAIN))
        if whole.parts:
            found.append(Fetching(bench=bench, round=whole).job)
    return found


def rounds(watches: Iterable[Watch], calendars: Calendars = NONE) -> list[tuple[timedelta, Round]]:
    """Return the watches that look together, by their rhythm."""
    together: dict[tuple[str, timedelta], list[Watch]] = {}
    for watch in watches:
        together.setdefault((watch.site, watch.every), []).append(watch)
    return [
        (
            every,
            Round(
                site=site,
                watches=tuple(found),
                beside=_beside(site, every, together),
                calendar=calendars.get(site, PLAIN),
            ),
        )
        for (site, every), found in sorted(together.items())
    ]


def _beside(
    site: str, every: timedelta, together: Mapping[tuple[str, timedelta], list[Watch]]
) -> tuple[Watch, ...]:
    """Return the watches of a site that look at other rhythms."""
    others = (found for place, found in sorted(together.items()) if place[0] == site and place[1] != every)
    return tuple(watch for found in others for watch in found)


def calls_an_hour(watches: Iterable[Watch]) -> float:
    """Return about how many calls these watches make in an hour: what they share is counted once.

    For some hours after midnight yesterday's hours are read again, and a first start reads eight weeks.
    """
    hour, total = timedelta(hours=1), 0.0
    for every, round in rounds(watches):
        asked = {(watch.look, *_asks(watch)): LOOKS[watch.look].calls for watch in round.watches}
        total += (hour / every) * (len(round.parts) + sum(asked.values()))
    return total


def name_of(site: str, every: timedelta) -> str:
    """Return the name of the job of a site's watches with one rhythm."""
    seconds = round(every.total_seconds())
    unit, size = next((u, s) for u, s in (("h", 3600), ("m", 60), ("s", 1)) if seconds % s == 0)
    return f"watch/{site}/{seconds // size}{unit}"


def _asks(watch: Watch) -> tuple[object, ...]:
    """Return what tells the question of a watch from another one's of the same look."""
    return (watch.event, watch.meta, watch.goal, watch.funnel, watch.dimension, watch.period, watch.within)


def _shift(site: str, every: timedelta) -> timedelta:
    """Return when within its rhythm a site is looked at: some minutes past, and not all sites at once."""
    spread = int.from_bytes(hashlib.sha256(site.encode()).digest()[:2]) % 90
    return (_AFTER_THE_HOUR + timedelta(seconds=spread)) % every
