"""The whole sandbox in one place: a shop, Pirsch, Umami, Slack, a mailbox, and a page that shows them."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta
from types import TracebackType
from typing import Self

from bot.sandbox.clock import SandboxClock
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pages.journal import Journal
from bot.sandbox.pages.mailbox import mailbox_pages
from bot.sandbox.pages.site import site as site_of
from bot.sandbox.pages.slack import slack_pages
from bot.sandbox.pages.world import world_pages
from bot.sandbox.pirsch import Settings, Site
from bot.sandbox.pirsch import start as start_pirsch
from bot.sandbox.serving import Serving
from bot.sandbox.shop import Shop, Tracker
from bot.sandbox.slack import Slack
from bot.sandbox.slack.pace import Pace
from bot.sandbox.umami import Settings as UmamiSettings
from bot.sandbox.umami import start as start_umami

HOSTNAME = "kites.example"
HISTORY = 120  # days


class World:
    """Everything that is outside of the bot, on free ports of this machine; a context manager.

    `url` is the page. Point the bot at `slack.api_url` (or `slack.webhook_url(channel)`), at
    `mailbox.host`, `mailbox.port`, and at `pirsch.url`, where webhooks are registered; `shop.endpoint` is
    the address that strangers know. `visitors_per_day` come to the shop by themselves; `others` are further
    sites that Pirsch counts, `at_umami` those that an Umami counts. Raises OSError when `port`, the page's,
    is taken.
    """

    def __init__(
        self,
        *,
        channels: Iterable[str] = ("sales", "website", "general"),
        seed: int = 1,
        port: int = 0,
        visitors_per_day: float = 0.0,
        pace: Pace | None = None,
        clock: SandboxClock | None = None,
        others: Iterable[Site] = (),
        at_umami: Iterable[Site] = (),
    ) -> None:
        self.clock = clock = clock or SandboxClock()
        self.hostname = HOSTNAME
        site = Site(hostname=self.hostname, visitors_per_day=visitors_per_day, incidents=())
        settings = Settings(seed=f"world {seed}", sites=(site, *others), days=HISTORY)
        with ExitStack() as opened:  # closes what runs already when the rest cannot start
            self.slack = opened.enter_context(Slack(channels, clock=clock, pace=pace))
            self.mailbox = opened.enter_context(Mailbox(clock=clock))
            self.pirsch = opened.enter_context(start_pirsch(settings, clock))
            websites = UmamiSettings(seed=f"world {seed}", sites=tuple(at_umami), days=HISTORY)
            self.umami = opened.enter_context(start_umami(websites, clock)) if websites.sites else None
            key = self.pirsch.keys.access_keys[self.hostname]
            tracker = Tracker(url=self.pirsch.url, key=key, hostname=self.hostname)
            self.shop = opened.enter_context(Shop(seed=seed, tracker=tracker, clock=clock))
            self.journal = Journal(self.shop, self.pirsch, self.hostname)
            pages = [
                world_pages(self.journal, self.shop, self.slack, self.mailbox),
                slack_pages(self.slack),
                mailbox_pages(self.mailbox),
            ]
            self.url = opened.enter_context(Serving(site_of(pages), port=port)).url
            self._opened = opened.pop_all()

    def move(self, length: timedelta) -> None:
        """Let time pass at once. What happened meanwhile at Pirsch is told to webhooks as usual."""
        self.pirsch.advance(length, settle=False)

    def stop(self) -> None:
        """Close everything. What was said and sent can still be read."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
