"""Sites as the settings name them, made into stewards that keep them in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot import clock
from bot.db import Database
from bot.facts import Vendor
from bot.manage.account import ALLOWED, account
from bot.manage.impact import impacts
from bot.manage.marks import mark_of
from bot.manage.steward import Steward
from bot.manage.wishes import Given, Managed
from bot.pirsch.client import Pirsch
from bot.rules.globs import is_glob
from bot.settings import Settings
from bot.sources.errors import Refused
from bot.sources.pirsch import PirschSource, dashboard, zone_of
from bot.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Stewards:
    """Makes the steward of a site: for jobs, for the command line, and for a page that asks.

    `wished` and `given` may say more than the file does: what was added by a yes, what a name or a list
    stands for now. `owner` names this process.
    """

    settings: Settings
    database: Database
    client: Callable[[], Pirsch]
    owner: str
    wished: Callable[[Managed], Managed] = lambda managed: managed
    given: Callable[[Managed, Given], Given] = lambda _, given: given
    now: Callable[[], datetime] = clock.now

    def of(self, site: str) -> Steward:
        """Return the steward of a site under [manage]. Raise KeyError, or SourceError without a dashboard."""
        vendor = self.settings.sites[site].vendor
        if vendor is not Vendor.PIRSCH:
            raise Refused(f"{site} is counted by {vendor.called}, where the bot keeps nothing in order")
        managed = self.wished(self.settings.managed[site])
        pirsch = self.client()
        domain = dashboard(pirsch.domains, self.settings.sites[site].domain)
        source = PirschSource(pirsch, domain.id, zone_of(domain), self.now)
        endpoint = self._endpoint(site)
        wire = pirsch.narrowed(ALLOWED)
        return Steward(
            database=self.database,
            account=account(wire, site, domain.id, mark_of(self.settings.bot.public_url), endpoint),
            managed=managed,
            given=lambda: self.given(managed, self._given(site, source, endpoint)),
            clock=self.now,
            sleep=time.sleep,
            owner=self.owner,
            impacts=partial(impacts, source),
        )

    def active_window(self, site: str) -> timedelta | None:
        """Return how long a site's dashboard counts a visitor as active; None when it does not tell."""
        seconds = dashboard(self.client().domains, self.settings.sites[site].domain).active_visitors_seconds
        return timedelta(seconds=seconds) if seconds else None

    def unmanaged(self, site: str) -> Steward:
        """Return the steward of any site of the settings, who wishes for nothing: to read what is there."""
        managed = {**self.settings.managed, site: Managed(site=site)}
        return replace(self, settings=replace(self.settings, managed=managed)).of(site)

    def _given(self, site: str, source: Source, endpoint: str | None) -> Given:
        events = tuple(name for name in self.settings.book.named(site) if not is_glob(name))
        return Given(today=source.today(), events=events, endpoint=endpoint)

    def _endpoint(self, site: str) -> str | None:
        """Where Pirsch is to send a site's webhooks, as the receiver takes them."""
        url, token = self.settings.bot.public_url, self.settings.sites[site].hook_token
        return None if url is None or token is None else f"{url}/hooks/{site}/{token.reveal()}"
