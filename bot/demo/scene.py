"""What happens in the demo by itself: a lively minute, eight hours in the next, then somebody at times."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.demo import day
from bot.sandbox.shop import Item, Shop
from bot.sandbox.shop.events import Visitors

EVERY = 5.0
"""Seconds between two people who come by."""

AN_HOUR = 8.0
"""Seconds between two hours of the day that passes quickly."""

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


def play(shop: Shop, move: Callable[[timedelta], None], ended: threading.Event) -> None:
    """Let people come by, and after a while the hours pass, until `ended` is set."""
    for pause, items in opening(shop.visitors):
        if ended.wait(pause):
            return
        shop.submit(items)
    for _ in range(day.HOURS):
        if ended.wait(AN_HOUR):
            return
        move(day.HOUR)
    while not ended.wait(EVERY):
        shop.submit([shop.visitors.anybody()])
