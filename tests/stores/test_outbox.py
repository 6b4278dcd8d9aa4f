"""The queue: put, claim, settle. One lane a channel, in order, whoever delivers."""

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot import db, outbox
from bot.db import Database
from bot.facts import Severity
from bot.outbox import DEAD, DIVERTED, SENT, WAITING, Attempt, Claimed, Entry, Later
from tests.stores.making import NOON, SECOND, at, notice

LEASE = 20 * SECOND
OK = Attempt(tried_at=NOON, seconds=0.5, outcome="sent")
BROKEN = Attempt(tried_at=NOON, seconds=0.5, outcome="temporary", why="Slack answers HTTP 502")


def put(database: Database, *channels: str, number: int = 1, now: datetime = NOON) -> None:
    with database.transaction() as tx:
        outbox.put(tx, channels, notice(number), now)


def look(
    database: Database, channel: str = "sales", *, owner: str = "me", now: datetime = NOON
) -> Claimed | Later:
    with database.transaction() as tx:
        return outbox.claim(tx, channel, owner, now, LEASE)


def claim(database: Database, channel: str = "sales", *, owner: str = "me", now: datetime = NOON) -> Claimed:
    claimed = look(database, channel, owner=owner, now=now)
    assert isinstance(claimed, Claimed)
    return claimed


def entries(database: Database, **wanted: str) -> list[Entry]:
    with database.reading() as tx:
        return outbox.entries(tx, state=wanted.get("state"), channel=wanted.get("channel"))


def lane(database: Database, channel: str = "sales") -> outbox.Lane:
    with database.reading() as tx:
        return next(one for one in outbox.lanes(tx) if one.channel == channel)


def order(claimed: Claimed) -> str:
    assert claimed.notice is not None
    return claimed.notice.key.rpartition("/")[2]


# ---------------------------------------------------------------- put and claim


def test_a_notice_waits_for_each_of_its_channels(database: Database) -> None:
    put(database, "sales", "owner")
    with database.reading() as tx:
        assert sorted(outbox.waiting_lanes(tx)) == ["owner", "sales"]
        assert outbox.oldest_waiting(tx) == NOON
        assert outbox.counts(tx) == {WAITING: 2}
    sales, owner = claim(database, "sales"), claim(database, "owner")
    assert sales.id != owner.id
    assert sales.notice == owner.notice == notice()
    assert (sales.attempt, sales.failures, sales.put_at) == (1, 0, NOON)


def test_a_notice_for_nobody_waits_for_nobody(database: Database) -> None:
    put(database)
    with database.reading() as tx:
        assert outbox.counts(tx) == {}
        assert outbox.oldest_waiting(tx) is None
        assert outbox.waiting_lanes(tx) == []


def test_an_empty_lane_waits_for_news_and_is_nobodys(database: Database) -> None:
    assert look(database) == Later(at=None)
    put(database, "sales")
    assert claim(database, owner="somebody else")


def test_no_flood_delays_a_page_and_the_order_within_a_severity_stays(database: Database) -> None:
    """Strangers may send by the thousand through a rule that collects nothing."""
    page = replace(notice(0), severity=Severity.PAGE)
    with database.transaction() as tx:
        outbox.put_all(tx, [(notice(number), ["sales"]) for number in range(1, 1001)], NOON)
        outbox.put_all(tx, [(replace(page, key=f"page/{number}"), ["sales"]) for number in (1, 2)], at(1))
    left = []
    for second in range(4):
        claimed = claim(database, now=at(10 + second))
        assert claimed.notice is not None
        left.append((claimed.notice.severity, order(claimed)))
        with database.transaction() as tx:
            outbox.sent(tx, claimed, OK, "ts", at(10 + second))
    assert left == [
        (Severity.PAGE, "1"),
        (Severity.PAGE, "2"),
        (Severity.NOTICE, "1"),
        (Severity.NOTICE, "2"),
    ]


def test_notices_leave_in_the_order_in_which_they_were_put(database: Database) -> None:
    for number in (1, 2, 3):
        put(database, "sales", number=number)
    seen = []
    for _ in range(3):
        claimed = claim(database)
        seen.append(order(claimed))
        with database.transaction() as tx:
            outbox.sent(tx, claimed, OK, "ts", NOON)
    assert seen == ["1", "2", "3"]


def test_a_claim_counts_as_an_attempt_whatever_becomes_of_it(database: Database) -> None:
    put(database, "sales")
    assert [claim(database).attempt for _ in range(3)] == [1, 2, 3]
    assert entries(database)[0].attempts == 3


@pytest.mark.parametrize(("second", "free"), [(19, False), (20, True), (21, True)])
def test_a_dead_owners_lane_is_free_when_its_lease_has_ended(
    database: Database, second: int, free: bool
) -> None:
    put(database, "sales")
    first = claim(database, owner="dead")
    found = look(database, owner="alive", now=at(second))
    if free:
        assert isinstance(found, Claimed)
        assert (found.id, found.attempt) == (first.id, 2)
    else:
        assert found == Later(at=at(20))


def test_who_lives_keeps_the_lane(database: Database) -> None:
    put(database, "sales")
    claim(database, owner="alive")
    with database.transaction() as tx:
        outbox.renew(tx, "alive", at(15), LEASE)
        outbox.renew(tx, "somebody else", at(99), LEASE)
    assert look(database, owner="waiting", now=at(34)) == Later(at=at(35))
    assert isinstance(look(database, owner="waiting", now=at(35)), Claimed)


def test_who_stops_gives_every_lane_back_at_once(database: Database) -> None:
    put(database, "sales", "owner")
    put(database, "website")
    claim(database, "sales", owner="leaving")
    claim(database, "owner", owner="leaving")
    claim(database, "website", owner="staying")
    with database.transaction() as tx:
        outbox.release(tx, "leaving", at(1))
    assert isinstance(look(database, "sales", owner="next", now=at(1)), Claimed)
    assert isinstance(look(database, "owner", owner="next", now=at(1)), Claimed)
    assert look(database, "website", owner="next", now=at(1)) == Later(at=at(20))


# ---------------------------------------------------------------- settle


def test_what_was_sent_is_written_down_and_the_lane_goes_on_at_its_pace(database: Database) -> None:
    put(database, "sales", number=1)
    put(database, "sales", number=2)
    first = claim(database)
    with database.transaction() as tx:
        outbox.sent(tx, first, OK, "1731585600.000100", at(1))
        assert outbox.counts(tx) == {SENT: 1, WAITING: 1}
    assert look(database, now=NOON) == Later(at=at(1))
    assert order(claim(database, now=at(1))) == "2"
    (sent,) = entries(database, state=SENT)
    assert (sent.receipt, sent.settled_at, sent.why) == ("1731585600.000100", NOON + 0.5 * SECOND, None)
    with database.reading() as tx:
        assert outbox.attempts_of(tx, first.id) == [OK]


def test_what_is_put_off_comes_again_first_and_the_lane_counts_failures(database: Database) -> None:
    put(database, "sales", number=1)
    put(database, "sales", number=2)
    with database.transaction() as tx:
        outbox.put_off(tx, _claimed(tx), BROKEN, at(5))
    assert look(database, now=at(4)) == Later(at=at(5))
    again = claim(database, now=at(5))
    assert (order(again), again.attempt, again.failures) == ("1", 2, 1)
    assert lane(database).failures == 1
    assert [one.why for one in entries(database)] == [None, "Slack answers HTTP 502"]
    with database.transaction() as tx:
        outbox.sent(tx, again, OK, "ts", at(6))
    assert lane(database).failures == 0


def _claimed(tx: db.Tx, channel: str = "sales", now: datetime = NOON) -> Claimed:
    claimed = outbox.claim(tx, channel, "me", now, LEASE)
    assert isinstance(claimed, Claimed)
    return claimed


def test_what_is_given_up_is_a_dead_letter_and_those_behind_it_go_on(database: Database) -> None:
    put(database, "sales", number=1)
    put(database, "sales", number=2)
    with database.transaction() as tx:
        outbox.bury(tx, _claimed(tx), BROKEN, at(1))
    (dead,) = entries(database, state=DEAD)
    assert (dead.why, dead.settled_at) == ("Slack answers HTTP 502", NOON + 0.5 * SECOND)
    assert order(claim(database, now=at(1))) == "2"


def test_a_dead_letter_that_is_sent_again_is_as_new_but_keeps_its_id(database: Database) -> None:
    put(database, "sales")
    with database.transaction() as tx:
        first = _claimed(tx)
        outbox.bury(tx, first, BROKEN, NOON)
    with database.transaction() as tx:
        assert outbox.send_again(tx, [first.id, "unknown"], at(3600)) == 1
        assert outbox.send_again(tx, [first.id], at(3600)) == 0  # it waits already
        assert outbox.send_again(tx, [], at(3600)) == 0
    again = claim(database, now=at(3600))
    assert (again.id, again.put_at, again.attempt) == (first.id, at(3600), 2)


def test_a_closed_lane_says_why_and_what_to_do_until_it_is_open_again(database: Database) -> None:
    put(database, "sales")
    with database.transaction() as tx:
        outbox.close(tx, _claimed(tx), BROKEN, "Invite the bot.", at(1800), at(1800))
    closed = lane(database)
    assert (closed.closed_why, closed.remedy) == ("Slack answers HTTP 502", "Invite the bot.")
    assert (closed.waiting, closed.oldest_at, closed.open_at) == (1, NOON, at(1800))
    assert look(database, now=at(1799)) == Later(at=at(1800))
    probe = claim(database, now=at(1800))
    assert (probe.closed_why, probe.probe_at) == ("Slack answers HTTP 502", at(1800))
    with database.transaction() as tx:
        outbox.sent(tx, probe, OK, "ts", at(1801))
    opened = lane(database)
    assert (opened.closed_why, opened.remedy, opened.waiting, opened.oldest_at) == (None, None, 0, None)


def test_a_person_may_have_a_closed_lane_tried_at_once(database: Database) -> None:
    put(database, "sales")
    with database.transaction() as tx:
        outbox.close(tx, _claimed(tx), BROKEN, "Invite the bot.", at(1800), at(1800))
        outbox.reopen(tx, "sales", at(60))
        outbox.reopen(tx, "never used", at(60))
    assert claim(database, now=at(60)).probe_at == at(60)


def test_a_closed_lane_may_give_its_notice_up(database: Database) -> None:
    put(database, "sales")
    with database.transaction() as tx:
        outbox.close(tx, _claimed(tx), BROKEN, "Invite the bot.", at(1800), at(1800), gives_up=True)
    assert [one.state for one in entries(database)] == [DEAD]


def test_what_waits_goes_round_by_the_fallback_in_order(database: Database) -> None:
    for number in (1, 2, 3):
        put(database, "sales", number=number)
    put(database, "owner", number=9)
    with database.transaction() as tx:
        assert outbox.divert(tx, "sales", "owner", at(1)) == 3
        assert outbox.divert(tx, "sales", "owner", at(1)) == 0
        assert outbox.counts(tx) == {DIVERTED: 3, WAITING: 4}
    seen = []
    for _ in range(4):
        claimed = claim(database, "owner")
        seen.append((order(claimed), claimed.meant_for))
        with database.transaction() as tx:
            outbox.sent(tx, claimed, OK, "ref", NOON)
    assert seen == [("9", None), ("1", "sales"), ("2", "sales"), ("3", "sales")]


def test_who_goes_round_twice_is_still_meant_for_the_first(database: Database) -> None:
    put(database, "sales")
    with database.transaction() as tx:
        outbox.divert(tx, "sales", "website", NOON)
        outbox.divert(tx, "website", "owner", NOON)
    assert claim(database, "owner").meant_for == "sales"


def test_nothing_is_taken_back_from_whoever_sent_it_meanwhile(database: Database) -> None:
    put(database, "sales")
    slow = claim(database, owner="slow")
    quick = claim(database, owner="quick", now=at(20))  # the slow one's lease has ended
    with database.transaction() as tx:
        outbox.sent(tx, quick, OK, "ts", at(21))
        outbox.put_off(tx, slow, BROKEN, at(60))
    (entry,) = entries(database)
    assert (entry.state, entry.receipt) == (SENT, "ts")


# ---------------------------------------------------------------- what a newer version wrote


def _from_the_future(database: Database) -> None:
    put(database, "sales", number=1)
    with database.transaction() as tx:
        tx.execute(sa.update(db.notices).values(notice='{"content":{"kind":"hologram"}}'))
    put(database, "sales", number=2)


def test_what_cannot_be_read_is_claimed_without_a_notice(database: Database) -> None:
    _from_the_future(database)
    assert claim(database).notice is None


def test_what_cannot_be_read_is_listed_all_the_same(database: Database) -> None:
    _from_the_future(database)
    second, first = entries(database)
    assert second.notice == notice(2)
    assert "cannot read" in str(first.notice.content)


def test_what_cannot_be_read_goes_round_as_it_is(database: Database) -> None:
    _from_the_future(database)
    with database.transaction() as tx:
        assert outbox.divert(tx, "sales", "owner", NOON) == 2
        texts = tx.execute(sa.select(db.notices.c.notice).where(db.notices.c.channel == "owner")).scalars()
        assert next(iter(texts)) == '{"content":{"kind":"hologram"}}'


# ---------------------------------------------------------------- the book


def test_the_list_is_the_newest_first_and_can_be_narrowed(database: Database) -> None:
    put(database, "sales", number=1)
    put(database, "owner", number=2)
    put(database, "sales", number=3)
    assert [one.notice for one in entries(database)] == [notice(3), notice(2), notice(1)]
    assert [one.notice for one in entries(database, channel="sales")] == [notice(3), notice(1)]
    assert entries(database, state=DEAD) == []
    with database.reading() as tx:
        assert [one.notice for one in outbox.entries(tx, most=1)] == [notice(3)]


def test_the_beginning_of_an_id_is_enough_when_it_is_the_only_one(database: Database) -> None:
    put(database, "sales", "owner")
    first, second = entries(database)
    with database.reading() as tx:
        assert outbox.entry(tx, first.id[:20]) == first
        assert outbox.entry(tx, second.id) == second
        assert outbox.entry(tx, "") is None  # both begin so
        assert outbox.entry(tx, "%") is None
        assert outbox.entry(tx, "_" * 32) is None


def test_settled_notices_and_tries_are_forgotten_when_older_in_steps(database: Database) -> None:
    for number in range(3):
        put(database, "sales", number=number)
    for second in range(2):
        with database.transaction() as tx:
            outbox.sent(tx, _claimed(tx), Attempt(tried_at=at(second), seconds=0, outcome="sent"), "", NOON)
    with database.transaction() as tx:
        assert outbox.prune(tx, at(0), 10) == 0
        assert outbox.prune(tx, at(1), 10) == 2  # a notice and its try
        assert outbox.prune(tx, at(9), 1) == 2
        assert outbox.prune(tx, at(10_000_000), 10) == 0
        assert outbox.counts(tx) == {WAITING: 1}
