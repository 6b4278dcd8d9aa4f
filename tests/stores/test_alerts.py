"""Lasting troubles and once-per keys in the store."""

import pytest

from bot import alerts
from bot.alerts import decide
from bot.db import Database
from bot.facts import EventHeard, Example, Finding, Reason, Severity
from tests.stores.making import NOON, at, trouble

MOMENTARY = Finding(
    key="shop/r/1",
    content=EventHeard(event=Example(name="x", received_at=NOON)),
    seen_at=NOON,
    reason=Reason.COLLECTED,
)


@pytest.mark.parametrize(
    ("state", "finding", "reason"),
    [
        pytest.param(None, MOMENTARY, Reason.COLLECTED, id="momentary: it says itself what it is"),
        pytest.param(alerts.OPEN, MOMENTARY, Reason.COLLECTED, id="momentary: no state changes that"),
        pytest.param(None, trouble(), Reason.OPENED, id="never known: it opens"),
        pytest.param(alerts.RESOLVED, trouble(), Reason.OPENED, id="resolved: it opens again"),
        pytest.param(alerts.OPEN, trouble(), Reason.STILL_OPEN, id="open: nothing new"),
        pytest.param(alerts.OPEN, trouble(holds=False), Reason.RESOLVED, id="open: it ends"),
        pytest.param(alerts.RESOLVED, trouble(holds=False), Reason.WAS_NOT_OPEN, id="ended: nothing new"),
        pytest.param(None, trouble(holds=False), Reason.WAS_NOT_OPEN, id="good news about nothing"),
    ],
)
def test_when_a_finding_is_news(state: str | None, finding: Finding, reason: Reason) -> None:
    assert decide(state, finding) is reason


def note(database: Database, finding: Finding) -> Reason:
    with database.transaction() as tx:
        reason, notice = alerts.note(tx, finding)
    assert notice.reason is reason
    assert (notice.key, notice.content, notice.at) == (finding.key, finding.content, finding.seen_at)
    return reason


def test_a_trouble_speaks_when_it_begins_and_when_it_ends(database: Database) -> None:
    heard = [note(database, trouble(holds=holds)) for holds in (False, True, True, False, False, True)]
    assert heard == [
        Reason.WAS_NOT_OPEN,
        Reason.OPENED,
        Reason.STILL_OPEN,
        Reason.RESOLVED,
        Reason.WAS_NOT_OPEN,
        Reason.OPENED,
    ]


def test_a_momentary_finding_leaves_no_trace(database: Database) -> None:
    assert note(database, MOMENTARY) is note(database, MOMENTARY) is Reason.COLLECTED
    with database.reading() as tx:
        assert alerts.standing(tx) == []


def test_open_troubles_are_listed_as_they_were_told_the_oldest_first(database: Database) -> None:
    note(database, trouble(key="b", seen_at=at(1)))
    note(database, trouble(key="a", seen_at=at(2)))
    note(database, trouble(key="gone"))
    note(database, trouble(key="gone", holds=False))
    note(database, trouble(key="b", seen_at=at(5)))  # still open since at(1)
    with database.reading() as tx:
        first, second = alerts.standing(tx)
    assert (first.key, second.key) == ("b", "a")
    assert (first.opened_at, first.resolved_at) == (at(1), None)
    assert (first.severity, first.content) == (Severity.PAGE, trouble().content)


def test_a_trouble_that_returns_is_as_old_as_its_return(database: Database) -> None:
    for holds, second in ((True, 0), (False, 10), (True, 20)):
        note(database, trouble(holds=holds, seen_at=at(second)))
    with database.reading() as tx:
        (alert,) = alerts.standing(tx)
    assert (alert.opened_at, alert.resolved_at) == (at(20), None)


def test_a_key_is_told_once_for_each_rule_and_site(database: Database) -> None:
    asked = [
        ("r", "s", "k"),
        ("r", "s", "k"),
        ("other", "s", "k"),
        ("r", "other", "k"),
        ("r", "s", "K"),
        ("r", "s", ""),
    ]
    with database.transaction() as tx:
        assert [alerts.first_time(tx, *one, NOON) for one in asked] == [True, False, True, True, True, True]


def test_a_key_may_be_as_long_and_odd_as_a_stranger_likes(database: Database) -> None:
    key = "🛒'\"\\\n" * 100_000
    with database.transaction() as tx:
        assert [alerts.first_time(tx, "r", "s", key, NOON) for _ in range(2)] == [True, False]


def test_a_trouble_of_the_day_speaks_again_tomorrow(database: Database) -> None:
    instants = [at(0), at(3600 * 11.99), at(3600 * 12)]  # noon, shortly before and at midnight UTC
    with database.transaction() as tx:
        assert [alerts.first_today(tx, "mended", "sales", one) for one in instants] == [True, False, True]
        assert alerts.first_today(tx, "mended", "other", NOON)


def test_alerts_that_were_closed_may_open_again_and_the_others_stay(database: Database) -> None:
    for key in ("1", "2"):
        note(database, trouble(key=key))
    with database.transaction() as tx:
        alerts.close(tx, ["1", "unknown"], at(60))
        assert [alert.key for alert in alerts.standing(tx)] == ["2"]
    assert note(database, trouble(key="1")) is Reason.OPENED


def test_whether_a_key_was_told_can_be_asked_without_telling_it(database: Database) -> None:
    with database.transaction() as tx:
        assert not alerts.told_before(tx, "r", "s", "k")
        assert alerts.first_time(tx, "r", "s", "k", NOON)
        asked = [("r", "s", "k"), ("other", "s", "k"), ("r", "other", "k"), ("r", "s", "K")]
        assert [alerts.told_before(tx, *one) for one in asked] == [True, False, False, False]


def test_only_ended_troubles_and_old_keys_are_forgotten(database: Database) -> None:
    note(database, trouble(key="open"))
    for key, second in (("old", 0), ("young", 60)):
        note(database, trouble(key=key, seen_at=at(second)))
        note(database, trouble(key=key, seen_at=at(second), holds=False))
    with database.transaction() as tx:
        for key, second in (("k1", 0), ("k2", 30), ("k3", 60)):
            alerts.first_time(tx, "r", "s", key, at(second))
        assert alerts.prune(tx, at(60), at(60), 10) == 3
        assert not alerts.first_time(tx, "r", "s", "k3", at(99))
        assert alerts.first_time(tx, "r", "s", "k2", at(99))
        assert [alert.key for alert in alerts.standing(tx)] == ["open"]


def test_forgetting_goes_in_steps(database: Database) -> None:
    with database.transaction() as tx:
        for number in range(5):
            alerts.first_time(tx, "r", "s", str(number), NOON)
        assert [alerts.prune(tx, at(1), at(1), 2) for _ in range(4)] == [2, 2, 1, 0]
