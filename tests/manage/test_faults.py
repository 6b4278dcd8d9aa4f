"""Every fault at every call: the next run goes on from there, and nothing is doubled, lost or given up."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.manage.change import KindName
from bot.pirsch.errors import PirschError
from bot.sandbox.pirsch import faults
from bot.sandbox.pirsch.faults import Cut, Fault
from tests.manage.afterwards import AFTERWARDS, PATHS, check, forget, prepared, until_it_is_so
from tests.manage.keeping import BOT, NOON, Town

FAULTS: Mapping[str, Callable[[], Fault]] = {
    "cut before": lambda: faults.cut(Cut.BEFORE),
    "cut after": lambda: faults.cut(Cut.AFTER),
    "cut in the middle": lambda: faults.cut(Cut.MIDDLE),
    "bad gateway, done": lambda: faults.bad_gateway(done=True),
    "bad gateway, not done": lambda: faults.bad_gateway(done=False),
    "error, done": lambda: faults.server_error(done=True),
    "error, not done": lambda: faults.server_error(done=False),
    "empty answer": lambda: faults.empty(),
    "wrong JSON": lambda: faults.wrong_json(),
    "forbidden": lambda: faults.forbidden(),
    "limited": lambda: faults.limited(NOON, timedelta(seconds=3)),
    "unauthorized": lambda: faults.unauthorized(),
}
READING = ("cut before", "bad gateway, not done", "wrong JSON", "forbidden", "unauthorized")
UNREADABLE = (KindName.SPIKE_THRESHOLD, KindName.WARNING_DAYS)


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the far side does is the same on both stores."""
    return str(request.param)


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("kind", list(AFTERWARDS))
def test_a_fault_of_each_sort_at_each_write(town: Town, kind: KindName, fault: str) -> None:
    """The first making, the first changing and the first taking away go wrong."""
    goes_on_after(town, kind, fault, "POST", "PUT", "DELETE")


@pytest.mark.parametrize("fault", READING)
@pytest.mark.parametrize("kind", [kind for kind in AFTERWARDS if kind not in UNREADABLE])
def test_a_fault_at_a_look(town: Town, kind: KindName, fault: str) -> None:
    """The looks before and after a write go wrong, one more each time."""
    goes_on_after(town, kind, fault, *["GET"] * 3)


def goes_on_after(town: Town, kind: KindName, fault: str, *methods: str) -> None:
    forget(town)
    wish, theirs = prepared(town, kind)
    town.simulator.faults.plan(*(FAULTS[fault]().to(method, PATHS[kind]) for method in methods))
    with suppress(PirschError):  # nothing could even be read: there was no run
        town.keep(wish, BOT)
    until_it_is_so(town, wish)
    check(town, kind, wish, theirs)
