"""Sites as the settings name them, made into sources of numbers. One client serves them all."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot import clock
from bot.clock import Clock
from bot.db import Database
from bot.http.budget import Places
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import TIMING, Pirsch
from bot.pirsch.wire import Server
from bot.quotas import Quotas
from bot.settings import Settings
from bot.sources.errors import Misconfigured, SourceError
from bot.sources.masked import Masked
from bot.sources.pirsch import source
from bot.sources.source import Dimension, Source

KNOWN_FOR = timedelta(hours=1)
"""After this a dashboard is looked for anew: its zone may have changed."""


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
        self._hostnames = {name: site.domain for name, site in settings.sites.items()}
        places = None if database is None else Quotas(database)  # the limits hold for all processes
        self._pirsch, self._why = _client(settings, timing, places)
        self._now = now
        self._masks = masks
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime, Source]] = {}

    def close(self) -> None:
        """Close the connections."""
        if self._pirsch is not None:
            self._pirsch.close()

    def client(self) -> Pirsch:
        """Return the client that serves them all. Raise SourceError when there is none."""
        if self._pirsch is None:
            raise self._why
        return self._pirsch

    def hostname(self, site: str) -> str:
        """Return the host name of a site."""
        return self._hostnames[site]

    def open(self, site: str) -> Masked:
        """Return the numbers of a site, without what is masked. Raise SourceError as `bare` does."""
        return Masked(self.bare(site), lambda: self._masks(site))

    def bare(self, site: str) -> Source:
        """Return the numbers of a site as they are. Raise SourceError when its dashboard cannot be found."""
        if self._pirsch is None:
            raise self._why
        with self._lock:
            at, known = self._known.get(site, (None, None))
        if known is not None and at is not None and self._now() - at < KNOWN_FOR:
            return known
        found = source(self._pirsch, self._hostnames[site], self._now)
        with self._lock:
            self._known[site] = self._now(), found
        return found


def _client(settings: Settings, timing: Timing, places: Places | None) -> tuple[Pirsch | None, SourceError]:
    table = settings.pirsch
    if table is None:
        return None, Misconfigured("there is no [pirsch] table", "Write one; config.example.toml shows how.")
    try:
        credentials = Credentials(
            client_id=table.client_id.reveal(), client_secret=table.client_secret.reveal()
        )
        client = Pirsch(credentials, Server(url=table.url), timing=timing, places=places)
        return client, Misconfigured("", "")
    except ValueError as mistake:
        return None, Misconfigured(f"[pirsch]: {mistake}", "Correct it, and restart the bot.")
