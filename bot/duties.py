"""What this bot does again and again, by its settings: every job of the agenda, put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot import audits, clock, events, presses
from bot.db import Database
from bot.deliver.looking import Seen, look_around
from bot.deliver.worker import Deliverer
from bot.explain.watched import Reasons
from bot.facts import Vendor
from bot.jobs import Every, Job, Ran, watching
from bot.jobs.drift import DriftLook
from bot.manage.drift import Drift
from bot.pipeline import Judges
from bot.pipeline.measured import Bench
from bot.settings import Settings
from bot.sites import Sites
from bot.sources.source import Source
from bot.stewards import Stewards


def jobs(
    settings: Settings, deliverer: Deliverer, sites: Sites, stewards: Stewards, judges: Judges
) -> list[Job]:
    """Return the jobs; those of upkeep stand apart."""
    reasons = Reasons(
        board=sites.board,
        siblings=partial(siblings_of, settings.vendors, sites),
        heard=partial(_last_heard, deliverer.database),
    )
    bench = Bench(database=deliverer.database, judges=judges, source=sites.open, explain=reasons)
    return [
        *watching.jobs(bench, settings.watches, settings.calendars),
        *(look.job for look in drift_looks(settings, stewards)),
        Job(
            name="channels",
            about="Look whether every channel would take a message",
            timing=Every(length=timedelta(days=1)),
            run=lambda turn: _looked_around(look_around(deliverer, turn.stopping)),
        ),
        *presses.jobs(settings, sites, clock.now),
        *audits.jobs(settings, sites, judges),
    ]


def drift_looks(settings: Settings, stewards: Stewards) -> Iterator[DriftLook]:
    """Give the nightly look at each site under management."""
    owner = () if settings.bot.owner is None else (settings.bot.owner,)
    for site, managed in settings.managed.items():
        yield DriftLook(
            site=site,
            zone=settings.bot.timezone,
            channels=owner if managed.notify is None else managed.notify,
            drift=partial(_drift, stewards, site),
        )


def _drift(stewards: Stewards, site: str) -> Sequence[Drift]:
    return stewards.of(site).drift()


def siblings_of(vendors: Mapping[str, Vendor], sites: Sites, site: str) -> dict[str, Callable[[], Source]]:
    """Return the other sites that the same vendor counts: only they tell whether it counts at all."""
    return {
        name: partial(sites.open, name)
        for name, vendor in vendors.items()
        if name != site and vendor is vendors[site]
    }


def _last_heard(database: Database, site: str) -> datetime | None:
    with database.reading() as tx:
        return events.last_heard(tx, site)


def _looked_around(seen: Seen) -> Ran:
    closed = f"; closed: {', '.join(seen.closed)}" if seen.closed else ""
    return Ran(said=f"{seen.well} would take a message{closed}.", channels=seen.channels)
