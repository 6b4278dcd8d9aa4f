"""A far side, a client that is pointed at it, and time that passes only when somebody sleeps."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Patience, Server
from tests.http.hours import Hours
from tests.pirsch.far_side import FarSide

SECRET = "the-secret-of-the-client"
SMALL = Patience(total=timedelta(seconds=30), largest=200_000, largest_slow=400_000)
SHORT = replace(SMALL, exchange=timedelta(seconds=0.4), slow=timedelta(seconds=0.4))


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def far() -> Iterator[FarSide]:
    with FarSide() as side:
        yield side


@pytest.fixture
def pirsch(far: FarSide, hours: Hours) -> Iterator[Pirsch]:
    with _client(far, hours, SMALL) as client:
        yield client


@pytest.fixture
def impatient(far: FarSide, hours: Hours) -> Iterator[Pirsch]:
    """One that waits for less than half a second. Only for what must be slow: machines are, at times."""
    with _client(far, hours, SHORT) as client:
        yield client


def _client(far: FarSide, hours: Hours, patience: Patience) -> Pirsch:
    credentials = Credentials(client_id="our-client-id", client_secret=SECRET)
    return Pirsch(credentials, Server(url=far.url), patience=patience, timing=hours.timing)


@pytest.fixture
def keyed(far: FarSide, hours: Hours) -> Iterator[Callable[[str], Pirsch]]:
    """Clients that have an access key and nothing else."""
    made: list[Pirsch] = []

    def make(key: str) -> Pirsch:
        made.append(Pirsch(Credentials(access_key=key), Server(url=far.url), timing=hours.timing))
        return made[-1]

    yield make
    for client in made:
        client.close()
