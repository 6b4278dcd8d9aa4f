"""Messages leave in order and at their pace, whatever far sides and other processes do."""

import threading
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot import clock, db, outbox
from bot.db import Database
from bot.deliver.channel import Looked, Message, Receipt
from bot.deliver.lanes import Lanes
from bot.deliver.worker import NO_SOUND
from bot.facts import Reason
from bot.outbox import DEAD, SENT, WAITING
from bot.sandbox.mailbox.faults import Fault as MailFault
from bot.sandbox.slack import Slack as Workspace
from bot.sandbox.slack.faults import Fault, ratelimited
from bot.sandbox.slack.pace import Pace
from tests.delivery.town import LEASE, ON_BOTH_STORES, Town, slack_channel, town
from tests.stores.making import notice
from tests.waiting import SOON, until

SECOND = timedelta(seconds=1)


@ON_BOTH_STORES
def test_each_channel_gets_its_messages_in_order(here: Town) -> None:
    lanes = here.lanes()
    for number in range(15):
        here.put("sales", number, lanes=lanes)
        here.put("website", 100 + number, lanes=lanes)
    here.settle()
    assert here.said("sales") == list(range(15))
    assert here.said("website") == list(range(100, 115))
    assert here.states() == {SENT: 30}
    assert all(entry.receipt and entry.attempts == 1 for entry in here.entries())


def test_what_waited_before_the_start_is_delivered(here: Town) -> None:
    here.put("sales", 1, 2)
    here.lanes()
    here.settle()
    assert here.said("sales") == [1, 2]


def test_a_channel_that_hangs_holds_up_no_other(here: Town) -> None:
    stuck = Broken(stuck=True)
    here.replace_channel("sales", stuck)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    until(lambda: here.entries()[0].attempts == 1)
    here.put("website", *range(10), lanes=lanes)
    here.slack.wait_for(10, SOON, "website")
    assert stuck.sent == []
    stuck.mended.set()
    here.settle()
    assert len(stuck.sent) == 1


def test_a_channel_that_fails_holds_up_no_other_but_itself(here: Town) -> None:
    here.slack.faults.add(Fault(status=502), channel="#sales", times=3)
    lanes = here.lanes()
    here.put("sales", 1, 2, lanes=lanes)
    here.put("website", 3, lanes=lanes)
    here.settle()
    assert (here.said("sales"), here.said("website")) == ([1, 2], [3])
    first, second, _ = here.entries()
    assert [one.outcome for one in here.attempts(first)] == ["unsure"] * 3 + ["sent"]
    assert [one.outcome for one in here.attempts(second)] == ["sent"]


def test_pauses_grow_and_a_success_ends_them(here: Town) -> None:
    here.slack.faults.add(Fault(status=502), channel="#sales", times=4)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    (entry,) = here.entries()
    tried = [one.tried_at for one in here.attempts(entry)]
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    for pause, shortest in zip(pauses, (20, 40, 80, 160), strict=True):
        assert pause >= timedelta(milliseconds=shortest)
    assert here.lane("sales").failures == 0


def test_retry_after_is_obeyed(here: Town) -> None:
    here.slack.faults.add(ratelimited(SECOND), channel="#sales")
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    first, second = here.attempts(here.entries()[0])
    assert (first.outcome, second.outcome) == ("temporary", "sent")
    assert second.tried_at - first.tried_at >= SECOND


def test_slack_never_has_to_ask_for_a_slower_pace(database: Database) -> None:
    """One message a second: a Slack that tolerates no burst refuses none."""
    with town(database) as here, Workspace(["strict"], pace=Pace(burst=1)) as strict:
        here.replace_channel("general", slack_channel(strict, "strict"))
        here.change("general", pace=SECOND)
        lanes = here.lanes()
        here.put("general", 1, 2, 3, lanes=lanes)
        here.settle()
        assert len(strict.messages("strict")) == 3
        assert {entry.attempts for entry in here.entries()} == {1}
        came = [message.at for message in strict.messages("strict")]
        assert all(later - earlier >= 0.95 * SECOND for earlier, later in pairwise(came))


def test_a_lost_answer_repeats_a_message_where_nothing_can_be_looked_up(here: Town) -> None:
    here.slack.add_token(here.slack.token, ["chat:write"])
    here.slack.faults.add(Fault(cut="after"), channel="#sales")
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    first, again = here.slack.messages("sales")
    assert first.metadata == again.metadata != {}


class Broken:
    """A channel with a fault of ours in it, until it is mended: it raises, or hangs."""

    name, pace, patience = "sales", timedelta(0), LEASE

    def __init__(self, *, stuck: bool = False) -> None:
        self.mended = threading.Event()
        self.sent: list[str] = []
        self._stuck = stuck

    def send(self, message: Message) -> Receipt:
        if self._stuck:
            self.mended.wait(SOON.total_seconds())
        elif not self.mended.is_set():
            raise LookupError("what a secret this is")
        self.sent.append(message.id)
        return Receipt(ref="ok")

    def look(self, place: str | None = None) -> Looked:
        return Looked(said="is there")

    def close(self) -> None: ...


def test_a_crash_in_a_channel_stops_nobody_and_loses_nothing(here: Town) -> None:
    broken = Broken()
    here.replace_channel("sales", broken)
    lanes = here.lanes()
    here.put("sales", 1, 2, lanes=lanes)
    here.put("website", 3, lanes=lanes)
    here.slack.wait_for(1, SOON, "website")
    until(lambda: len(here.attempts(here.entries()[0])) > 2)
    assert {one.outcome for one in here.attempts(here.entries()[0])} == {"temporary"}
    assert "secret" not in str(here.attempts(here.entries()[0]))
    broken.mended.set()
    here.settle()
    assert broken.sent == [entry.id for entry in here.entries() if entry.channel == "sales"]


def test_a_notice_that_needs_no_sound_is_no_message_where_nothing_can_be_edited(here: Town) -> None:
    lanes = here.lanes()
    with here.database.transaction() as tx:
        outbox.put(tx, ["sales"], replace(notice(1), reason=Reason.RECOVERING), clock.now())
    here.put("sales", 2, lanes=lanes)
    here.settle()
    assert [one.receipt == NO_SOUND for one in here.entries()] == [True, False]
    assert len(here.slack.messages("sales")) == 1


# ---------------------------------------------------------------- several processes


@ON_BOTH_STORES
def test_several_deliver_one_channel_in_order_and_each_message_once(here: Town, store_url: str) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            database = stack.enter_context(closing(Database(store_url)))
            stack.callback(here.lanes(database=database).stop, 5.0)
        for start in range(0, 60, 10):
            here.put("sales", *range(start, start + 10))
        here.settle(20)
        assert here.said("sales") == list(range(60))
        assert {entry.attempts for entry in here.entries()} == {1}


@ON_BOTH_STORES
def test_a_dead_process_is_replaced_when_its_lease_has_ended(here: Town) -> None:
    here.put("sales", 1, 2)
    began = clock.now()
    with here.database.transaction() as tx:
        claimed = outbox.claim(tx, "sales", "dead", began, SECOND / 2)
    here.lanes()
    here.settle()
    assert here.said("sales") == [1, 2]
    first, second = here.entries()
    assert (first.attempts, second.attempts) == (2, 1)
    assert first.id == claimed.id  # type: ignore[union-attr]
    assert here.attempts(first)[0].tried_at - began >= SECOND / 2


@ON_BOTH_STORES
def test_stopping_finishes_what_is_being_sent_and_begins_nothing(here: Town) -> None:
    here.slack.faults.add(Fault(delay=SECOND / 2), channel="#sales", times=99)
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, lanes=lanes)
    until(lambda: here.entries()[0].attempts == 1)
    assert lanes.stop(5.0)
    assert here.said("sales") == [1]
    assert here.states() == {SENT: 1, WAITING: 2}
    here.slack.faults.clear()
    with here.database.transaction() as tx:
        outbox.release(tx, "process-1", clock.now())
    here.lanes()
    here.settle()
    assert here.said("sales") == [1, 2, 3]


def test_stopping_waits_no_longer_than_it_may(here: Town) -> None:
    stuck = Broken(stuck=True)
    here.replace_channel("sales", stuck)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    until(lambda: here.entries()[0].attempts == 1)
    assert not lanes.stop(0.1)
    stuck.mended.set()
    assert lanes.stop(20.0)
    here.put("sales", 2, lanes=lanes)  # waking is harmless now
    assert len(stuck.sent) == 1


def test_stopping_before_the_start_is_harmless(here: Town) -> None:
    lanes = here.lanes()
    assert lanes.stop(1.0)
    assert lanes.stop(1.0)


# ---------------------------------------------------------------- the store


@ON_BOTH_STORES
def test_lanes_go_on_when_the_store_is_back(fresh: Database, caplog: pytest.LogCaptureFixture) -> None:
    with town(fresh) as here:
        lanes = here.lanes()
        here.put("sales", 1, lanes=lanes)
        here.settle()
        _rename(fresh, "lanes", "away")
        here.put("sales", 2, lanes=lanes)
        until(lambda: "lane stumbled" in [record.message for record in caplog.records])
        _rename(fresh, "away", "lanes")
        here.settle()
        assert here.said("sales") == [1, 2]


def _rename(database: Database, old: str, new: str) -> None:
    with database.transaction() as tx:
        tx.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


@ON_BOTH_STORES
def test_what_a_newer_version_wrote_is_set_aside_and_the_lane_goes_on(here: Town) -> None:
    here.put("sales", 1)
    with here.database.transaction() as tx:
        tx.execute(sa.update(db.notices).values(notice='{"kind": "hologram"}'))
    here.put("sales", 2)
    here.lanes()
    here.settle()
    assert here.said("sales") == [2]
    assert [entry.why for entry in here.entries(DEAD)] == [
        "a newer version of the bot wrote it, and this one cannot read it"
    ]
    assert [subject for subject in here.mailed() if "A message for sales was given up" in subject]


def test_a_channel_that_is_in_no_config_disturbs_nobody(here: Town) -> None:
    here.put("gone", 1)
    here.put("sales", 2)
    lanes = here.lanes()
    lanes.wake(["gone", "never"])
    until(lambda: here.states() == {SENT: 1, WAITING: 1})
    assert here.said("sales") == [2]


@ON_BOTH_STORES
@pytest.mark.parametrize("word", ["a\x00b", "half \ud800 letter", "x" * 100_000, "\x1b[31mred"])
def test_whatever_a_far_side_says_can_be_written_down(here: Town, word: str) -> None:
    here.slack.faults.add(Fault(error=word), channel="#sales")
    here.slack.faults.add(Fault(error="no_text"), channel="#sales", times=1)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert here.states() == {DEAD: 1, SENT: 1}  # and the owner was told


class Talkative(Broken):
    """A channel whose receipts and words are what no store takes."""

    def send(self, message: Message) -> Receipt:
        return Receipt(ref="a\x00b\ud800", repaired="c\x00d\ud800")


@ON_BOTH_STORES
def test_whatever_a_receipt_says_can_be_written_down(here: Town) -> None:
    here.replace_channel("sales", Talkative())
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    sent = here.entries(SENT)[0]
    assert (sent.attempts, sent.receipt, sent.why) == (1, "a�b�", "c�d�")


def test_mail_that_is_slow_to_answer_is_a_lane_like_any_other(here: Town) -> None:
    here.mailbox.faults.add(MailFault(stage="data", reply="451 4.3.0 Try \x00later"), times=2)
    lanes = here.lanes()
    here.put("owner", 1, 2, lanes=lanes)
    here.settle()
    assert len(here.mailbox.messages) == 2
    assert Counter(entry.attempts for entry in here.entries()) == {3: 1, 1: 1}


def test_a_lane_that_has_nothing_to_do_wakes_again(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.deliver.lanes.IDLE", 0.05)
    lanes = here.lanes()
    for number in range(5):
        here.put("sales", number, lanes=lanes)
        here.settle()
        until(lambda: not _threads("lane-sales"))
    assert here.said("sales") == list(range(5))


def _threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_a_lane_has_one_thread_however_often_it_is_woken(here: Town) -> None:
    lanes: Lanes = here.lanes()
    here.put("sales", *range(20))
    for _ in range(50):
        lanes.wake(["sales"])
    assert len(_threads("lane-sales")) == 1
    here.settle()
    assert here.said("sales") == list(range(20))


def test_a_store_that_takes_no_outcome_is_asked_again_and_the_far_side_is_not(here: Town) -> None:
    with here.database.transaction() as tx:
        tx.exec_driver_sql(
            "CREATE TRIGGER unwell BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'unwell'); END"
        )
    here.put("sales", 1)
    here.lanes()
    until(lambda: len(here.slack.messages("sales")) == 1)
    assert not threading.Event().wait(1.5)  # a second claim would have come by now
    with here.database.transaction() as tx:
        tx.exec_driver_sql("DROP TRIGGER unwell")
    here.settle()
    assert here.said("sales") == [1]
    assert [entry.attempts for entry in here.entries()] == [1]
