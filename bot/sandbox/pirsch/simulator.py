"""Puts the simulated Pirsch together, and starts and stops it."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch.account import Account, Keys
from bot.sandbox.pirsch.api import Api
from bot.sandbox.pirsch.control import Control
from bot.sandbox.pirsch.documents import Document
from bot.sandbox.pirsch.faults import Faults
from bot.sandbox.pirsch.ledger import Ledger
from bot.sandbox.pirsch.limits import Limiter
from bot.sandbox.pirsch.rounds import Rounds
from bot.sandbox.pirsch.server import Server
from bot.sandbox.pirsch.settings import Incident, Settings, Site
from bot.sandbox.pirsch.webhooks import Postman
from bot.sandbox.serving import Serving

log = logging.getLogger(__name__)


class Simulator:
    """A running Pirsch. Use it as a context manager, or call `stop`.

    `url` is what a client takes for https://api.pirsch.io. What no call shows is here: `account` (all
    objects, switches, mails), `postman.deliveries`, `ledger` (calls), `faults`.
    """

    def __init__(self, settings: Settings, clock: SandboxClock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SandboxClock(settings.start_at, speed=settings.speed)
        self.account = Account(settings, self.clock)
        self.postman = Postman(self.account)
        self.rounds = Rounds(self.account, self.postman)
        self.api = Api(self.account, self.postman, Limiter(settings.limits))
        self.faults, self.ledger = Faults(), Ledger(self.api.calls)
        control = Control(self.account, self.rounds, self.postman, self.faults, self.ledger)
        server = Server(self.api, self.faults, self.ledger, control)
        self._serving = Serving(server, settings.host, settings.port)
        self.url = self._serving.url
        self._stopping = threading.Event()
        self._pump = threading.Thread(target=self._go_on, name="pirsch-rounds", daemon=True)
        self._pump.start()

    @property
    def keys(self) -> Keys:
        """The credentials made at the start."""
        return self.account.keys

    def domain_id(self, hostname: str) -> str:
        """Return the id of a domain. Raises LookupError."""
        return self.account.domain_id(hostname)

    def advance(self, length: timedelta, *, send: bool = True, settle: bool = True) -> None:
        """Move the clock. Events in between go to the webhooks, or not; `settle` waits until they went."""
        self.rounds.advance(length, send=send)
        if settle and not self.postman.settle():
            raise TimeoutError("webhooks are still being sent")

    def happen(self, hostname: str, incident: Incident) -> None:
        """Let something happen to a site. Raises ValueError for the past: that is known already."""
        if incident.start_at < self.clock():
            raise ValueError("the past cannot be changed")
        self.account.records[self.domain_id(hostname)].happen(incident)

    def lock(self, shelf: str, id: str, *, locked: bool = True) -> Document:
        """Lock an object as in the dashboard: the API then refuses to change it, without a reason."""
        found = self.account.shelves[shelf].find(id)
        found.locked = locked
        return found

    def stop(self) -> None:
        """Answer no more calls, send no more webhooks, free the port."""
        self._stopping.set()
        self._pump.join()
        self._serving.stop()
        self.postman.stop()

    def _go_on(self) -> None:
        while not self._stopping.wait(self.settings.pump_every.total_seconds()):
            try:
                self.rounds.catch_up()
            except Exception:  # our bug must not stop the time for good
                log.exception("round failed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(settings: Settings | None = None, clock: SandboxClock | None = None) -> Simulator:
    """Start a Pirsch. Raises OSError when the port is taken."""
    return Simulator(settings or Settings(), clock)


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: str = "pirsch",
    visitors: float = 150,
    days: int = 240,
    speed: float = 1.0,
    write: Callable[[str], object] = sys.stdout.write,
) -> None:
    """Start a Pirsch with a shop and a blog, say how to reach it, and go on until SIGINT or SIGTERM."""
    sites = (
        Site(hostname="shop.example.com", visitors_per_day=visitors),
        Site(hostname="blog.example.com", visitors_per_day=visitors / 4, timezone="America/New_York"),
    )
    settings = Settings(host=host, port=port, seed=seed, sites=sites, days=days, speed=speed)
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with start(settings) as simulator:
        write(welcome(simulator))
        done.wait()


def welcome(simulator: Simulator) -> str:
    """Say how to point a client at a simulator. These secrets open nothing but the sandbox."""
    user = simulator.keys.user
    lines = [
        f"A simulated Pirsch listens on {simulator.url} (API under /api/v1, controls under /_sandbox/).",
        "Point a client at it: use that address for https://api.pirsch.io.",
        "",
        f"  client id      {user.client_id}",
        f"  client secret  {user.client_secret}",
        "",
    ]
    for domain in simulator.account.shelves["domain"]:
        hostname = domain.text("hostname")
        own = simulator.keys.domains[hostname]
        lines += [
            f"  {hostname} ({domain.text('timezone')}): domain id {domain.id}",
            f"    its own client  {own.client_id}  {own.client_secret}",
            f"    access key      {simulator.keys.access_keys[hostname]}",
        ]
    return "\n".join(lines) + "\n"
