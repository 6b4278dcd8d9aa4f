"""What happens in the demo by itself: a lively minute to begin with, then somebody every few seconds."""

import threading
from collections.abc import Iterator

from bot.sandbox.shop import Item, Shop
from bot.sandbox.shop.events import Visitors

EVERY = 5.0
"""Seconds between two people who come by."""

NEWSLETTER = 24
"""How many people follow the dead link of a newsletter: enough for the rule about broken links."""


def opening(visitors: Visitors) -> Iterator[tuple[float, list[Item]]]:
    """What fills the first screen: items, each with the seconds before them."""
    yield 0.5, [visitors.big_order()]
    yield 0.5, [visitors.purchase(), visitors.purchase()]
    yield 1.0, [visitors.dead_page() for _ in range(NEWSLETTER)]
    yield 1.0, [visitors.sign_up()]
    yield 2.0, [visitors.refund()]
    yield 2.0, [visitors.sign_up()]
    yield 2.5, [visitors.purchase()]


def play(shop: Shop, ended: threading.Event) -> None:
    """Let people come by until `ended` is set."""
    for pause, items in opening(shop.visitors):
        if ended.wait(pause):
            return
        shop.submit(items)
    while not ended.wait(EVERY):
        shop.submit([shop.visitors.anybody()])
