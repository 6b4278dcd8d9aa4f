"""Quiet hours, a budget for each day, digests that yield, and what was missed: through the store and out."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot import clock, db, outbox
from bot.deliver.care import Care, Quiet
from bot.deliver.mornings import tell_due
from bot.facts import AlertState, Reason, Severity, Standing
from bot.outbox import COLLECTED, HELD, SENT, WAITING
from tests.delivery.town import NO_NUMBER, ON_BOTH_STORES, Town
from tests.stores.making import notice
from tests.waiting import until

UTC_ZONE = ZoneInfo("UTC")


def quiet_now() -> Care:
    """Quiet hours that began a while ago, and end in a while."""
    now = clock.now()
    begins, ends = ((now + timedelta(hours=hours)).time().replace(microsecond=0) for hours in (-2, 2))
    return Care(zone=UTC_ZONE, quiet=Quiet(starts=begins, ends=ends))


def night_is_over(here: Town) -> None:
    """Let the time pass, as far as the store can tell."""
    with here.database.transaction() as tx:
        tx.execute(sa.update(db.notices).where(db.notices.c.state == HELD).values(due_at=clock.now()))
    here.change("sales", care=Care())


@ON_BOTH_STORES
def test_what_came_at_night_is_told_together_in_the_morning(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, lanes=lanes)
    until(lambda: here.states() == {HELD: 3})
    assert here.slack.messages("sales") == []
    night_is_over(here)
    until(lambda: here.states() == {COLLECTED: 3, SENT: 1})
    (message,) = here.slack.messages("sales")
    assert message.text.startswith("3 messages held back since ")
    assert str(message.blocks).count("purchase on shop") == 3


def test_one_that_came_at_night_is_told_as_it_is(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    until(lambda: here.states() == {HELD: 1})
    night_is_over(here)
    here.settle()
    until(lambda: here.said("sales") == [1])
    assert [entry.attempts for entry in here.entries()] == [1]


def test_what_is_urgent_is_told_at_night(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], replace(notice(1), severity=Severity.PAGE), clock.now())
    here.put("sales", 2, lanes=lanes)
    until(lambda: here.states() == {SENT: 1, HELD: 1})
    assert here.said("sales") == [1]


def test_an_alert_that_still_holds_in_the_morning_is_a_message_that_can_be_changed(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    standing = Standing(alert="a1", state=AlertState.OPEN, opened_at=clock.now())
    reasons = (Reason.OPENED, Reason.REMINDED)
    with here.database.transaction() as tx:
        for reason in reasons:
            outbox.put(tx, ["sales"], replace(notice(1), reason=reason, standing=standing), clock.now())
    lanes.wake(["sales"])
    until(lambda: here.states() == {HELD: 2})
    night_is_over(here)
    until(lambda: here.states() == {COLLECTED: 1, SENT: 1})
    over = replace(standing, state=AlertState.RESOLVED)
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], replace(notice(1), reason=Reason.RESOLVED, standing=over), clock.now())
    lanes.wake(["sales"])
    until(lambda: here.states() == {COLLECTED: 1, SENT: 2})
    parent, reply = here.slack.messages("sales")
    assert (parent.edits, reply.thread_ts) == (1, parent.ts)


def test_a_change_at_night_is_shown_at_once_and_said_in_the_morning(here: Town) -> None:
    """An edit makes no sound: the message says how the alert stands, and only the reply waits."""
    lanes = here.lanes()
    standing = Standing(alert="a1", state=AlertState.OPEN, opened_at=clock.now())
    opened = replace(notice(1), reason=Reason.OPENED, standing=standing)
    over = replace(standing, state=AlertState.RESOLVED)
    resolved = replace(notice(1), reason=Reason.RESOLVED, standing=over)
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], opened, clock.now())
    lanes.wake(["sales"])
    until(lambda: here.states() == {SENT: 1})
    here.change("sales", care=quiet_now())
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], resolved, clock.now())
    lanes.wake(["sales"])
    until(lambda: here.states() == {SENT: 2, HELD: 1})
    (parent,) = here.slack.messages("sales")
    assert parent.edits == 1
    assert "🟢 *Resolved*" in str(parent.blocks)
    night_is_over(here)
    until(lambda: here.states() == {SENT: 3})
    parent, reply = here.slack.messages("sales")
    assert reply.thread_ts == parent.ts
    assert [one.reason for one in (entry.notice for entry in here.entries())] == [
        Reason.OPENED,
        Reason.RESOLVED,
        Reason.HELD,
    ]


def test_what_began_at_night_has_no_message_to_be_changed(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    standing = Standing(alert="a1", state=AlertState.OPEN, opened_at=clock.now())
    with here.database.transaction() as tx:
        opened = replace(notice(1), reason=Reason.OPENED, standing=standing)
        outbox.put(tx, ["sales"], opened, clock.now())
    lanes.wake(["sales"])
    until(lambda: here.states() == {HELD: 1})
    assert here.slack.messages("sales") == []


def test_what_makes_no_sound_is_no_message_of_the_budget(here: Town) -> None:
    here.change("sales", care=Care(zone=UTC_ZONE, budget=1))
    lanes = here.lanes()
    standing = Standing(alert="a1", state=AlertState.ACKNOWLEDGED, opened_at=clock.now())
    with here.database.transaction() as tx:
        in_hand = replace(notice(1), reason=Reason.ACKNOWLEDGED, standing=standing)
        outbox.put(tx, ["sales"], in_hand, clock.now())
    here.put("sales", 2, lanes=lanes)
    until(lambda: here.states() == {SENT: 2})
    assert here.said("sales") == [2]


def test_what_is_over_the_budget_waits(here: Town) -> None:
    here.change("sales", care=Care(zone=UTC_ZONE, budget=2))
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, 4, lanes=lanes)
    until(lambda: here.states() == {SENT: 2, HELD: 2})
    assert here.said("sales") == [1, 2]
    with here.database.reading() as tx:
        held = outbox.held(tx, "sales")
    assert [one.why for one in held] == ["the channel had its 2 messages of the day"] * 2


def test_a_digest_takes_what_is_held_with_it(here: Town) -> None:
    here.change("sales", care=Care(zone=UTC_ZONE, budget=1, digested=True))
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, lanes=lanes)
    until(lambda: here.states() == {SENT: 1, HELD: 2})
    with here.database.transaction() as tx:
        taken = outbox.take_held(tx, "sales")
        outbox.collect(tx, [one.id for one in taken], clock.now())
    assert [one.notice for one in taken] == [notice(2), notice(3)]
    night_is_over(here)
    tell_due(here.database, here.roads, clock.now())
    assert here.states() == {SENT: 1, COLLECTED: 2}


@ON_BOTH_STORES
def test_two_processes_tell_of_a_night_once(here: Town) -> None:
    here.change("sales", care=quiet_now())
    lanes = here.lanes()
    here.put("sales", *range(5), lanes=lanes)
    until(lambda: here.states() == {HELD: 5})
    night_is_over(here)
    for _ in range(3):
        here.lanes()
    until(lambda: here.states() == {COLLECTED: 5, SENT: 1})
    assert here.said("sales") == [NO_NUMBER] or len(here.slack.messages("sales")) == 1


def test_digests_let_others_go_first(here: Town) -> None:
    with here.database.transaction() as tx:
        for number in (1, 2, 3):
            outbox.put(tx, ["sales"], notice(number), clock.now())
        # Whatever the kind, the rank is what counts; it is what a digest is put with.
        tx.execute(sa.update(db.notices).where(db.notices.c.position == 1).values(rank=1))
    here.lanes()
    until(lambda: here.states() == {SENT: 3})
    assert here.said("sales") == [2, 3, 1]


def test_a_channel_that_is_back_hears_what_it_missed_and_where_it_went(here: Town) -> None:
    here.change("sales", fallback="website")
    here.slack.add_channel("sales", member=False)
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, 4, lanes=lanes)
    here.settle()
    here.slack.add_channel("sales", member=True)
    with here.database.transaction() as tx:
        outbox.reopen(tx, "sales", clock.now())
    here.put("sales", 5, lanes=lanes)
    here.settle()
    until(lambda: len(here.slack.messages("sales")) == 2)
    _, missed = here.slack.messages("sales")
    assert missed.text == "4 messages missed while the bot was out of #sales."
    assert "4 were told elsewhere, in channel website." in str(missed.blocks)
    assert WAITING not in here.states()
