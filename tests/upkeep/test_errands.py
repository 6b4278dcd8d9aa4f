"""What rules ask for: one address from an event at most, and never more than so much in a day."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errands
from bot.db import Database
from bot.errands import DONE, WAITING, Asked
from bot.facts import Deed, Do, Wish
from bot.rules.doing import Cause, NoWish, single_address, wish
from tests.upkeep.making import NOON, SECOND

FILTER = Do(deed=Deed.FILTER, subject="ip", lasts=timedelta(days=7))


def asked(number: int, **values: Any) -> Wish:
    plain = Wish(
        site="shop", asker="rule Login", deed=Deed.FILTER, subject=f"93.184.216.{number}", why="an event"
    )
    return replace(plain, **values)


def test_an_address_of_an_event_becomes_a_wish() -> None:
    cause = Cause(site="shop", asker="rule Login", why="event login", meta={"ip": " 93.184.216.34 "})
    assert wish(FILTER, cause) == Wish(
        site="shop",
        asker="rule Login",
        deed=Deed.FILTER,
        subject="93.184.216.34",
        why="event login",
        detail={"by": 0.0, "every": None, "lasts": 604800},
        from_event=True,
    )


@pytest.mark.parametrize(
    "text",
    [
        "93.184.216.0/24", "0.0.0.0/0", "93.184.216.34/32", "*", "/admin/**", "example.com", "", " ",
        "93.184.216.34 93.184.216.35", "93.184.216.34,93.184.216.35", "93.184.216.34\n0.0.0.0/0", "::/0",
        "fe80::1%eth0", "93.184.216.34:80", "[2a00::1]", "1.2.3", "0x5db8d822", "1572395042", "01.02.03.04",
        "９３.184.216.34", "dns:evil.example", "url:https://evil.example", "9" * 5000,
    ],
)  # fmt: skip
def test_nothing_but_one_address_is_taken_from_an_event(text: str) -> None:
    assert (
        wish(FILTER, Cause(site="shop", asker="rule Login", why="", meta={"ip": text})) is NoWish.NO_ADDRESS
    )


@given(st.text())
def test_whatever_a_stranger_writes_is_one_address_or_nothing(text: str) -> None:
    found = single_address(text)
    assert found is None or ("/" not in found and "*" not in found and single_address(found) == found)


def test_an_event_without_the_meta_asks_for_nothing() -> None:
    assert wish(FILTER, Cause(site="shop", asker="rule Login", why="", meta={})) is NoWish.NOT_THERE
    assert wish(FILTER, Cause(site="shop", asker="rule Login", why="")) is NoWish.NOT_THERE


def test_everything_else_stands_in_the_file() -> None:
    do = Do(deed=Deed.REPORT, subject="client@example.com", every=1)
    found = wish(do, Cause(site="shop", asker="rule Big order", why="", meta={"subject": "evil@example.com"}))
    assert isinstance(found, Wish)
    assert (found.subject, found.from_event) == ("client@example.com", False)


def test_a_flood_of_events_is_no_flood_of_changes(database: Database) -> None:
    with database.transaction() as tx:
        said = [errands.ask(tx, asked(number), NOON, 3) for number in range(100)]
    assert said == [Asked.TAKEN] * 3 + [Asked.TOO_MANY_TODAY] * 97
    with database.reading() as tx:
        assert [one.subject for one in errands.waiting(tx, 10)] == [f"93.184.216.{n}" for n in range(3)]


def test_each_day_site_and_rule_has_its_own_count(database: Database) -> None:
    with database.transaction() as tx:
        assert errands.ask(tx, asked(1), NOON, 1) is Asked.TAKEN
        assert errands.ask(tx, asked(2), NOON + timedelta(hours=12) - SECOND, 1) is Asked.TOO_MANY_TODAY
        assert errands.ask(tx, asked(2), NOON + timedelta(hours=12), 1) is Asked.TAKEN
        assert errands.ask(tx, asked(3, site="blog"), NOON, 1) is Asked.TAKEN
        assert errands.ask(tx, asked(4, asker="rule Other"), NOON, 1) is Asked.TAKEN


def test_the_same_is_asked_for_once_a_day(database: Database) -> None:
    with database.transaction() as tx:
        assert errands.ask(tx, asked(1), NOON, 3) is Asked.TAKEN
        assert errands.ask(tx, asked(1), NOON, 3) is Asked.ASKED_TODAY
        assert errands.ask(tx, asked(2), NOON, 3) is Asked.TAKEN


def test_processes_that_judge_at_once_keep_to_the_count_together(database: Database) -> None:
    said: list[Asked] = []
    together = threading.Barrier(8)

    def ask(number: int) -> None:
        together.wait()
        with database.transaction() as tx:
            said.append(errands.ask(tx, asked(number), NOON, 3))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(Asked.TAKEN) == 3
    with database.reading() as tx:
        assert len(errands.waiting(tx, 10)) == 3


def test_an_errand_is_settled_once_and_forgotten_when_it_is_old(database: Database) -> None:
    with database.transaction() as tx:
        errands.ask(tx, asked(1), NOON, 3)
        (one,) = errands.waiting(tx, 10)
        assert one.state == WAITING
        assert errands.prune(tx, NOON + timedelta(days=9), 100) == 0
        assert errands.settle(tx, one.id, DONE, "a proposal waits")
        assert not errands.settle(tx, one.id, DONE, "again")
        assert errands.waiting(tx, 10) == []
        assert errands.latest(tx, 10)[0].said == "a proposal waits"
        assert errands.prune(tx, NOON, 100) == 0
        assert errands.prune(tx, NOON + SECOND, 100) == 1
