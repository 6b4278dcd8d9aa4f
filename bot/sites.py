"""Sites as the settings name them, made into sources of numbers. One client of each vendor serves all."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot import clock
from bot.clock import Clock
from bot.db import Database
from bot.explain.dashboard import Board, Dashboard, WebsitePage
from bot.facts import Vendor
from bot.http.budget import Places
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import TIMING, Pirsch
from bot.pirsch.wire import Server
from bot.quotas import Quotas
from bot.settings import Settings
from bot.sources import pirsch, umami
from bot.sources.errors import Misconfigured, SourceError
from bot.sources.masked import Masked
from bot.sources.source import Dimension, Source
from bot.sources.umami import UmamiSource
from bot.umami.auth import ApiKey, Login
from bot.umami.client import PATIENCE, Umami
from bot.umami.wire import Patience
from bot.umami.wire import Server as UmamiServer

KNOWN_FOR = timedelta(hours=1)
"""After this a dashboard is looked for anew: its zone may have changed."""

C = TypeVar("C", Pirsch, Umami)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Generic[C]):
    """A client of a vendor, or why there is none."""

    found: C | None = None
    why: SourceError | None = None

    def get(self) -> C:
        """Return the client. Raise SourceError when there is none."""
        if self.found is None:
            raise self.why or Misconfigured("there is no client", "Write the table of the vendor.")
        return self.found

    def close(self) -> None:
        """Close the connections."""
        if self.found is not None:
            self.found.close()


class Sites:
    """The numbers of each site. Opens no connection before the first question. Safe for threads."""

    def __init__(
        self,
        settings: Settings,
        now: Clock = clock.now,
        timing: Timing = TIMING,
        masks: Callable[[str], Mapping[Dimension, tuple[str, ...]]] = lambda _: {},
        database: Database | None = None,
    ) -> None:
        self._settings = settings
        places = None if database is None else Quotas(database)  # the limits hold for all processes
        self._pirsch = pirsch_client(settings, timing, places)
        self._umami = umami_client(settings, timing, places)
        self._now = now
        self._masks = masks
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime, Source]] = {}

    def close(self) -> None:
        """Close the connections."""
        self._pirsch.close()
        self._umami.close()

    def client(self) -> Pirsch:
        """Return the client of Pirsch, which can also change what is there. Raise SourceError without one."""
        return self._pirsch.get()

    def open(self, site: str) -> Masked:
        """Return the numbers of a site, without what is masked. Raise SourceError as `bare` does."""
        return Masked(self.bare(site), lambda: self._masks(site))

    def bare(self, site: str) -> Source:
        """Return the numbers of a site as they are. Raise SourceError when the site cannot be found."""
        with self._lock:
            at, known = self._known.get(site, (None, None))
        if known is not None and at is not None and self._now() - at < KNOWN_FOR:
            return known
        found = self._found(site)
        with self._lock:
            self._known[site] = self._now(), found
        return found

    def board(self, site: str) -> Board | None:
        """Return the page of a site at its vendor; None where its address is not known. Asks nobody."""
        table, umami_ = self._settings.sites[site], self._settings.umami
        if table.vendor is Vendor.PIRSCH:
            return Dashboard(hostname=table.domain)
        with self._lock:
            _, known = self._known.get(site, (None, None))
        id = known.website if isinstance(known, UmamiSource) else table.website
        if id is None or umami_ is None or UmamiServer.at(umami_.url).cloud:
            return None
        return WebsitePage(url=f"{umami_.url}/websites/{id}", zone=self._settings.zone(site))

    def _found(self, site: str) -> Source:
        table = self._settings.sites[site]
        if table.vendor is Vendor.PIRSCH:
            return pirsch.source(self._pirsch.get(), table.domain, self._now)
        zone = self._settings.zone(site)
        return umami.source(self._umami.get(), table.domain, zone, self._now, id=table.website)


def pirsch_client(
    settings: Settings, timing: Timing = TIMING, places: Places | None = None
) -> Client[Pirsch]:
    """Make the client of [pirsch]."""
    table = settings.pirsch
    if table is None:
        remedy = "Write one; config.example.toml shows how."
        return Client(why=Misconfigured("there is no [pirsch] table", remedy))
    try:
        credentials = Credentials(
            client_id=table.client_id.reveal(), client_secret=table.client_secret.reveal()
        )
        return Client(found=Pirsch(credentials, Server(url=table.url), timing=timing, places=places))
    except ValueError as mistake:
        return Client(why=Misconfigured(f"[pirsch]: {mistake}", "Correct it, and restart the bot."))


def umami_client(
    settings: Settings,
    timing: Timing = TIMING,
    places: Places | None = None,
    patience: Patience = PATIENCE,
) -> Client[Umami]:
    """Make the client of [umami]. Only the cloud counts over processes; a server of one's own is spared."""
    table = settings.umami
    if table is None:
        remedy = "Write one; config.example.toml shows how."
        return Client(why=Misconfigured("there is no [umami] table", remedy))
    try:
        server = UmamiServer.at(table.url)
        shared = places if server.cloud else None
        made = Umami(_way_in(settings), server, patience=patience, timing=timing, places=shared)
        return Client(found=made)
    except ValueError as mistake:
        return Client(why=Misconfigured(f"[umami]: {mistake}", "Correct it, and restart the bot."))


def _way_in(settings: Settings) -> Login | ApiKey:
    table = settings.umami
    if table is not None and table.api_key is not None:
        return ApiKey(key=table.api_key.reveal())
    if table is None or table.username is None or table.password is None:
        raise ValueError("api_key, or username and password, are needed")
    return Login(username=table.username, password=table.password.reveal())
