"""The life of an alert in Slack: one message that shows how it stands, and its changes in its thread."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot import clock, conversations, db, outbox
from bot.deliver.channel import Message as Outgoing
from bot.facts import AlertState, Finding, Notice, Reason, Severity, Standing, Trouble
from bot.outbox import SENT, Attempt
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.workspace import Message
from tests.delivery.town import LEASE, ON_BOTH_STORES, Town
from tests.stores.making import note
from tests.waiting import until

BEGAN = clock.now()
LONG = timedelta(hours=1)


def alert(
    reason: Reason,
    state: AlertState = AlertState.OPEN,
    *,
    id: str = "a1",
    after: timedelta = timedelta(minutes=5),
    severity: Severity = Severity.NOTICE,
    **more: object,
) -> Notice:
    """A notice about an alert that opened a while before."""
    return Notice(
        key="shop/orders",
        content=Trouble(what=f"Orders: {reason}", why="Nobody buys.", remedy="Look at the till."),
        at=BEGAN + after,
        severity=severity,
        reason=reason,
        site="shop",
        rule="Orders",
        standing=Standing(alert=id, state=state, opened_at=BEGAN, **more),  # type: ignore[arg-type]
    )


OPENED = alert(Reason.OPENED)
REMINDED = alert(Reason.REMINDED)
IN_HAND = alert(Reason.ACKNOWLEDGED, AlertState.ACKNOWLEDGED, by="Ada")
RESOLVED = alert(Reason.RESOLVED, AlertState.RESOLVED)


def tell(here: Town, *notices: Notice, channel: str = "sales", at: datetime | None = None) -> list[Message]:
    """Put notices one after the other, let them be delivered, and return what stands in the channel."""
    lanes = here.lanes()
    with here.database.transaction() as tx:
        for notice in notices:
            outbox.put(tx, [channel], notice, at or clock.now())
    lanes.wake([channel])
    here.settle()
    lanes.stop(10.0)
    return here.slack.messages(channel)


def shown(message: Message) -> str:
    return str(message.blocks)


def test_an_alert_is_one_message_and_its_changes_are_replies(here: Town) -> None:
    parent, reminder, over = tell(here, OPENED, REMINDED, RESOLVED)
    assert (parent.is_reply, parent.edits) == (False, 2)
    assert "🟢 *Resolved* after 5 min" in shown(parent)
    assert [one.thread_ts for one in (reminder, over)] == [parent.ts] * 2
    assert [one.broadcast for one in (reminder, over)] == [False, False]
    assert over.text.endswith("Orders: resolved.")


def test_what_needs_no_sound_changes_the_message_and_says_nothing(here: Town) -> None:
    (parent,) = tell(here, OPENED, IN_HAND)
    assert "🔵 *In hand* by Ada" in shown(parent)
    assert here.slack.calls.count("chat.postMessage") == 1


def test_what_needs_no_sound_about_an_alert_that_was_never_told_here_is_no_message(here: Town) -> None:
    assert tell(here, IN_HAND) == []
    assert here.states() == {SENT: 1}


def test_the_same_trouble_next_week_is_another_message(here: Town) -> None:
    messages = tell(here, OPENED, RESOLVED, alert(Reason.OPENED, id="a2"))
    assert [one.is_reply for one in messages] == [False, True, False]


@pytest.mark.parametrize(
    ("after", "aloud"), [(LONG - timedelta(microseconds=1), False), (LONG, True)], ids=["short", "long"]
)
def test_the_end_is_shown_in_the_channel_when_it_was_long_open(
    here: Town, after: timedelta, aloud: bool
) -> None:
    over = alert(Reason.RESOLVED, AlertState.RESOLVED, after=after)
    assert tell(here, OPENED, over)[-1].broadcast is aloud


def test_an_urgent_reminder_is_shown_in_the_channel(here: Town) -> None:
    urgent = [replace(one, severity=Severity.PAGE) for one in (OPENED, REMINDED)]
    assert tell(here, *urgent)[-1].broadcast


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_message_that_cannot_be_changed_is_posted_anew_once_and_stands_from_then_on(
    here: Town, code: str
) -> None:
    tell(here, OPENED)
    here.slack.faults.add(Fault(error=code), calls="chat.update")
    first, second, reply = tell(here, REMINDED, RESOLVED)
    assert (first.edits, second.edits, second.is_reply) == (0, 1, False)
    assert reply.thread_ts == second.ts
    assert "*Resolved*" in shown(second)


def test_a_deleted_message_is_posted_anew(here: Town) -> None:
    (first,) = tell(here, OPENED)
    here.slack.workspace.delete("sales", first.ts)
    (second,) = tell(here, RESOLVED)
    assert "*Resolved*" in shown(second)


def test_a_thread_that_vanishes_between_change_and_reply_is_begun_anew(here: Town) -> None:
    tell(here, OPENED)
    here.slack.faults.add(Fault(error="thread_not_found"), calls="chat.postMessage")
    _, second = tell(here, RESOLVED)
    assert not second.is_reply


def test_each_channel_has_a_message_of_its_own(here: Town) -> None:
    tell(here, OPENED, channel="sales")
    tell(here, OPENED, channel="website")
    tell(here, RESOLVED, channel="sales")
    assert [len(here.slack.messages(name)) for name in ("sales", "website")] == [2, 1]
    assert here.slack.messages("website")[0].edits == 0


# ---------------------------------------------------------------- lost answers and crashes


@pytest.mark.parametrize("gone_after", [0, 1], ids=["parent", "reply"])
def test_a_lost_answer_is_looked_up_before_anything_is_posted_again(here: Town, gone_after: int) -> None:
    notices = [OPENED, RESOLVED]
    tell(here, *notices[:gone_after])
    here.slack.faults.add(Fault(cut="after"), calls="chat.postMessage")
    messages = tell(here, *notices[gone_after:])
    assert [one.is_reply for one in messages] == [False, True]
    assert messages[1].thread_ts == messages[0].ts


def test_an_answer_that_never_came_because_nothing_was_done_is_looked_up_and_then_posted(here: Town) -> None:
    here.slack.faults.add(Fault(cut="before"), calls="chat.postMessage")
    (parent,) = tell(here, OPENED)
    assert parent.metadata is not None
    assert parent.metadata["event_payload"]["alert"] == "a1"


def test_what_was_certainly_not_posted_is_not_looked_up(here: Town) -> None:
    here.slack.faults.add(Fault(error="ratelimited"), calls="chat.postMessage", times=2)
    tell(here, OPENED)
    assert here.slack.calls.count("conversations.history") == 0


def test_a_look_up_that_fails_is_tried_again_and_posts_nothing(here: Town) -> None:
    here.slack.faults.add(Fault(cut="after"), calls="chat.postMessage")
    here.slack.faults.add(Fault(status=502), calls="conversations.history", times=3)
    assert len(tell(here, OPENED)) == 1


@ON_BOTH_STORES
def test_a_crash_between_post_and_record_is_looked_up_by_the_next_process(here: Town) -> None:
    """What a killed process leaves: a claim that was counted, a message over there, and no word of it."""
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], OPENED, clock.now())
    with here.database.transaction() as tx:
        claimed = outbox.claim(tx, "sales", "killed", clock.now(), LEASE)
    assert isinstance(claimed, outbox.Claimed)
    here.roads["sales"].channel.send(Outgoing(id=claimed.id, notice=OPENED))
    with here.database.transaction() as tx:
        outbox.release(tx, "killed", clock.now())
    assert [one.is_reply for one in tell(here, RESOLVED)] == [False, True]


@ON_BOTH_STORES
def test_two_processes_make_one_message_of_many_changes(here: Town) -> None:
    both = [here.lanes(), here.lanes()]
    reasons = [Reason.OPENED, *[Reason.REMINDED] * 8, Reason.RESOLVED]
    for number, reason in enumerate(reasons):
        state = AlertState.RESOLVED if reason is Reason.RESOLVED else AlertState.OPEN
        with here.database.transaction() as tx:
            outbox.put(tx, ["sales"], alert(reason, state), clock.now())
        both[number % 2].wake(["sales"])
    here.settle()
    parent, *replies = here.slack.messages("sales")
    assert [one.thread_ts for one in replies] == [parent.ts] * 9
    assert "*Resolved*" in shown(parent)


def test_whoever_was_replaced_while_sending_does_not_take_the_new_message_back(here: Town) -> None:
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], OPENED, clock.now())
        slow = outbox.claim(tx, "sales", "slow", clock.now(), timedelta(0))
    assert isinstance(slow, outbox.Claimed)
    (parent,) = tell(here)
    with here.database.transaction() as tx:
        tried = Attempt(tried_at=clock.now(), seconds=9.0, outcome="sent")
        assert not outbox.sent(tx, slow, tried, "999.000000", clock.now())
        assert conversations.head(tx, "sales", "a1") == (parent.channel, parent.ts)


# ---------------------------------------------------------------- a lost store

AGAIN = alert(Reason.OPENED, id="a2")


def lose_the_store(here: Town) -> None:
    """Nothing is known any more but where the channels are: that is looked up at every start."""
    with here.database.transaction() as tx:
        for table in (db.conversations, db.notices, db.attempts):
            tx.execute(sa.delete(table))


def test_the_open_message_of_a_lost_store_is_gone_on_with(here: Town) -> None:
    tell(here, OPENED)
    lose_the_store(here)
    parent, again, over = tell(here, AGAIN, alert(Reason.RESOLVED, AlertState.RESOLVED, id="a2"))
    assert (parent.is_reply, parent.edits) == (False, 2)
    assert [one.thread_ts for one in (again, over)] == [parent.ts] * 2
    assert "*Resolved*" in shown(parent)
    assert parent.metadata is not None
    payload = parent.metadata["event_payload"]
    assert (payload["alert"], payload["state"]) == ("a2", "resolved")


def test_what_was_over_before_the_store_was_lost_is_another_message(here: Town) -> None:
    tell(here, OPENED, RESOLVED)
    lose_the_store(here)
    assert [one.is_reply for one in tell(here, AGAIN)] == [False, True, False]


def test_the_message_of_another_alert_is_left_alone(here: Town) -> None:
    tell(here, OPENED)
    lose_the_store(here)
    assert [one.edits for one in tell(here, replace(AGAIN, key="shop/signups"))] == [0, 0]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("conversations.history", Fault(status=502)),
        ("conversations.history", Fault(error="missing_scope")),
        ("chat.update", Fault(error="cant_update_message")),
        ("chat.update", Fault(error="message_not_found")),
    ],
    ids=["fails", "no scope", "not ours", "deleted"],
)
def test_an_alert_is_posted_where_the_open_message_cannot_be_had(here: Town, call: str, fault: Fault) -> None:
    tell(here, OPENED)
    lose_the_store(here)
    here.slack.faults.add(fault, calls=call)
    assert [one.is_reply for one in tell(here, AGAIN)] == [False, False]


def test_a_store_that_remembers_such_an_alert_looks_for_no_message(here: Town) -> None:
    finding = Finding(
        key="shop/orders",
        rule="Orders",
        site="shop",
        content=OPENED.content,
        seen_at=BEGAN,
        lasting=True,
        holds=True,
    )
    with here.database.transaction() as tx:
        note(tx, finding, "sales")
    tell(here, OPENED, AGAIN)
    assert here.slack.calls.count("conversations.history") == 0


# ---------------------------------------------------------------- layouts, in edits too


def test_a_change_is_simplified_like_a_post_when_its_layout_is_refused(here: Town) -> None:
    tell(here, OPENED)
    here.slack.faults.add(Fault(error="invalid_blocks"), calls="chat.update", times=2)
    parent, _ = tell(here, RESOLVED)
    assert list(parent.blocks) == []
    assert "*Resolved*" in parent.text


def test_a_change_whose_letters_take_many_bytes_is_cut_to_what_slack_takes(here: Town) -> None:
    tell(here, OPENED)
    here.slack.faults.add(Fault(error="invalid_blocks"), calls="chat.update", times=2)
    much = replace(RESOLVED, content=Trouble(what="語" * 2_000, why="&" * 3_000, remedy="語" * 3_000))
    parent, _ = tell(here, much)
    assert 3_000 < len(parent.text.encode()) <= 4_000


def test_the_look_up_begins_before_the_notice_was_put(here: Town) -> None:
    """However far the two clocks are apart, within reason."""
    here.slack.faults.add(Fault(cut="after"), calls="chat.postMessage")
    put_at = clock.now()
    tell(here, OPENED, at=put_at)
    (asked,) = here.slack.calls.latest("conversations.history")
    assert float(asked.arguments["oldest"]) == pytest.approx(put_at.timestamp() - 60, abs=1)


def test_nothing_of_this_needs_the_lane_to_be_idle(here: Town) -> None:
    lanes = here.lanes()
    go = threading.Event()

    def put() -> None:
        go.wait()
        with here.database.transaction() as tx:
            outbox.put(tx, ["sales"], OPENED, clock.now())
        lanes.wake(["sales"])

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    until(lambda: here.states() == {SENT: 4})
    assert [one.is_reply for one in here.slack.messages("sales")] == [False, True, True, True]
