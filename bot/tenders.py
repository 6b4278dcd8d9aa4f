"""Sites under management, as the settings name them, made into tenders; their jobs and their page."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from urllib.parse import urlsplit

from flask import Blueprint

from bot import clock
from bot.clock import Clock
from bot.db import Database
from bot.jobs import Every, Job, Ran, Turn
from bot.pages import Pages
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import PirschError
from bot.rules.globs import is_glob
from bot.settings import Settings
from bot.signing import Signer
from bot.sites import Sites
from bot.sources.errors import SourceError
from bot.stewards import Stewards
from bot.upkeep import advising, carrying, gathering, page, watching, working
from bot.upkeep.fetch import Bounds, Unfetched, fetch
from bot.upkeep.given import Surroundings
from bot.upkeep.links import Links
from bot.upkeep.origins import Doors
from bot.upkeep.page import Door
from bot.upkeep.proposal import Approvers
from bot.upkeep.resolve import system
from bot.upkeep.rounds import Round
from bot.upkeep.telling import Audience
from bot.upkeep.tending import Tender, Tenders

ROUND, WORK, ADVICE, WATCH, SUSPECTS = (
    timedelta(minutes=15),
    timedelta(seconds=30),
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(days=7),
)


class UnderUpkeep:
    """Every site with a [manage.<site>] table. Nothing is asked of Pirsch before it is needed."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        client: Callable[[], Pirsch],
        owner: str,
        now: Clock = clock.now,
    ) -> None:
        self.settings, self.database, self.now = settings, database, now
        self.stewards = Stewards(settings=settings, database=database, client=client, owner=owner, now=now)

    @property
    def links(self) -> Links | None:
        """The maker of links; None where the settings have no address or no secret for them."""
        bot = self.settings.bot
        if bot.link_secret is None or bot.public_url is None:
            return None
        return Links(Signer(bot.link_secret.reveal(), self.now), bot.public_url)

    @property
    def approvers(self) -> Approvers:
        """Who may decide about which site."""
        return Approvers(
            by_site={
                site: one.approvers if one.approvers is not None else self.channels(site)
                for site, one in self.settings.managed.items()
            }
        )

    def channels(self, site: str) -> tuple[str, ...]:
        """Return whom a site's upkeep is told to."""
        named = self.settings.managed[site].notify
        owner = self.settings.bot.owner
        return named if named is not None else ((owner,) if owner is not None else ())

    def of(self, site: str) -> Tender:
        """Return one site. Raise SourceError when its dashboard cannot be found, PirschError."""
        keeper = self.stewards.of(site)
        events = [name for name in self.settings.book.named(site) if not is_glob(name)]
        given = keeper.given()
        return Tender(
            keeper=keeper,
            surroundings=Surroundings(events=tuple(events), endpoint=given.endpoint),
            audience=Audience(site=site, channels=self.channels(site), links=self.links),
            today=lambda: keeper.given().today,
        )

    @property
    def tenders(self) -> Tenders:
        """All of them, each made when it is needed."""
        return {site: partial(self.of, site) for site in self.settings.managed}

    # ------------------------------------------------------------ what happens when

    def jobs(self, sites: Sites) -> list[Job]:
        """Return the jobs of upkeep; none where nothing is managed."""
        if not self.settings.managed:
            return []
        found = [
            Job(
                name="upkeep",
                about="Do what rules asked for and people said yes to",
                timing=Every(length=WORK),
                run=self._work,
            )
        ]
        for site in self.settings.managed:
            found += self._of_site(site, sites)
        return found

    def _of_site(self, site: str, sites: Sites) -> list[Job]:
        numbers = partial(sites.bare, site)
        bounds = Bounds(trusted=frozenset(self.settings.managed[site].list_hosts))
        doors = Doors(resolve=system, fetch=lambda url: fetch(url, system, bounds))
        tend = partial(self._tending, site)
        return [
            Job(
                name=f"upkeep/{site}",
                about=f"Keep the account of {site} as it is wanted",
                timing=Every(length=ROUND),
                run=tend(lambda one, turn: Round(tender=one, doors=doors, answers=self.answers).run(turn)),
            ),
            Job(
                name=f"thresholds/{site}",
                about=f"Learn from which number on Pirsch should mail about {site}",
                timing=Every(length=ADVICE),
                run=tend(
                    lambda one, turn: advising.advise(
                        one, numbers, partial(self.stewards.active_window, site), turn
                    )
                ),
            ),
            Job(
                name=f"aftermath/{site}",
                about=f"See what new filters did to the traffic of {site}",
                timing=Every(length=WATCH),
                run=tend(lambda one, turn: watching.watch(one, numbers, turn)),
            ),
            Job(
                name=f"suspects/{site}",
                about=f"Look for machines among the visitors of {site}",
                timing=Every(length=SUSPECTS),
                run=tend(lambda one, turn: gathering.gather(one, numbers, doors.fetch, turn)),
            ),
        ]

    def _tending(self, site: str, run: Callable[[Tender, Turn], Ran]) -> Callable[[Turn], Ran]:
        def tended(turn: Turn) -> Ran:
            try:
                one = self.of(site)
            except (SourceError, PirschError, ValueError) as error:
                return Ran(said=f"{site} cannot be kept: {error}", failed=True)
            return run(one, turn)

        return tended

    def _work(self, turn: Turn) -> Ran:
        asked = working.work_off(self.tenders, turn)
        carried = carrying.work_off(self.tenders, turn)
        return Ran(
            said=f"{asked.said} {carried.said}",
            channels=asked.channels | carried.channels,
            failed=asked.failed or carried.failed,
        )

    def answers(self) -> bool:
        """Whether the bot answers at its public address, asked as anybody would."""
        url = self.settings.bot.public_url
        if url is None:
            return False
        host = urlsplit(url).hostname or ""
        try:
            return fetch(f"{url}/healthz", system, Bounds(seconds=10, trusted=frozenset({host}))) == b"ok\n"
        except Unfetched:
            return False

    # ------------------------------------------------------------ where people decide

    def pages(self) -> Blueprint | None:
        """Return the page of proposals; None where there are no links, or nothing is managed."""
        links, bot = self.links, self.settings.bot
        if links is None or bot.public_url is None or not self.settings.managed:
            return None
        folders = [self.settings.folder / bot.templates] if bot.templates is not None else []
        door = Door(
            database=self.database,
            links=links,
            approvers=self.approvers,
            public_url=bot.public_url,
            clock=self.now,
            decided=_nothing,
        )
        return page.blueprint(door, cache(lambda site: Pages(folders, self.settings.formats(site))))


def _nothing() -> None:
    """The job that works off a yes looks by itself."""
