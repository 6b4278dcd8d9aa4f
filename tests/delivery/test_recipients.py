"""Readers of a mail channel whose server refuses them: for now, or for good."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot import clock, db, outbox, recipients
from bot.deliver.mail import Mail, Server
from bot.outbox import DEAD, SENT, WAITING
from bot.sandbox.mailbox.faults import Fault
from tests.delivery.town import ON_BOTH_STORES, Town, renderer
from tests.waiting import until

ADA, BOB = "ada@example.com", "bob@example.com"


def readers(here: Town) -> None:
    """Let the owner's channel have two readers, and troubles be told in Slack."""
    here.replace_channel(
        "owner",
        Mail(
            "owner",
            to=[ADA, BOB],
            sender="bot@example.com",
            server=Server(host=here.mailbox.host, port=here.mailbox.port, security="none"),
            renderer=renderer(),
        ),
    )
    here.roads["owner"] = replace(here.roads["owner"], addresses=(ADA, BOB))


def hurry(here: Town) -> None:
    """Let the pause of what was put aside be over."""
    with here.database.transaction() as tx:
        tx.execute(sa.update(db.notices).where(db.notices.c.due_at.is_not(None)).values(due_at=clock.now()))


@ON_BOTH_STORES
def test_one_whom_a_server_refuses_for_now_gets_it_later_and_nobody_gets_it_twice(here: Town) -> None:
    readers(here)
    here.mailbox.faults.add(Fault(stage="recipient", reply="451 4.7.1 Greylisted", recipient="ada@*"))
    lanes = here.lanes(told="general")
    here.put("owner", 1, lanes=lanes)
    until(lambda: here.states() == {SENT: 1, WAITING: 1})
    here.put("owner", 2, lanes=lanes)  # not held up by the one that waits
    until(lambda: here.states() == {SENT: 2, WAITING: 1})
    hurry(here)
    until(lambda: here.states() == {SENT: 3})
    assert [mail.recipients for mail in here.mailbox.messages] == [(BOB,), (ADA, BOB), (ADA,)]
    assert here.mailbox.messages[0].subject == here.mailbox.messages[2].subject


def test_one_who_is_refused_again_and_again_holds_up_nobody(here: Town) -> None:
    readers(here)
    grey = Fault(stage="recipient", reply="451 4.7.1 Greylisted", recipient="ada@*")
    here.mailbox.faults.add(grey, times=2)
    lanes = here.lanes(told="general")
    here.put("owner", 1, lanes=lanes)
    until(lambda: here.states() == {SENT: 1, WAITING: 1})
    hurry(here)
    soon = clock.now() + timedelta(seconds=50)  # at least a minute, however short the channel's pauses are
    until(lambda: any(entry.due_at is not None and entry.due_at > soon for entry in here.entries(WAITING)))
    assert here.lane("owner").failures == 0
    here.put("owner", 2, lanes=lanes)
    until(lambda: here.states().get(SENT) == 2)


def test_one_whose_mailbox_is_gone_is_paused_and_it_is_told_in_slack(here: Town) -> None:
    readers(here)
    here.mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="ada@*"))
    lanes = here.lanes(told="general")
    here.put("owner", 1, 2, lanes=lanes)
    here.settle()
    assert [mail.recipients for mail in here.mailbox.messages] == [(BOB,), (BOB,)]
    (message,) = here.slack.messages("general")
    assert "ada@example.com gets no more mails of channel owner" in message.text
    assert "550 5.1.1 No such user" in str(message.blocks)
    with here.database.transaction() as tx:
        assert recipients.paused(tx, "owner") == {ADA}
        assert recipients.resume(tx, "owner", ADA)
    here.put("owner", 3, lanes=lanes)
    here.settle()
    assert here.mailbox.messages[-1].recipients == (ADA, BOB)


def test_a_rest_whose_mailbox_turns_out_to_be_gone_is_a_dead_letter(here: Town) -> None:
    readers(here)
    here.mailbox.faults.add(Fault(stage="recipient", reply="451 4.7.1 Later", recipient="ada@*"))
    lanes = here.lanes(told="general")
    here.put("owner", 1, lanes=lanes)
    until(lambda: here.states() == {SENT: 1, WAITING: 1})
    here.mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="ada@*"))
    hurry(here)
    until(lambda: here.states().get(DEAD) == 1)
    with here.database.reading() as tx:
        assert recipients.paused(tx, "owner") == {ADA}
        assert outbox.lanes(tx)[0].closed_why is None
