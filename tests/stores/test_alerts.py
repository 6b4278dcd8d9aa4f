"""Lasting troubles and once-per keys in the store."""

from bot import alerts
from bot.db import Database
from bot.facts import EventHeard, Example, Finding, Reason, Severity
from tests.stores.making import NOON, at, note, trouble

MOMENTARY = Finding(
    key="shop/r/1",
    content=EventHeard(event=Example(name="x", received_at=NOON)),
    seen_at=NOON,
    reason=Reason.COLLECTED,
)


def say(database: Database, finding: Finding) -> Reason:
    with database.transaction() as tx:
        noted = note(tx, finding, "sales")
    assert noted.notice.reason is noted.reason
    assert noted.channels == (("sales",) if noted.reason.speaks else ())
    seen = (noted.notice.key, noted.notice.content, noted.notice.at)
    assert seen == (finding.key, finding.content, finding.seen_at)
    return noted.reason


def test_a_trouble_speaks_when_it_begins_and_when_it_ends(database: Database) -> None:
    heard = [say(database, trouble(holds=holds)) for holds in (False, True, True, False, False, True)]
    assert heard == [
        Reason.WAS_NOT_OPEN,
        Reason.OPENED,
        Reason.STILL_OPEN,
        Reason.RESOLVED,
        Reason.WAS_NOT_OPEN,
        Reason.OPENED,
    ]


def test_a_momentary_finding_leaves_no_trace(database: Database) -> None:
    assert say(database, MOMENTARY) is say(database, MOMENTARY) is Reason.COLLECTED
    with database.reading() as tx:
        assert alerts.standing(tx) == []


def test_open_troubles_are_listed_as_they_were_told_the_oldest_first(database: Database) -> None:
    say(database, trouble(key="b", seen_at=at(1)))
    say(database, trouble(key="a", seen_at=at(2)))
    say(database, trouble(key="gone"))
    say(database, trouble(key="gone", holds=False))
    say(database, trouble(key="b", seen_at=at(5)))  # still open since at(1)
    with database.reading() as tx:
        first, second = alerts.standing(tx)
    assert (first.key, second.key) == ("b", "a")
    assert (first.opened_at, first.resolved_at) == (at(1), None)
    assert (first.severity, first.content) == (Severity.PAGE, trouble().content)


def test_a_trouble_that_returns_is_as_old_as_its_return(database: Database) -> None:
    for holds, second in ((True, 0), (False, 10), (True, 20)):
        say(database, trouble(holds=holds, seen_at=at(second)))
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
        say(database, trouble(key=key))
    with database.transaction() as tx:
        first = next(alert for alert in alerts.standing(tx) if alert.key == "1")
        (closed,) = alerts.close(tx, [first], alerts.Around(), at(60))
        assert (closed.reason, closed.channels) == (Reason.CLOSED, ("sales",))
        assert [alert.key for alert in alerts.standing(tx)] == ["2"]
    assert say(database, trouble(key="1")) is Reason.OPENED


def test_whether_a_key_was_told_can_be_asked_without_telling_it(database: Database) -> None:
    with database.transaction() as tx:
        assert not alerts.told_before(tx, "r", "s", "k")
        assert alerts.first_time(tx, "r", "s", "k", NOON)
        asked = [("r", "s", "k"), ("other", "s", "k"), ("r", "other", "k"), ("r", "s", "K")]
        assert [alerts.told_before(tx, *one) for one in asked] == [True, False, False, False]


def test_only_ended_troubles_and_old_keys_are_forgotten(database: Database) -> None:
    say(database, trouble(key="open"))
    for key, second in (("old", 0), ("young", 60)):
        say(database, trouble(key=key, seen_at=at(second)))
        say(database, trouble(key=key, seen_at=at(second), holds=False))
    with database.transaction() as tx:
        for key, second in (("k1", 0), ("k2", 30), ("k3", 60)):
            alerts.first_time(tx, "r", "s", key, at(second))
        changes = 3  # two of the old alert, and the first of the one that is open
        assert alerts.prune(tx, at(60), at(60), 10) == changes + 1 + 2
        assert not alerts.first_time(tx, "r", "s", "k3", at(99))
        assert alerts.first_time(tx, "r", "s", "k2", at(99))
        assert [alert.key for alert in alerts.standing(tx)] == ["open"]


def test_forgetting_goes_in_steps(database: Database) -> None:
    with database.transaction() as tx:
        for number in range(5):
            alerts.first_time(tx, "r", "s", str(number), NOON)
        assert [alerts.prune(tx, at(1), at(1), 2) for _ in range(4)] == [2, 2, 1, 0]
