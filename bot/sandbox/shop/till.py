"""The shop at work: tells Pirsch what happens, and remembers what was answered."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import urllib3

from bot.sandbox.clock import SandboxClock
from bot.sandbox.shop.events import Item, Visitors
from bot.sandbox.shop.tracker import PATIENCE, Tracker

Send = Callable[[Item], int]

KEPT = 200
AT_ONCE = 4
ORDERS_IN_A_ROW = 50
FLOOD_OF = 60


class NoEndpoint(Exception):
    """Nobody said yet where things go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to send an item. `status` is None when no answer came; `error` then says why."""

    number: int
    item: Item
    at: datetime
    took: timedelta
    status: int | None = None
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether it was taken: any 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How it went so far."""

    sent: int = 0
    answered: int = 0  # with 2xx
    waiting: int = 0
    rubbish: int = 0  # of what was sent
    rubbish_answered: int = 0


class Shop:
    """A shop whose events go to Pirsch by its `tracker`; a context manager.

    Rubbish goes by POST to `endpoint`, the address of a webhook that somebody got to know. All is sent once
    and never again. `send` may be replaced by anything that takes an item and returns the HTTP status;
    OSError and urllib3's errors mean that no answer came.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        tracker: Tracker | None = None,
        endpoint: str | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.visitors = Visitors(seed)
        self.tracker, self.endpoint = tracker, endpoint
        self.send: Send = self._post
        self._clock = clock or SandboxClock()
        self._http = urllib3.PoolManager(retries=False, timeout=PATIENCE, maxsize=AT_ONCE)
        self._hands = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="shop")
        self._lock = threading.Lock()
        self._deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._figures = Figures()

    # ------------------------------------------------------------ what happens, by the name of its button

    def happen(self, what: str, amount: str | None = None) -> int:
        """Let something happen and send it in the background. Return how many items that makes.

        `what` is one of HAPPENINGS; KeyError otherwise. `amount` is for "purchase" only.
        """
        with self._lock:
            items = self._items(what, amount)
        self.submit(items)
        return len(items)

    def _items(self, what: str, amount: str | None) -> list[Item]:
        if what == "purchase" and amount is not None:
            return [self.visitors.purchase(amount)]
        return HAPPENINGS[what](self.visitors)

    # ------------------------------------------------------------ sending

    def deliver(self, item: Item) -> Delivery:
        """Send one item now and return what came of it."""
        at, started = self._clock(), time.perf_counter()
        status, error = None, ""
        try:
            status = self.send(item)
        except NoEndpoint:
            error = "no endpoint yet"
        except (OSError, urllib3.exceptions.HTTPError) as failure:
            error = type(failure).__name__
        took = timedelta(seconds=time.perf_counter() - started)
        return self._record(item, at, took, status, error)

    def submit(self, items: Iterable[Item]) -> list[Future[Delivery]]:
        """Send items in the background, a few at once, in about this order."""
        waiting = list(items)
        with self._lock:
            self._figures = replace(self._figures, waiting=self._figures.waiting + len(waiting))
        return [self._hands.submit(self._deliver_waiting, item) for item in waiting]

    def _deliver_waiting(self, item: Item) -> Delivery:
        delivery = self.deliver(item)
        with self._lock:
            self._figures = replace(self._figures, waiting=self._figures.waiting - 1)
        return delivery

    def _post(self, item: Item) -> int:
        if item.event is not None:
            if self.tracker is None:
                raise NoEndpoint
            return self.tracker.track(self._http, item.event)
        if self.endpoint is None:
            raise NoEndpoint
        headers = {"Content-Type": "application/json"}
        return self._http.request(
            "POST", self.endpoint, body=item.body, headers=headers, redirect=False
        ).status

    def _record(self, item: Item, at: datetime, took: timedelta, status: int | None, error: str) -> Delivery:
        with self._lock:
            number = self._figures.sent + 1
            delivery = Delivery(number=number, item=item, at=at, took=took, status=status, error=error)
            self._deliveries.append(delivery)
            self._count(delivery)
            return delivery

    def _count(self, delivery: Delivery) -> None:
        rubbish, old = delivery.item.event is None, self._figures
        self._figures = replace(
            old,
            sent=old.sent + 1,
            answered=old.answered + delivery.good,
            rubbish=old.rubbish + rubbish,
            rubbish_answered=old.rubbish_answered + (rubbish and delivery.good),
        )

    # ------------------------------------------------------------ looking

    @property
    def figures(self) -> Figures:
        """How many were sent and answered with 2xx, and how many wait in the background."""
        with self._lock:
            return self._figures

    def deliveries(self) -> list[Delivery]:
        """The latest deliveries, oldest first."""
        with self._lock:
            return list(self._deliveries)

    def stop(self) -> None:
        """Forget what waits, and close the connections."""
        self._hands.shutdown(cancel_futures=True)
        self._http.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


HAPPENINGS: dict[str, Callable[[Visitors], list[Item]]] = {
    "purchase": lambda visitors: [visitors.purchase()],
    "big_order": lambda visitors: [visitors.big_order()],
    "orders": lambda visitors: [visitors.purchase() for _ in range(ORDERS_IN_A_ROW)],
    "sign_up": lambda visitors: [visitors.sign_up()],
    "refund": lambda visitors: [visitors.refund()],
    "flood": lambda visitors: [visitors.dead_page() for _ in range(FLOOD_OF)],
    "rubbish": lambda visitors: [visitors.rubbish()],
    "hostile": lambda visitors: [visitors.stranger()],
}
