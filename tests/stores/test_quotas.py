"""However many processes ask with one client, their calls of a minute are counted together."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.db import Database
from bot.http.budget import Budget
from bot.pirsch.auth import Credentials
from bot.pirsch.calls import LIMITS, Rate
from bot.pirsch.client import PATIENCE, Pirsch
from bot.pirsch.errors import TryLater
from bot.pirsch.wire import Server
from bot.quotas import Quotas
from bot.sandbox.pirsch import Settings, Simulator, Site, start
from tests.http.hours import Hours

DAY = timedelta(days=1)
SIXTY = LIMITS[Rate.CONFIGURATION].calls


@pytest.fixture
def two(store_url: str) -> Iterator[list[Database]]:
    """The same store, as two processes have it open."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Database(store_url))) for _ in range(2)]


def test_what_one_has_taken_the_other_waits_for(two: list[Database]) -> None:
    one, other = (Budget(Hours().monotonic, LIMITS, places=Quotas(database)) for database in two)
    for _ in range(SIXTY // 2):
        assert one.reserve(Rate.CONFIGURATION, DAY) == timedelta(0)
        assert other.reserve(Rate.CONFIGURATION, DAY) == timedelta(0)
    assert timedelta(seconds=50) < one.wait(Rate.CONFIGURATION) <= timedelta(seconds=60)
    for budget in (one, other):
        assert budget.reserve(Rate.CONFIGURATION, timedelta(seconds=30)) is None
    assert one.reserve(Rate.SECURITY, timedelta(0)) == timedelta(0), "another class has its own"
    wait = other.reserve(Rate.CONFIGURATION, DAY)
    assert wait is not None
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)


def test_a_pause_that_pirsch_asked_for_comes_first(two: list[Database]) -> None:
    budget = Budget(Hours().monotonic, LIMITS, places=Quotas(two[0]))
    budget.pause(Rate.CONFIGURATION, timedelta(seconds=20))
    assert budget.reserve(Rate.CONFIGURATION, timedelta(seconds=19)) is None
    wait = budget.reserve(Rate.CONFIGURATION, DAY)
    assert wait is not None
    assert wait.total_seconds() == pytest.approx(20, abs=0.01)


def test_those_who_take_at_once_take_no_more_than_there_is(two: list[Database]) -> None:
    taken: list[float | None] = []
    together = threading.Barrier(8)

    def take(quotas: Quotas) -> None:
        together.wait()
        for _ in range(10):
            taken.append(quotas.take(Rate.CONFIGURATION, LIMITS[Rate.CONFIGURATION], after=0.0, within=5.0))

    threads = [threading.Thread(target=take, args=(Quotas(two[number % 2]),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 80
    assert len([one for one in taken if one is not None]) == SIXTY


@pytest.fixture
def strict() -> Iterator[Simulator]:
    """A Pirsch that counts, and refuses the sixty-first."""
    with start(Settings(days=120, speed=1, sites=(Site(hostname="a.test", visitors_per_day=0),))) as running:
        yield running


def test_two_clients_never_hear_that_they_ask_too_often(two: list[Database], strict: Simulator) -> None:
    keys = strict.keys.user
    credentials = Credentials(client_id=keys.client_id, client_secret=keys.client_secret)
    patience = replace(PATIENCE, total=timedelta(seconds=1), exchange=timedelta(seconds=1))
    said: list[str] = []

    def ask(pirsch: Pirsch) -> None:
        for _ in range(45):
            try:
                pirsch.domains.all()
                said.append("answered")
            except TryLater:
                said.append("later")

    with ExitStack() as stack:
        clients = [
            stack.enter_context(
                Pirsch(credentials, Server(url=strict.url), patience=patience, places=Quotas(database))
            )
            for database in two
        ]
        threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    statuses = [call.status for call in strict.ledger.calls()]
    assert (said.count("answered"), said.count("later")) == (SIXTY, 30)
    assert 429 not in statuses
