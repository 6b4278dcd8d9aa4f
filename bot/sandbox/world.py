"""The whole sandbox in one place: a shop, Slack, a mailbox, and a page that shows all three."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.sandbox.clock import SandboxClock
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pages.mailbox import mailbox_pages
from bot.sandbox.pages.site import site
from bot.sandbox.pages.slack import slack_pages
from bot.sandbox.pages.world import world_pages
from bot.sandbox.serving import Serving
from bot.sandbox.shop import Shop
from bot.sandbox.slack import Slack
from bot.sandbox.slack.pace import Pace


class World:
    """Everything that is outside of the bot, on free ports of this machine; a context manager.

    `url` is the page. Point the bot at `slack.api_url` (or `slack.webhook_url(channel)`) and at
    `mailbox.host`, `mailbox.port`; then say `world.shop.endpoint = ...`. Raises OSError when `port`, the
    page's, is taken.
    """

    def __init__(
        self,
        *,
        channels: Iterable[str] = ("sales", "website", "general"),
        seed: int = 1,
        port: int = 0,
        pace: Pace | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        clock = clock or SandboxClock()
        with ExitStack() as opened:  # closes what runs already when the rest cannot start
            self.slack = opened.enter_context(Slack(channels, clock=clock, pace=pace))
            self.mailbox = opened.enter_context(Mailbox(clock=clock))
            self.shop = opened.enter_context(Shop(seed=seed, clock=clock))
            pages = [
                world_pages(self.shop, self.slack, self.mailbox),
                slack_pages(self.slack),
                mailbox_pages(self.mailbox),
            ]
            self.url = opened.enter_context(Serving(site(pages), port=port)).url
            self._opened = opened.pop_all()

    def stop(self) -> None:
        """Close everything. What was said and sent can still be read."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
