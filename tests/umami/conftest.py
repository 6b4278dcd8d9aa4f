"""Both recorded versions, and a client at each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from bot.umami.auth import Credentials, Login
from bot.umami.client import Umami
from bot.umami.wire import Patience, Server
from tests.http.hours import Hours
from tests.umami.recorded import VERSIONS, Recorded

LOGIN = Login(username="admin", password="umami")
PATIENCE = Patience(exchange=timedelta(seconds=5), total=timedelta(seconds=30))

Join = Callable[..., Umami]


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture(params=VERSIONS)
def recorded(request: pytest.FixtureRequest) -> Iterator[Recorded]:
    with Recorded(request.param) as running:
        yield running


@pytest.fixture
def join(hours: Hours) -> Iterator[Join]:
    """Make clients of a server."""
    with ExitStack() as stack:

        def joined(server: Recorded, credentials: Credentials = LOGIN) -> Umami:
            made = Umami(credentials, Server.at(server.url), patience=PATIENCE, timing=hours.timing)
            return stack.enter_context(made)

        yield joined


@pytest.fixture
def umami(recorded: Recorded, join: Join) -> Umami:
    return join(recorded)
