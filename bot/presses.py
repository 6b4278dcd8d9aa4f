"""Digests as the settings name them, made into presses that print their editions."""

from collections.abc import Mapping
from datetime import datetime

from bot.clock import Clock
from bot.db import Tx
from bot.digests.asking import Explain
from bot.digests.outline import Schedule
from bot.digests.press import Press
from bot.explain.gather import drivers
from bot.facts import ChangeLine, Explanation
from bot.jobs import Job, OnWall
from bot.jobs.digests import job
from bot.settings import Settings
from bot.sites import Sites
from bot.sources.source import Source
from bot.upkeep import proposals
from bot.watches.calendar import PLAIN, Calendar

MOST_PROPOSALS = 100


def presses(settings: Settings, sites: Sites, clock: Clock) -> dict[str, tuple[Press, OnWall]]:
    """Make a press for each digest, and say when it prints. Asks nothing of the world."""
    explain = _explain(sites, settings.calendars)
    return {
        one.outline.name: (
            Press(
                outline=one.outline,
                zone=one.schedule.zone,
                open=sites.open,
                clock=clock,
                explain=explain,
                proposals=waiting,
            ),
            timing(one.schedule),
        )
        for one in settings.digests
    }


def waiting(tx: Tx) -> list[ChangeLine]:
    """Return the proposals that wait for a yes."""
    return [
        ChangeLine(what=one.draft.title, why=one.draft.asked_by, site=one.draft.site, at=one.made_at)
        for one in proposals.latest(tx, MOST_PROPOSALS, waiting=True)
    ]


def timing(schedule: Schedule) -> OnWall:
    """Return when editions come."""
    return OnWall(
        at=schedule.at,
        zone=schedule.zone,
        weekdays=schedule.weekdays,
        day_of_month=schedule.day_of_month,
    )


def jobs(settings: Settings, sites: Sites, clock: Clock) -> list[Job]:
    """Return a job for each digest."""
    return [job(press, when) for press, when in presses(settings, sites, clock).values()]


def _explain(sites: Sites, calendars: Mapping[str, Calendar]) -> Explain:
    def explain(site: str, source: Source, since: datetime, until: datetime) -> Explanation:
        calendar = calendars.get(site, PLAIN)
        return drivers(source, since, until, board=sites.board(site), calendar=calendar)

    return explain
